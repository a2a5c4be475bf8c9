"""Limits as figures, when all clauses have spoken: what a sum is limited to, and what each clause keeps of it."""
