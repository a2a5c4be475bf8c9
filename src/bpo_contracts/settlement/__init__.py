"""What follows from a period's performance, and how much: assess, determine, adjust, settle."""
