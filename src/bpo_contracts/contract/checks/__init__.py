"""Questions asked of a contract before anyone signs it: one file each. They look at figures, never at kinds of clause."""
