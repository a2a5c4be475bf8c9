"""What is checked when everything is lowered: before the figures are a program, and after."""
