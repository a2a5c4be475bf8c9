"""Where records are kept; stores decide nothing."""
