"""Proving it later: records, the log, verify and replay."""
