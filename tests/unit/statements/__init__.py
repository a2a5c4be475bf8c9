"""Statements: settlements written for people."""
