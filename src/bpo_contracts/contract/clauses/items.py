"""What a clause can say about several items at once: repeats, one credit for each incident, sums too small to pay.

Each is a part of a clause in the frame. Nothing here has a default that moves money.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.fields import FormulaText, Model, Names, NameText, Rows, Text


class RepeatFailure(Model):
    """The same failure again in a period costs more (a ratchet, as in UK PFI payment mechanisms, "repetition factor").

    ``same``: the columns in which two items are the same failure. ``table``: the factor by number. ``applies_to``:
    ``each
    further failure`` reads the table at the item's own number (in order of ``in_order_of``); ``every failure`` at
    how many
    there are in the end. ``excused``: whether excused items are counted; to be said where a clause has gates or
    excuses.
    """

    same: Annotated[Names, Field(min_length=1)]
    table: Rows
    applies_to: Literal["each further failure", "every failure"]
    in_order_of: NameText | None = None
    excused: Literal["counted", "not counted"] | None = None

    @model_validator(mode="after")
    def _order_goes_with_each(self) -> RepeatFailure:
        if (self.applies_to == "each further failure") != (self.in_order_of is not None):
            raise ValueError(
                "'applies_to: each further failure' and 'in_order_of' go together: name the column that gives the order"
            )
        return self


class Smallest(Model):
    """What happens to an amount too small to be worth an invoice line.

    ``issued_only``: ``over 10.00 EUR`` or ``10.00 EUR or more``, below it nothing is paid. ``raised_to``: what is
    due but
    less is raised to it (nothing stays nothing). ``compared``: before or after rounding. ``of``: each item, or the
    sum; to
    be said where the clause is about a list.
    """

    issued_only: Text | None = None
    raised_to: FormulaText | None = None
    compared: Literal["before rounding", "after rounding"]
    of: Literal["each item", "the sum"] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Smallest:
        if (self.issued_only is None) == (self.raised_to is None):
            raise ValueError("a smallest amount has one of 'issued_only' and 'raised_to'")
        return self
