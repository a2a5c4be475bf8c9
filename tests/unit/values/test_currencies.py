"""ISO 4217: every currency in use, with its minor digits, against an independent copy of the standard's table."""

import iso4217

from bpo_contracts.values.currencies import MINOR_DIGITS


def test_minor_digits_are_those_of_the_standard() -> None:
    published = {
        one.code: one.exponent for one in iso4217.Currency if one.exponent is not None and not one.code.startswith("XB")
    }
    different = {
        code: (MINOR_DIGITS[code], published[code])
        for code in MINOR_DIGITS.keys() & published.keys()
        if MINOR_DIGITS[code] != published[code]
    }
    assert different == {}
    assert published.keys() - MINOR_DIGITS.keys() <= WITHDRAWN
    assert MINOR_DIGITS.keys() - published.keys() <= NEWER


WITHDRAWN = frozenset({"ANG", "BGN", "CUC", "HRK", "SLL", "VEF", "ZWL", "STD", "MRO", "BYR"})
"""Codes that were withdrawn while the table was current in older copies of it."""

NEWER = frozenset({"XCG", "VED", "ZWG", "SLE"})
"""Codes that the copy may not have yet."""
