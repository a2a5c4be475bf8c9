"""Broken and hostile input, each given to the command in a process of its own."""
