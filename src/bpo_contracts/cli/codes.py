"""The exit codes of ``bpo``; docs/command-line.md says when each is given."""

from __future__ import annotations

from typing import Final

CLEAN: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
BAD_INPUT: Final = 3
INTEGRITY: Final = 4
INTERNAL: Final = 70
