"""The clause kinds, in the trade's words: one file each, with its words, its fields and its lowering to figures.

A kind fixes the sign, the required fields and the sentence, never a choice about money.
"""
