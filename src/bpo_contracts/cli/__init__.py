"""The command line: ``bpo``."""
