"""What clauses say at some length, each a function of what a clause kind lowers ``into``, as the kinds themselves are.

A function here uses the words of ``into`` for the clause at hand, and other functions of this folder by their own names.
"""
