"""Rules engines beside the reference: each behind the port of ``rules.port``."""
