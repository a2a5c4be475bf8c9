"""A sound contract and report, and the ways to spoil them."""

from __future__ import annotations

CONTRACT = """\
contract: desk
version: "1"
title: Service desk
client: Northern Utilities plc
provider: Helpline Services GmbH
currency: EUR
term:
  starts_on: 2026-01-01
  ends_on: 2026-12-31
period: month
rounding:
  lines: half up to 0.01 EUR
measures:
  incidents:
    unit: incidents
    direction: neutral
    precision: unrounded
    missing: refuse
    whole: "yes"
    between: 0 to 1000000 incidents
  in_time:
    unit: "%"
    direction: higher is better
    precision: half up to 0.01 %
    missing: refuse
    between: 0 % to 100 %
figures:
  busy:
    formula: incidents is at least 10 incidents
clauses:
  - transaction_charge: fee
    clause: "3.1"
    title: Fee per incident
    words: The Client shall pay EUR 14.00 for each Incident.
    measure: incidents
    price: 14.00 EUR per incident
    only_if: busy
  - service_credit: late_credit
    clause: "4.1"
    title: Resolved in time
    words: If fewer than 95 % are resolved in time, the Provider shall credit 4 %, and 8 % below 90 %.
    measure: in_time
    table:
      95 % or more: none
      90 % to under 95 %: 4 %
      under 90 %: 8 %
    of: fee
    counts_toward: credits
  - service_credit: low_credit
    clause: "4.2"
    words: If fewer than 50 % are resolved in time, the Provider shall credit another 5 %.
    measure: in_time
    table:
      50 % or more: none
      under 50 %: 5 %
    of: fee
    counts_toward: credits
  - cap: credit_cap
    clause: "4.3"
    words: Credits of a month shall not exceed 10 % of the fee.
    limits: credits
    at_most: 10 % of fee
    excess: lost
    shared: in order
    order: [late_credit, low_credit]
"""

PERFORMANCE = """\
period,incidents,in_time.numerator,in_time.denominator,status,source
2026-01,1200,1120,1200,final,ticket system
2026-02,900,880,900,final,ticket system
2026-03,15,6,15,final,ticket system
"""

HEADER, JANUARY, FEBRUARY, MARCH = PERFORMANCE.splitlines()

VALUES = "period,incidents,in_time\n"
"""The header of a report with values instead of numerators and denominators."""


def edited(*changes: tuple[str, str], text: str = CONTRACT) -> bytes:
    """The contract with the first of each text replaced by another.

    Raises:
        ValueError: if a text is not there, so that no case tests the sound contract by mistake.
    """
    for old, new in changes:
        if old not in text:
            raise ValueError(f"the sample does not hold {old!r}")
        text = text.replace(old, new, 1)
    return text.encode()


def titled(title: str) -> bytes:
    """The contract with this text, as YAML, for its title."""
    return edited(("title: Service desk\n", f"title: {title}\n"))


def priced(formula: str) -> bytes:
    """The contract with this formula, as YAML, for the price of an incident."""
    return edited(("price: 14.00 EUR per incident", f"price: {formula}"))


def gated(formula: str) -> bytes:
    """The contract with this formula for its gate."""
    return edited(("formula: incidents is at least 10 incidents", f"formula: {formula}"))


def with_rows(rows: str) -> bytes:
    """The contract with these rows, each with its indent and end, in the table of clause 4.1."""
    table = "      95 % or more: none\n      90 % to under 95 %: 4 %\n      under 90 %: 8 %\n"
    return edited((table, rows))


def with_figures(figures: str) -> bytes:
    """The contract with more figures, each on a line of its own with its indent."""
    return edited(("figures:\n", f"figures:\n{figures}"))


def report(*rows: str) -> bytes:
    """A report with the header and these rows."""
    return "".join(f"{row}\n" for row in (HEADER, *rows)).encode()


def in_time(value: str) -> bytes:
    """A report for January with this cell as the value of ``in_time``."""
    return f"{VALUES}2026-01,1200,{value}\n".encode()
