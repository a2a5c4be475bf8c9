"""The clause algebra: named figures made of a dozen nodes, and one module for each reading of them.

``nodes`` are the words, ``formula`` and ``bands`` read them from text, ``units`` checks them before any data,
``program`` puts figures in order, ``evaluate`` computes them exactly, ``describe`` says them in English.
"""
