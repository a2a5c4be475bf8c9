"""Whole contracts are drawn and settled: that is slow on a busy machine, and no sign of a mistake in a law."""

from hypothesis import HealthCheck, settings

settings.register_profile("default", settings.get_profile("default"), deadline=None,
                          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
