"""*Whether* a clause applies: questions over integer facts, answered by the reference and by a rules engine."""
