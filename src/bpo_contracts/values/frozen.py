"""Classes with slots that cost little to define.

``@dataclass(frozen=True, slots=True)`` writes and compiles six methods for every class, a millisecond each, and a
command that settles one month defines over a hundred such classes before it reads its first line. Here nothing is
compiled when a class is defined: ``__init__`` is written when its first object is made, the other methods are shared,
and the standard library is asked about the class only when somebody asks it (``fields``, ``replace``). A class costs a
thirtieth of what it did, and ``bpo settle`` is faster by a tenth of a second.

What is made behaves as the standard library's does: equal by class and by the fields that are compared, hashable,
printed with its fields, positional in ``match``, and open to ``replace``, ``fields``, ``copy`` and ``pickle``. Methods
that a class defines itself are kept.

* ``@frozen``: nothing can be set afterwards. A default is a value, never a factory.
* ``@frozen_ordered``: frozen, and in order by its fields, one after the other.
* ``@slotted``: fields can be set, a default may come from a factory, and objects have no hash.

A subclass that holds fields is decorated too. A class with a ``cached_property`` has a place to keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from functools import cached_property
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, NoReturn, TypeVar, cast, dataclass_transform

_Class = TypeVar("_Class", bound=type)
_Methods = dict[str, Any]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: _Class) -> _Class:
    """The class with its annotated names as fields in slots, set by ``__init__`` (and ``__post_init__``), never again.

    Raises:
        TypeError: for a field with a default factory, or a default that can be changed.
    """
    return _made(cls, lambda compared: {**_SHARED, **_FROZEN, **_comparing(_key(compared))}, factories=False)


@dataclass_transform(frozen_default=True, order_default=True, field_specifiers=(field,))
def frozen_ordered(cls: _Class) -> _Class:
    """A frozen class whose objects are in order by the fields that are compared, the first one first.

    Raises:
        TypeError: as ``frozen`` does.
    """

    def methods(compared: Sequence[str]) -> _Methods:
        key = _key(compared)
        return {**_SHARED, **_FROZEN, **_comparing(key), **_ordering(key)}

    return _made(cls, methods, factories=False)


@dataclass_transform(field_specifiers=(field,))
def slotted(cls: _Class) -> _Class:
    """The class with its annotated names as fields in slots, which can be set at any time.

    Raises:
        TypeError: for a default that can be changed and is not made by a factory.
    """
    return _made(cls, lambda compared: {**_SHARED, **_comparing(_key(compared)), "__hash__": None}, factories=True)


def _made(cls: _Class, methods: Callable[[Sequence[str]], _Methods], *, factories: bool) -> _Class:
    """A class like this one with slots for its fields, these methods, and an ``__init__`` that is still to be written."""
    own = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    parts: dict[str, Field[Any]] = {}
    for base in reversed(cls.__mro__[1:]):
        parts.update(vars(base).get("__parts__", {}))
    inherited = set(parts)
    for part in _own_parts(cls, own, factories=factories):
        parts[part.name] = part
    slots = [name for name in parts if name not in inherited]
    if any(isinstance(value, cached_property) for value in own.values()):
        slots.append("__dict__")
    standard, init = _Standard(parts), _Init(parts)
    made: Any = type(cls)(
        cls.__name__,
        cls.__bases__,
        {
            **methods([name for name, part in parts.items() if part.compare]),
            "__init__": init,
            "__match_args__": tuple(name for name, part in parts.items() if part.init and part.kw_only is not True),
            **own,
            "__qualname__": cls.__qualname__,
            "__slots__": tuple(slots),
            "__parts__": parts,
            "__dataclass_fields__": standard,
        },
    )
    standard.made_for, init.made_for = made, made
    return cast("_Class", made)


def _own_parts(cls: type, own: dict[str, Any], *, factories: bool) -> list[Field[Any]]:
    """The fields that the class itself names; their defaults leave its attributes."""
    found: list[Field[Any]] = []
    for name, annotation in own.get("__annotations__", {}).items():
        if str(annotation).startswith(("ClassVar", "typing.ClassVar")):
            continue
        default = own.pop(name, MISSING)
        part: Field[Any] = default if isinstance(default, Field) else field(default=default)
        if part.default_factory is not MISSING and not factories:
            raise TypeError(f"{cls.__qualname__}.{name}: a default of a frozen class is a value, never a factory")
        if part.default.__class__.__hash__ is None:
            raise TypeError(f"{cls.__qualname__}.{name}: a default that can be changed would be shared by all")
        part.name, part.type = name, annotation
        found.append(part)
    return found


class _Init:
    """Stands for ``__init__`` until it is first called: most classes are defined for every contract and used by few."""

    def __init__(self, parts: dict[str, Field[Any]]) -> None:
        self._parts = parts
        self.made_for: Any = None

    def __get__(self, instance: object, _: object = None) -> Callable[..., None]:
        self.made_for.__init__ = init = _init(self.made_for, self._parts)
        return init if instance is None else init.__get__(instance)


def _init(cls: Any, parts: dict[str, Field[Any]]) -> Callable[..., None]:
    """``__init__`` as one would write it: each field by name, those that are ``kw_only`` after a star."""
    names: dict[str, Any] = {"set_": object.__setattr__, "MISSING": MISSING}
    given, named, body = ["self"], list[str](), list[str]()
    for name, part in parts.items():
        value = name
        if part.default_factory is not MISSING:
            names[f"default_{name}"], names[f"make_{name}"] = MISSING, part.default_factory
            value = f"make_{name}() if {name} is MISSING else {name}" if part.init else f"make_{name}()"
        elif part.init or part.default is not MISSING:
            names[f"default_{name}"] = part.default
            value = name if part.init else f"default_{name}"
        else:
            continue
        if part.init:
            default = "" if part.default is MISSING is part.default_factory else f"=default_{name}"
            (named if part.kw_only is True else given).append(name + default)
        body.append(f" set_(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    head = ", ".join([*given, "*", *named] if named else given)
    exec(f"def __init__({head}):\n" + "\n".join(body or [" pass"]), names)  # noqa: S102 - the names of fields, no more
    init: Callable[..., None] = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


class _Standard:
    """Stands for what the standard library keeps about its own classes until somebody asks the standard library."""

    def __init__(self, parts: dict[str, Field[Any]]) -> None:
        self._parts = parts
        self.made_for: Any = None

    def __get__(self, _: object, __: object = None) -> dict[str, Field[Any]]:
        cls = self.made_for
        types = {name: part.type for name, part in self._parts.items()}
        names = {"__annotations__": types, "__module__": cls.__module__, "__doc__": cls.__doc__ or cls.__name__}
        alike: Any = dataclass(init=False, repr=False, eq=False)(type(cls.__name__, (), {**self._parts, **names}))
        cls.__dataclass_params__ = alike.__dataclass_params__
        cls.__dataclass_fields__ = alike.__dataclass_fields__
        return cast("dict[str, Field[Any]]", alike.__dataclass_fields__)


def _key(compared: Sequence[str]) -> Callable[[object], Any]:
    return attrgetter(*compared) if compared else lambda _: ()


def _comparing(key: Callable[[object], Any]) -> _Methods:
    """Equal are two of the same class with equal values in these fields."""

    def __eq__(self: object, other: object) -> bool:
        if self is other:
            return True
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:
        return hash(key(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _ordering(key: Callable[[object], Any]) -> _Methods:
    """Before another of the same class is what has the lesser value in the first field that differs."""

    def __lt__(self: object, other: object) -> bool:
        return key(self) < key(other) if other.__class__ is self.__class__ else NotImplemented

    def __le__(self: object, other: object) -> bool:
        return key(self) <= key(other) if other.__class__ is self.__class__ else NotImplemented

    def __gt__(self: object, other: object) -> bool:
        return key(self) > key(other) if other.__class__ is self.__class__ else NotImplemented

    def __ge__(self: object, other: object) -> bool:
        return key(self) >= key(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__lt__": __lt__, "__le__": __le__, "__gt__": __gt__, "__ge__": __ge__}


@recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name, part in self.__parts__.items() if part.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    """What ``copy`` and ``pickle`` take: they could not set the fields of a frozen object by themselves."""
    return [getattr(self, name) for name in self.__parts__]


def _set_state(self: Any, state: list[object]) -> None:
    for name, value in zip(self.__parts__, state, strict=True):
        object.__setattr__(self, name, value)


_SHARED: _Methods = {"__repr__": _repr, "__getstate__": _state, "__setstate__": _set_state}
_FROZEN: _Methods = {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
