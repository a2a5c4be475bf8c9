"""One document, one sequence of bytes: RFC 8785 (JSON Canonicalization Scheme) without its floating-point numbers.

* Texts, whole numbers up to 2**53 - 1 either side of zero, ``true``, ``false``, ``null``, lists, and maps with text
  keys. Every other number is written as text, because programs on the way would read it as a binary float.
* No spaces. Keys are sorted by their UTF-16 code units. Only ``"``, ``\\`` and control characters are escaped.
* Texts are never altered (no Unicode normalisation). Half of a surrogate pair is not text and is refused.

``parse_canonical`` is the strict inverse: it accepts the bytes that ``canonical`` writes and no others. That alone
refuses duplicate keys, spaces, other key orders, other escapes and byte order marks: none of them is written again as
it was read.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Final, NoReturn, TypeAlias, cast

Document: TypeAlias = "bool | int | str | list[Document] | dict[str, Document] | None"
"""What ``parse_canonical`` gives."""

INTEGER_MAX: Final = 2**53 - 1
"""The largest whole number that every JSON reader keeps (RFC 8785, section 3.2.2.3)."""

NESTING_MAX: Final = 64
"""How deep lists and maps may stand in one another."""

_SORTED: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))
_AS_GIVEN: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


class NotCanonical(ValueError):
    """The bytes are not the canonical form of any document; the sentence says why."""


def canonical(document: object) -> bytes:
    """The canonical bytes of a document of ``None``, bool, int, str, lists (or tuples) and dicts with str keys.

    Raises:
        TypeError: for a float, for every other type, and for a key that is not text.
        ValueError: for a whole number beyond ``INTEGER_MAX``, for half of a surrogate pair, and for a document that
            is nested more than ``NESTING_MAX`` deep (or holds itself).
    """
    _check(document, NESTING_MAX)
    return canonical_of_known(document)


def canonical_of_known(document: object) -> bytes:
    """The same for a document that is known to hold only what ``canonical`` takes: it was parsed, or is made of texts."""
    text = _SORTED.encode(document)
    # The encoder sorts by code points. The order of UTF-16 code units is another one only where a character
    # beyond U+FFFF takes part; such a character takes two units, so the text is then longer in UTF-16.
    if not text.isascii() and len(text.encode("utf-16-le")) != 2 * len(text):
        text = _AS_GIVEN.encode(_sorted_by_code_units(document))
    return text.encode()


def digest_of(content: bytes) -> str:
    """The SHA-256 of the bytes, as 64 lower-case hexadecimal digits."""
    return sha256(content).hexdigest()


def parse_canonical(content: bytes) -> Document:
    """The document of which ``content`` is the canonical form.

    Raises:
        NotCanonical: for any other bytes.
    """
    document = parse_known(content)
    try:
        again = canonical(document)
    except UnicodeEncodeError:
        raise NotCanonical("a text holds half of a surrogate pair") from None
    except ValueError as why:
        raise NotCanonical(str(why)) from None
    if again != content:
        raise NotCanonical(f"this is not the canonical form from byte {_common(again, content)} on")
    return document


def parse_known(content: bytes) -> Document:
    """The document of bytes that are known to be canonical, because their digest is that of what was sealed.

    Raises:
        NotCanonical: for bytes that are not even JSON without floats.
    """
    try:
        return cast(Document, _DECODER.decode(content.decode()))
    except RecursionError:
        raise NotCanonical(f"lists and maps are nested more than {NESTING_MAX} deep") from None
    except UnicodeDecodeError as why:
        raise NotCanonical(f"byte {why.start} is not UTF-8") from None
    except json.JSONDecodeError as why:
        raise NotCanonical(f"this is not JSON from character {why.pos} on ({why.msg})") from None
    except ValueError as why:
        raise NotCanonical(str(why)) from None


def _check(value: object, levels: int) -> None:
    """Refuses what the encoder would write although it must not: floats, large numbers, keys that are not text."""
    if isinstance(value, dict):
        for key in value:
            if type(key) is not str:
                raise TypeError(f"a key of a document is text, not {type(key).__name__}")
        inner = [item for item in value.values() if type(item) is not str]
    elif isinstance(value, list | tuple):
        inner = [item for item in value if type(item) is not str]
    else:
        return _check_single(value)
    if not levels:
        raise ValueError(f"lists and maps are nested more than {NESTING_MAX} deep")
    for item in inner:
        _check(item, levels - 1)
    return None


def _check_single(value: object) -> None:
    if value is None or isinstance(value, bool | str):
        return
    if not isinstance(value, int):
        raise TypeError(f"a document holds no {type(value).__name__}; write numbers as text")
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise ValueError("a whole number is beyond 2**53 - 1; write it as text")


def _sorted_by_code_units(value: object) -> object:
    if isinstance(value, dict):
        in_order = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _sorted_by_code_units(value[key]) for key in in_order}
    if isinstance(value, list | tuple):
        return [_sorted_by_code_units(item) for item in value]
    return value


def _common(left: bytes, right: bytes) -> int:
    """How many bytes both begin with."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(left), len(right)))


def _refuse_number(literal: str) -> NoReturn:
    raise NotCanonical(f"{literal[:40]} is not a whole number; other numbers are written as text")


_DECODER: Final = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
