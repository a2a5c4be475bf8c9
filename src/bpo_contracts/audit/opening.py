"""Opening a record: its annexes put back in their places, and its settlement filled in.

An opened record has the contract where the record names it, the settlement document where it has the entries, and
everything else as it is. What is given is nobody else's: it may be changed.
"""

from __future__ import annotations

from functools import lru_cache

from bpo_contracts.audit.record import annex
from bpo_contracts.audit.shapes import check_form, check_record, check_settlement
from bpo_contracts.audit.store import Store
from bpo_contracts.trail.form import ROWS, filled
from bpo_contracts.values.canonical import NotCanonical, parse_canonical, parse_known
from bpo_contracts.values.documents import Map, UnexpectedShape, as_map, get_map, get_maps, get_text


def opened(content: Map, store: Store) -> Map:
    """The record with this content, opened: everything in it has the shape that ``shapes`` names.

    Raises:
        UnexpectedShape: if it is no record, or one of its annexes is missing or is not what was sealed.
    """
    check_record(content)
    annexes = get_map(content, "annexes")
    form = as_map(parse_known(sealed_annex(store, get_text(annexes, "form"))), "the form")
    check_form(form)
    settlement = filled(form, get_map(content, "settlement"))
    check_settlement(settlement)
    contract = as_map(parse_known(sealed_annex(store, get_text(annexes, "contract"))), "the contract")
    return {**content, "contract": contract, "settlement": settlement}


def step_row(store: Store, form: str, figure: str) -> Map:
    """The row of a figure's step in the form with this digest, for reading only; raises as ``opened`` does."""
    return _step_rows(sealed_annex(store, form)).get(figure, {})


def sealed_annex(store: Store, digest: str) -> bytes:
    """The annex with this digest, which is canonical JSON; raises as ``opened`` does."""
    content = store.annex(digest)
    if content is None:
        raise UnexpectedShape(f"the ledger does not have its annex {digest[:12]}…")
    if annex(content).digest != digest:
        raise UnexpectedShape(f"its annex {digest[:12]}… is not what was sealed")
    try:
        _check_canonical(content)
    except NotCanonical as why:
        raise UnexpectedShape(f"its annex {digest[:12]}… is not canonical JSON: {why}") from None
    return content


@lru_cache(maxsize=64)  # an annex belongs to many records
def _check_canonical(content: bytes) -> None:
    parse_canonical(content)


@lru_cache(maxsize=16)
def _step_rows(form: bytes) -> dict[str, Map]:
    key = ROWS["steps"]
    return {get_text(row, key): row for row in get_maps(as_map(parse_known(form), "the form"), "steps")}
