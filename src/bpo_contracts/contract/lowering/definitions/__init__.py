"""What a contract declares by name, as figures: series, measures, lists, parameters, and figures of its own."""
