"""``@frozen`` makes what ``@dataclass(frozen=True, slots=True)`` makes."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from inspect import signature
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.values.frozen import frozen


@frozen
class Place:
    """What every one of them has."""

    where: str = field(default="nowhere", kw_only=True, compare=False, repr=False)


@frozen
class Named(Place):
    """One field that is compared."""

    name: str


@frozen
class Span(Place):
    """Two fields, one with a default, and one that is worked out."""

    low: object
    high: object = 7
    width: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", f"{self.low}–{self.high}")


@frozen
class OwnMethods:
    """A class that says itself how it is shown and hashed."""

    a: int

    def __repr__(self) -> str:
        return "own"

    def __hash__(self) -> int:
        return 5


class Standard:
    """The same classes as the standard library makes them; the names are those above, as they are printed."""

    place: Final[Any] = dataclass(frozen=True, slots=True)(
        type(
            "Place",
            (),
            {
                "__doc__": "As above.",
                "__annotations__": {"where": "str"},
                "where": field(default="nowhere", kw_only=True, compare=False, repr=False),
            },
        )
    )
    named: Final[Any] = dataclass(frozen=True, slots=True)(
        type("Named", (place,), {"__doc__": "As above.", "__annotations__": {"name": "str"}})
    )
    span: Final[Any] = dataclass(frozen=True, slots=True)(
        type(
            "Span",
            (place,),
            {
                "__doc__": "As above.",
                "__annotations__": {"low": "object", "high": "object", "width": "str"},
                "high": 7,
                "width": field(init=False, compare=False),
                "__post_init__": vars(Span)["__post_init__"],
            },
        )
    )


VALUES: Final = st.one_of(st.integers(-3, 3), st.text(max_size=2), st.none(), st.tuples(st.integers(0, 1)))
ARGUMENTS: Final = st.tuples(VALUES, VALUES, st.text(max_size=1))


@given(ARGUMENTS, ARGUMENTS)
def test_equal_hashed_and_printed_as_the_standard_librarys(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    ours = [Span(low, high, where=where) for low, high, where in (one, other)]
    theirs = [Standard.span(low, high, where=where) for low, high, where in (one, other)]
    assert (ours[0] == ours[1]) is (theirs[0] == theirs[1])
    assert (len(set(ours)) == 1) is (len(set(theirs)) == 1)
    assert [repr(one) for one in ours] == [repr(one) for one in theirs]
    assert copy.deepcopy(ours) == ours
    back = pickle.loads(pickle.dumps(ours))
    assert back == ours
    assert [one.where for one in back] == [one.where for one in ours]


def test_the_same_fields_slots_positions_and_signature() -> None:
    for ours, theirs in ((Place, Standard.place), (Named, Standard.named), (Span, Standard.span)):
        assert [part.name for part in fields(ours)] == [part.name for part in fields(theirs)]
        assert vars(ours)["__slots__"] == vars(theirs)["__slots__"]
        assert vars(ours)["__match_args__"] == vars(theirs)["__match_args__"]
        asked = [
            [(one.name, one.kind, one.default) for one in signature(made).parameters.values()]
            for made in (ours, theirs)
        ]
        assert asked[0] == asked[1]


def test_nothing_is_set_or_deleted_afterwards() -> None:
    span: Any = Span(1, 2)
    for name in ("low", "where", "width", "another"):
        with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(span, name, 3)
        with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(span, name)
    assert (span.low, span.high, span.width) == (1, 2, "1–2")
    assert not hasattr(span, "__dict__")


def test_replace_works_out_again_and_keeps_the_rest() -> None:
    span = replace(Span(1, 2, where="here"), high=9)
    assert (span.low, span.high, span.width, span.where) == (1, 9, "1–9", "here")


def test_fields_match_by_position_and_by_name() -> None:
    match Span(1, where="here"):
        case Span(low, high, where=where):
            assert (low, high, where) == (1, 7, "here")
        case _:
            pytest.fail("no match")


def test_equal_only_to_its_own_class() -> None:
    assert Named("a") == Named("a", where="elsewhere")
    assert Named("a") != Named("b")
    other: object = Span("a")
    assert Named("a") != other
    assert Place() == Place(where="elsewhere")
    assert Place() != Named("a", where="nowhere")
    assert Named("a").__eq__("a") is NotImplemented


def test_methods_of_the_class_itself_are_kept() -> None:
    assert repr(OwnMethods(1)) == "own"
    assert hash(OwnMethods(1)) == 5
    assert OwnMethods(1) == OwnMethods(1)
    assert OwnMethods(1) != OwnMethods(2)


def test_a_wrong_call_is_said_with_the_name_of_the_class() -> None:
    for wrong, says in (((), r"Named.__init__\(\) missing 1 required"), (("a", "b"), r"Named.__init__\(\) takes 2")):
        with pytest.raises(TypeError, match=says):
            Named(*wrong)


def test_one_that_holds_itself_can_be_printed() -> None:
    inside: list[object] = []
    span = Span(inside)
    inside.append(span)
    assert repr(span).startswith("Span(low=[...")


def test_a_default_factory_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Shared\.items: a default of a frozen class is a value, never a factory"):

        @frozen
        class Shared:
            """A list that all would share, or not."""

            items: list[int] = field(default_factory=list)
