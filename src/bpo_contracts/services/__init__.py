"""Use cases: one function each, from files and names to results."""
