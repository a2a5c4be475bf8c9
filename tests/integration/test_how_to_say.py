"""The page "How to say it": what it says to write is put into the contract at its end, row by row, and must be accepted.

In the column "Write", what begins with ``- `` is a clause. What has a place behind it ("in a `cap`", "in `figures`") are
fields of that part: of the clause of its kind in the contract on the page, or of a plain one from below. The rest are
formulas. What stands with "and" goes into one contract; "or" means one of them, in the place that is named behind them.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bpo_contracts import BadInput
from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.settlement.prepare import prepare

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGE: Final = (DOCS / "how-to-say.md").read_text(encoding="utf-8")
CONTRACT: Final[dict[str, Any]] = yaml.load(PAGE.split("```yaml how_to_say.yaml\n")[1].split("```")[0], yaml.BaseLoader)
ROWS: Final = [
    tuple(cell.strip() for cell in line[2:-2].split(" | "))
    for line in PAGE.splitlines()
    if re.match(r"\| (?!The contract says|---)", line)
]

PLAIN_CLAUSES: Final = """
- {cap: plain, limits: credits, at_most: 900 EUR, excess: lost, shared: pro rata}
- {minimum_commitment: plain, bought: calls, in_each: quarter, minimum: 9 calls, price_of_shortfall: 1 EUR per call}
- {resource_baseline: plain, actual: calls, baseline: 100 calls, deadband: 3 calls, charged_on: part beyond deadband,
   additional_charge: 2 EUR per call, reduced_credit: 1 EUR per call}
- {indexation: plain, price: 1000 EUR, index: wages, reviewed: each contract year, lag: 3 months, base: 2025-10,
   round_change: unrounded, round: half up to 0.01 EUR}
- {late_interest: plain, principal: fee, rate: 8 %, due_on: due, paid_on: paid, days_counted: after the due day,
   year: 365 days, round_daily: unrounded}
- {gain_share: plain, target: 90000 EUR, outturn: cost, share: 50 %, overruns: not shared}
- {repeat_multiplier: plain, failed_when: availability is under 99 %, counted: in a row, no_data: does not count,
   table: {1 or fewer: 1, 2 or more: 2}}
- {service_points: plain, measure: availability, table: {98 % or more: 0 points, under 98 %: 2 points}}
- {consequence: plain, when: availability is under 98 %, periods_in_a_row: 3, no_data: does not count,
   afterwards: goes on, happens: A meeting.}
- {earn_back: plain, returns: late_credit, share: 100 %, after: 1 month, no_data: not recovered,
   recovered_when: availability is at least 99 %}
- {holdback: plain, keep: 5 % of fee, release: {all: {when: accepted, share: rest, times: once}}}
- {true_up: plain, interim: fee, over: this contract year, final: final_fee, final_when: last month of the term}
"""
SHAPE: Final = ("table", "slices", "line", "rate", "per", "part_steps", "amount", "price")
INSTEAD: Final = {
    **dict.fromkeys(("table", "slices", "line", "rate", "price"), SHAPE),
    "basket": ("index",),
    "stages": ("share", "after"),
    "share_of_shortfall": ("price_of_shortfall",),
    "periods": ("periods_in_a_row",),
}
"""Fields that go when another one comes."""

SECTIONS: Final = {"figures": "figures", "parameters": "parameters", "the term": "term"}
ITEMS: Final = {"for each outage": "outages", "for each order": "orders"}
PART: Final = re.compile(
    r"`([^`]+)`(?: (in (?:an? )?`\w+`(?: for each outage)?|in (?:a measure|a list|the term|an amendment)|for each \w+))?"
)


def contracts(cell: str) -> list[dict[str, Any]]:
    """The contracts that a cell makes of the one on the page: one for each of what stands with "or"."""
    parts = list(PART.finditer(cell))
    between = re.split("\0", PART.sub("\0", cell))
    assert parts, cell
    assert between == ["", *(one for one in between if one in (" and ", " or ")), ""], f"not understood: {cell}"
    made = [copy.deepcopy(CONTRACT)]
    for at, part in enumerate(parts):
        if between[at] == " or ":
            made.append(copy.deepcopy(CONTRACT))
        behind = [later[2] for later in parts[at:]]
        shared = between[at + 1] == " or " and not part[1].startswith("- ")
        put(made[-1], part[1], part[2] or (next(filter(None, behind), "") if shared else ""))
    return made


def put(document: dict[str, Any], text: str, place: str) -> None:
    """Puts one fragment where it belongs."""
    name = re.sub("^in (an? )?|`| for each outage$", "", place)
    if text.startswith("- "):
        document["clauses"].append({"clause": "9.9", "words": "As signed.", **fields(text[2:])})
    elif name in KINDS:
        change(clause_of(document, name), fields(text))
    elif name == "measure":
        plain = {"unit": "%", "direction": "neutral", "precision": "unrounded", "missing": "refuse"}
        document["measures"]["plain"] = plain | fields(text)
    elif name == "list":
        document["lists"]["outages"] |= fields(text)
    elif name in SECTIONS:
        document.setdefault(SECTIONS[name], {}).update(fields(text))
    elif name == "amendment":
        signed = {"effective_on": "2027-01-01", "clause": "9.9", "words": "As signed."}
        document["amendments"] = [signed | {"change": fields(text)}]
    else:
        assert name == "" or name in ITEMS, place
        figures = document.setdefault("figures", {})
        formula = yaml.load(f"formula: {text}", yaml.BaseLoader)
        figures[f"plain_{len(figures)}"] = ({"for_each": ITEMS[name]} if name else {}) | formula


def clause_of(document: dict[str, Any], kind: str) -> dict[str, Any]:
    """The first clause of a kind, a plain one if the contract has none."""
    there: list[dict[str, Any]] = [clause for clause in document["clauses"] if kind in clause]
    if there:
        return there[0]
    plain: dict[str, Any] = next(clause for clause in yaml.load(PLAIN_CLAUSES, yaml.BaseLoader) if kind in clause)
    made = {"clause": "9.8", "words": "As signed.", **plain}
    document["clauses"].append(made)
    return made


def change(clause: dict[str, Any], new: dict[str, Any]) -> None:
    for field in new:
        for other in INSTEAD.get(field, ()):
            clause.pop(other, None)
    clause |= new


def fields(text: str) -> dict[str, Any]:
    """The fields of a fragment, which stand one behind the other."""
    read: dict[str, Any] = yaml.load(f"{{{text}}}", yaml.BaseLoader)
    assert "" not in read.values(), text
    return read


def check(document: dict[str, Any]) -> None:
    prepare(read_contract(read_document(json.dumps(document).encode(), "contract.json")))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_a_row_says_to_write_is_accepted(row: tuple[str, ...]) -> None:
    says, write, more = row
    assert says
    assert more.startswith("[")
    for document in contracts(write):
        assert document != CONTRACT
        check(document)


@pytest.mark.parametrize(
    "cell",
    [
        "`- cap: year_cap, limits: credits, at_most: 9 EUR`",
        "`window: last 12 months` or `window: last 40 days` in a `cap`",
        "`sum of fee over 12 months`",
        "`precision: rounded` in a measure",
        "`clauses/fee/amounts: 9 EUR` in an amendment",
        "`by_days: {2026-01-15: 98 %}` in `parameters` and `by_days + availability`",
    ],
)
def test_what_is_not_true_is_noticed(cell: str) -> None:
    made = contracts(cell)
    for document in made[:-1]:
        check(document)
    with pytest.raises(BadInput):
        check(made[-1])


@pytest.mark.parametrize("cell", ["", "`fee` in nowhere", "`fee` for each month", "`fee`, `calls`", "at most `fee`"])
def test_a_cell_that_is_not_understood_is_noticed(cell: str) -> None:
    with pytest.raises(AssertionError):
        contracts(cell)


def test_the_page_leads_to_every_page_of_the_cookbook() -> None:
    linked = set(re.findall(r"\(cookbook/(F\d\d[^)#]*)", PAGE))
    assert sorted(linked) == sorted(page.name for page in (DOCS / "cookbook").glob("F*.md"))


def test_every_link_leads_to_a_heading() -> None:
    for file, heading in re.findall(r"\]\(([^)#]*)#([^)]+)\)", PAGE):
        text = (DOCS / file).read_text(encoding="utf-8") if file else PAGE
        titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert heading in {re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-") for title in titles}, heading
