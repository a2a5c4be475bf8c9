"""What was agreed: typed models of a contract, and their lowering to figures."""
