"""``@frozen`` makes what ``@dataclass(frozen=True, slots=True)`` makes."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from functools import cached_property
from inspect import signature
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.values.frozen import frozen, frozen_ordered, slotted


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


def test_a_default_that_can_be_changed_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Shared\.items: a default that can be changed would be shared by all"):

        @slotted
        class Shared:
            """A list that all would share."""

            items: list[int] = []  # noqa: RUF012 - that is the mistake


def test_init_is_written_once_for_the_class_that_it_belongs_to() -> None:
    @frozen
    class Early(Place):
        """One whose subclass is made into an object first."""

        a: int

    @frozen
    class Late(Early):
        """With a field more."""

        b: int

    class Plain(Late):
        """Without fields of its own, and not decorated."""

    assert (Plain(1, 2).b, Late(1, 2).b, Early(3).a) == (2, 2, 3)
    assert [cls.__init__.__qualname__.split(".")[-2] for cls in (Early, Late, Plain)] == ["Early", "Late", "Late"]


@frozen_ordered
class Version:
    """In order by both numbers; a note does not count."""

    major: int
    minor: int = 0
    note: str = field(default="", compare=False)


PAIRS: Final = st.tuples(st.integers(0, 2), st.integers(0, 2))


@given(PAIRS, PAIRS)
def test_ordered_as_tuples_are(one: tuple[int, int], other: tuple[int, int]) -> None:
    a, b = Version(*one, note="x"), Version(*other)
    assert [a < b, a <= b, a > b, a >= b, a == b] == [
        one < other,
        one <= other,
        one > other,
        one >= other,
        one == other,
    ]
    with pytest.raises(TypeError, match="not supported"):
        _ = a < one  # type: ignore[operator]


@slotted
class Cart:
    """Fields that change."""

    owner: str
    items: list[str] = field(default_factory=list[str])
    count: int = field(default=0, init=False)


def test_slotted_objects_change_and_share_nothing() -> None:
    one, other = Cart("a"), Cart("a")
    assert one == other
    one.items.append("x")
    one.count = len(one.items)
    assert (one.items, one.count, other.items, other.count) == (["x"], 1, [], 0)
    assert one != other
    assert Cart("a", ["x"]) != one
    assert repr(Cart("b", [])) == "Cart(owner='b', items=[], count=0)"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    with pytest.raises(AttributeError):
        one.another = 1  # type: ignore[attr-defined]


@frozen
class Circle:
    """Something worked out when it is asked for, and kept."""

    radius: int

    @cached_property
    def area(self) -> list[int]:
        """A new list each time it is worked out."""
        return [self.radius * self.radius]


def test_what_is_cached_is_kept_beside_the_fields() -> None:
    circle = Circle(3)
    assert circle.area == [9]
    assert circle.area is circle.area
    assert circle == Circle(3)
    with pytest.raises(FrozenInstanceError):
        circle.radius = 4  # type: ignore[misc]
