"""durable-rules as a rules engine: only whether a branch holds, and only in the fragment where it was found right.

Outside a narrow fragment this engine crashes, hangs or answers wrongly, so it is handled by these rules:

1. It is given nothing but what ``durable_rules_shards`` makes of a rulebook: integers and generated names.
2. Its C module is driven directly, one fact at a time, and is imported only when it is needed.
3. An evaluation has its own state, made and deleted under the ruleset's lock. It opens with a **sentinel**, a fact that
   always fires: deleting a state in which nothing ever fired can crash the interpreter.
4. What comes back is checked; anything unforeseen is an ``EngineFailed``, never a guess.
5. Rulesets are shared by engines with equal rules and bounded in number; the C memory of one is given back when nobody
   uses it any more.
"""

from __future__ import annotations

import importlib
import os
import struct
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple, NoReturn, Protocol, cast

from bpo_contracts.engines.durable_rules_shards import SENTINEL, Shard, compile_rulebook
from bpo_contracts.rules.port import Engine, EngineFailed
from bpo_contracts.rules.rulebook import Fact, Firing, Rulebook

NAME: Final = "durable-rules"
VERSION: Final = "2.0.28"
"""The one version that was found right inside the fragment; no other is used."""

FACTS_MAX: Final = 100
"""The most facts of one evaluation; more of them are asked about in several."""

_LIMIT: Final = 2**62
_STATE: Final = "0"  # where the C code keeps facts that name no state
_SENTINEL_FIRED: Final = f'{{"s":{{"m":{SENTINEL}}}}}'
_FACT_STARTS: Final = tuple(f'{{"id":"f{number:02}",' for number in range(FACTS_MAX))
_RULE: Final = slice(2, 5)  # where the rule and the number of the fact stand in {"r07":{"m":{"id":"f12",…
_FACT: Final = slice(20, 22)
_NUMBERS: Final = {f"{number:02}": number for number in range(FACTS_MAX)}
_UNKNOWN: Final = (Firing(-1, "", -1), -1)
_LOADING: Final = threading.Lock()


def available() -> bool:
    """Whether the engine can be used here: it is installed, can be imported, and is the version that is known."""
    return _c_module() is not None


def engine_for(rulebook: Rulebook) -> Engine | None:
    """The engine for this rulebook, or None if it cannot be used here. Engines are cached by the rulebook's digest.

    Raises:
        BadInput: BPO261 if a question has more than 200 atoms.
    """
    return _cached_engine(rulebook) if available() else None


class DurableRules:
    """durable-rules over one rulebook. It may be used by several threads at once.

    Raises:
        BadInput: BPO261 if a question has more than 200 atoms.
    """

    name: str = NAME
    version: str = VERSION

    def __init__(self, rulebook: Rulebook) -> None:
        self._shards, self._places = compile_rulebook(rulebook)

    def fire(self, facts: Sequence[Fact]) -> frozenset[Firing]:
        """Every branch that holds for the facts, each once. The order of facts never matters.

        Raises:
            EngineFailed: if the engine cannot be imported, or does anything it should not.
            ValueError: if a position is not an integer within ±2^62.
        """
        asked: list[list[_Asked]] = [[] for _ in self._shards]
        present: list[dict[str, _Asked]] = [{} for _ in self._shards]
        for question, item, positions in facts:
            for index, first, end in self._places[question]:
                if end - first - 1 != len(positions):
                    raise TypeError(f"question {question} is not about {len(positions)} values")
                one = present[index].get(item)
                if one is None or one.properties[first]:
                    one = present[index][item] = _Asked(item, [0] * self._shards[index].properties)
                    asked[index].append(one)
                one.properties[first] = 1
                one.properties[first + 1 : end] = positions
        if not all(map(_is_safe, chain.from_iterable(asked))):
            _refuse_unsafe(facts)
        fired: list[Firing] = []
        for shard, of_shard in zip(self._shards, asked, strict=True):
            for start in range(0, len(of_shard), FACTS_MAX):
                fired += _fired(shard, of_shard[start : start + FACTS_MAX])
        return frozenset(fired)


@lru_cache(maxsize=64)
def _cached_engine(rulebook: Rulebook) -> DurableRules:
    return DurableRules(rulebook)


class _Asked(NamedTuple):
    """What the engine is asked at once: the questions of a shard that are asked of one item, each once."""

    item: str
    properties: list[int]


def _is_safe(one: _Asked) -> bool:
    properties = one.properties
    return {*map(type, properties)} == {int} and min(properties) > -_LIMIT and max(properties) < _LIMIT


def _refuse_unsafe(facts: Sequence[Fact]) -> NoReturn:
    for question, _, positions in facts:
        for position in positions:
            if type(position) is not int or not -_LIMIT < position < _LIMIT:
                raise ValueError(f"{position!r} is not a position for question {question}")
    raise ValueError("the facts changed while they were read")


def _fired(shard: Shard, asked: Sequence[_Asked]) -> list[Firing]:
    """The branches that hold; for at most ``FACTS_MAX`` facts."""
    found: list[Firing] = []
    for message in _ruleset(shard.rules).evaluate([shard.fact % tuple(one.properties) for one in asked]):
        firing, where = shard.firings.get(message[_RULE], _UNKNOWN)
        number = _NUMBERS.get(message[_FACT], -1)
        if where < 0 or not 0 <= number < len(asked):
            raise EngineFailed(f"durable-rules answered with a rule or fact it was not given: {message}")
        item, properties = asked[number]
        if not properties[where]:
            raise EngineFailed(f"durable-rules answered a question that it was not asked: {message}")
        found.append(Firing(firing.question, item, firing.branch) if item else firing)
    return found


class _CModule(Protocol):
    """The part of the C module that is used. Return codes of ``assert_fact``: 0 fires, 1 does not, 2 is a duplicate."""

    error: type[Exception]

    create_ruleset: Callable[[str, str], int]  # name and rules; gives its handle, which all others take first
    delete_ruleset: Callable[[int], None]
    assert_fact: Callable[[int, str], tuple[int, int]]  # gives the return code and the number of the state
    start_action_for_state: Callable[[int, int], tuple[str, str] | None]  # gives the state and what fired
    complete_and_start_action: Callable[[int, int], str | None]  # gives what fired next
    delete_state: Callable[[int, str], None]


class _Ruleset:
    """Rules inside the C module; their memory is given back with the last reference to this object."""

    def __init__(self, rules: str) -> None:
        module = _c_module()
        if module is None:
            raise EngineFailed("durable-rules cannot be imported here")
        self._module = module
        self._lock = threading.Lock()
        self._has_fired = False
        self._handle = module.create_ruleset("rulebook", rules)
        weakref.finalize(self, module.delete_ruleset, self._handle).atexit = False
        # The C code leaves parts of its first state unset until something fires; from then on any state may be deleted.
        self.evaluate(())

    def evaluate(self, facts: Sequence[str]) -> list[str]:
        """What fired on facts, given without id, as the C module says it: ``{"rule":{"m":fact}}``. At most ``FACTS_MAX``.

        Raises:
            EngineFailed: if the C module reports an error.
        """
        with self._lock:
            try:
                return self._run(facts)
            except self._module.error as error:
                raise EngineFailed(f"durable-rules failed: {error}") from error
            finally:
                self._delete_state()

    def _run(self, facts: Sequence[str]) -> list[str]:
        module, handle = self._module, self._handle
        assert_fact, complete = module.assert_fact, module.complete_and_start_action
        state = self._open_state()
        for start, properties in zip(_FACT_STARTS, facts, strict=False):
            if assert_fact(handle, start + properties)[0] > 1:
                raise EngineFailed(f"durable-rules takes a fact for one it has already: {start}{properties}")
        fired = []
        while (message := complete(handle, state)) is not None:
            fired.append(message)
        return fired

    def _open_state(self) -> int:
        """A state in which the sentinel has fired."""
        code, state = self._module.assert_fact(self._handle, SENTINEL)
        if code > 1:  # an evaluation was interrupted between its end and the deletion of its state
            self._delete_state()
            code, state = self._module.assert_fact(self._handle, SENTINEL)
        started = self._module.start_action_for_state(self._handle, state)
        if code or started is None or started[1] != _SENTINEL_FIRED:
            raise EngineFailed("durable-rules does not fire on the fact that always fires")
        self._has_fired = True
        return state

    def _delete_state(self) -> None:
        if not self._has_fired:
            return  # interrupted in the very first steps: a state lost is better than a crash
        try:
            self._module.delete_state(self._handle, _STATE)
        except self._module.error:
            # There was none, or it could not be deleted: then the next sentinel is a duplicate and nothing is answered.
            return


@lru_cache(maxsize=64)
def _ruleset(rules: str) -> _Ruleset:
    return _Ruleset(rules)


def _c_module() -> _CModule | None:
    """The C module, or None if it cannot be used here."""
    with _LOADING:
        return _module()


@lru_cache(maxsize=1)
def _module() -> _CModule | None:
    """The C module, or None if it is not there, cannot be imported, is of another version or would be wrong here."""
    if struct.calcsize("l") < 8:
        return None  # its constants are C longs: it would cut bounds to 32 bits
    try:
        module = _import_lazily_bound()
    except ImportError:
        return None
    if not _is_known_version(str(getattr(module, "__file__", ""))):
        return None
    # Freeing one large block tells glibc to keep freed memory; otherwise it may hand every state's memory back to the
    # system and fetch it again, which makes an evaluation up to eight times as slow. Elsewhere this does nothing.
    # ``bytes`` and not ``bytearray``: it is asked for as zeros, so none of it is written to.
    block = bytes(8 << 20)
    del block
    return cast(_CModule, module)


def _import_lazily_bound() -> object:
    """The C module as the dynamic linker takes it when it does not insist on symbols that are never called.

    From Python 3.13 on one such symbol is missing, and the import fails without this.
    """
    if not hasattr(sys, "setdlopenflags"):
        return importlib.import_module("durable_rules_engine")
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        return importlib.import_module("durable_rules_engine")
    finally:
        sys.setdlopenflags(flags)


def _is_known_version(file: str) -> bool:
    """Whether the C module at this place is of ``VERSION``. Looks beside it first: package metadata is slow to read."""
    if os.path.isdir(os.path.join(os.path.dirname(file), f"durable_rules-{VERSION}.dist-info")):
        return True
    from importlib import metadata

    try:
        return metadata.version(NAME) == VERSION
    except metadata.PackageNotFoundError:
        return False
