"""Full-time equivalents: what a part of one costs is one word."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.many import Small, clause_text, measures, refused

MORE = measures(worked="hours", staff="fte")


def clause(*lines: str, worked: str = "worked", full_time: str = "160 hours") -> str:
    return clause_text("per_fte", f"worked: {worked}", f"full_time: {full_time}", "price: 5200 EUR", *lines)


CONTRACTS = {
    part: Small(clause(f"part_fte: {part}"), more=MORE) for part in ("ignored", "nearest", "pro rata", "counted")
}


@settings(max_examples=30, deadline=None)
@given(st.decimals(0, 5000, places=2).map(Fraction))
def test_parts_of_an_fte(hours: Fraction) -> None:
    ftes = {part: one.of(worked=hours, staff=0).last("x.ftes") for part, one in CONTRACTS.items()}
    assert ftes["pro rata"] == hours / 160
    assert 0 <= ftes["pro rata"] - ftes["ignored"] < 1
    assert 0 <= ftes["counted"] - ftes["pro rata"] < 1
    assert abs(ftes["nearest"] - ftes["pro rata"]) <= Fraction(1, 2)


def test_ftes_may_be_reported_as_such() -> None:
    contract = Small(clause("part_fte: pro rata", worked="staff", full_time="1 fte"), more=MORE)
    assert contract.of(worked=0, staff=Fraction("12.5")).last("x") == 65000


@pytest.mark.parametrize(
    ("lines", "full_time", "code", "at"),
    [
        ((), "160 hours", "BPO145", "per_fte: x"),
        (("part_fte: dropped",), "160 hours", "BPO147", "dropped"),
        (("part_fte: ignored",), "0 hours", "BPO271", "0 hours"),
        (("part_fte: ignored",), "1 fte", "BPO230", "1 fte"),
    ],
)
def test_refused_at_its_place(lines: tuple[str, ...], full_time: str, code: str, at: str) -> None:
    refused(clause(*lines, full_time=full_time), code, at, more=MORE)
