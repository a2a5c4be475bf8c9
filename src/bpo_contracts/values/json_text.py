"""The pieces of canonical JSON that are written by hand where a document would cost too much.

RFC 8785: texts escape only what must be escaped, keys stand in order, and nothing stands between them.
``values.canonical`` is the definition; tests hold what is written here to it.
"""

from __future__ import annotations

from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Final

encoded: Final[Callable[[str], str]] = encode_basestring
"""A text as a JSON string."""
