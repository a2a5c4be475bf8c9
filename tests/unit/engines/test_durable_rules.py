"""The adapter of durable-rules: what it refuses, how it fails, what it holds on to."""

from __future__ import annotations

import gc
import importlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import metadata
from types import SimpleNamespace

import pytest

from bpo_contracts.engines import durable_rules
from bpo_contracts.engines.durable_rules import FACTS_MAX, DurableRules, engine_for
from bpo_contracts.engines.durable_rules_shards import ATOMS_MAX, PROPERTIES_MAX, RULES_PER_SHARD, SENTINEL
from bpo_contracts.rules.port import Engine, EngineFailed
from bpo_contracts.rules.reference import Reference
from bpo_contracts.rules.rulebook import Branch, Comparison, Fact, Firing, Question, Rulebook
from bpo_contracts.values.findings import BadInput

needs_engine = pytest.mark.skipif(not durable_rules.available(), reason="durable-rules cannot be imported here")


def table(key: str, rows: int = 5, shift: int = 0) -> Question:
    edges = [Comparison(0, ">=", 10 * row + shift) for row in range(1, rows)]
    uppers = [Comparison(0, "<", 10 * row + shift) for row in range(1, rows)]
    every = [tuple(edges[row - 1 : row] if row else []) + tuple(uppers[row : row + 1]) for row in range(rows)]
    branches = tuple(Branch(f"row {row}", (conditions,)) for row, conditions in enumerate(every))
    return Question(key, f"4.{key}", "which row?", ("availability",), branches)


def contract(questions: int = 20, shift: int = 0) -> Rulebook:
    return Rulebook(tuple(table(str(number), shift=shift) for number in range(questions)))


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing is remembered from before, or left for later."""
    caches = (durable_rules._module, durable_rules._cached_engine, durable_rules._ruleset)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="an extra from Python 3.13 on")
def test_the_engine_is_there_where_it_is_required() -> None:
    assert durable_rules.available()


@needs_engine
def test_it_names_itself_and_its_version() -> None:
    engine: Engine | None = engine_for(contract())
    assert engine is not None
    assert (engine.name, engine.version) == ("durable-rules", metadata.version("durable-rules"))


@needs_engine
def test_a_table_is_answered_row_by_row() -> None:
    facts = [Fact(0, site, (at,)) for site, at in [("", 9), ("Lagos", 10), ("Manila", 39), ("Pune", 40)]]
    assert DurableRules(contract()).fire(facts) == {
        Firing(0, "", 0),
        Firing(0, "Lagos", 1),
        Firing(0, "Manila", 3),
        Firing(0, "Pune", 4),
    }


@needs_engine
def test_nothing_asked_nothing_fires() -> None:
    assert DurableRules(contract()).fire([]) == frozenset()
    assert DurableRules(Rulebook(())).fire([]) == frozenset()


@needs_engine
@pytest.mark.parametrize("position", [2**62, -(2**62), 2**70, True, 1.0, "1"])
def test_a_position_no_engine_can_take_is_refused(position: object) -> None:
    with pytest.raises(ValueError, match="not a position for question 3"):
        DurableRules(contract()).fire([Fact(3, "", (position,))])  # type: ignore[arg-type]


@needs_engine
@pytest.mark.parametrize("positions", [(), (1, 2)])
def test_a_fact_with_too_few_or_too_many_positions_is_refused(positions: tuple[int, ...]) -> None:
    with pytest.raises(TypeError):
        DurableRules(contract()).fire([Fact(0, "", positions)])


@needs_engine
def test_a_question_about_too_many_values_is_refused_with_its_clause() -> None:
    wide = Question("wide", "9.9", "is all well?", ("x",) * (ATOMS_MAX + 1), (Branch("yes", ((),)),))
    with pytest.raises(BadInput, match=r"Clause 9\.9 asks about 201 values"):
        engine_for(Rulebook((wide,)))


@needs_engine
def test_one_engine_for_equal_rulebooks_and_another_for_others(fresh: None) -> None:
    assert engine_for(contract()) is engine_for(contract())
    assert engine_for(contract()) is not engine_for(contract(shift=1))


def fnv_1a(text: str) -> int:
    """The hash by which the C code knows every name: 32-bit FNV-1a."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def test_the_hash_is_the_one_the_c_code_uses() -> None:
    assert [fnv_1a(name) for name in ("id", "sid", "$and")] == [926444256, 3593476751, 3746487396]


def test_no_two_generated_names_have_one_hash() -> None:
    words = "all any pri count cap dist id sid m s name $s $m $i $forward $lt $lte $gt $gte $eq $neq $mt $imt $iall"
    words += " $iany $ex $nex $or $and $add $sub $mul $div $l $r $time $timerName $baseTime"
    kinds = [f"q{number:02}" for number in range(RULES_PER_SHARD)]
    atoms = [f"a{number}" for number in range(PROPERTIES_MAX)]
    properties = [*words.split(), *kinds, *atoms]
    facts = ["s", "sid-0", *(start[7:10] for start in durable_rules._FACT_STARTS)]
    assert facts[2:] == [f"f{number:02}" for number in range(FACTS_MAX)]
    for names in (properties, facts):
        assert len({fnv_1a(name) for name in names}) == len(names)


IMPORTED = """
import sys, bpo_contracts.engines.durable_rules
print({'durable_rules_engine', 'importlib.metadata'} & {*sys.modules})
"""


def run(code: str) -> str:
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def test_importing_the_adapter_does_not_import_the_engine() -> None:
    assert run(IMPORTED) == "set()"


@needs_engine
def test_using_the_engine_reads_no_package_metadata_and_leaves_the_linker_as_it_was() -> None:
    used = IMPORTED.replace("print", "f = sys.getdlopenflags(); bpo_contracts.engines.durable_rules.available(); print")
    assert run(used.replace("print(", "print(f == sys.getdlopenflags(), ")) == "True {'durable_rules_engine'}"


def test_the_linker_is_told_not_to_insist_while_the_c_module_is_imported(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(importlib, "import_module", lambda name: seen.append((name, sys.getdlopenflags())))
    durable_rules.available()
    assert seen == [("durable_rules_engine", os.RTLD_LAZY)]


def test_without_the_c_module_there_is_no_engine(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(f"undefined symbol in {name}")

    monkeypatch.setattr(importlib, "import_module", missing)
    assert not durable_rules.available()
    assert engine_for(contract()) is None
    with pytest.raises(EngineFailed, match="cannot be imported"):
        DurableRules(contract()).fire([Fact(0, "", (1,))])


@pytest.mark.parametrize("version", ["2.0.27", "2.0.29", None])
def test_another_version_is_not_used(fresh: None, monkeypatch: pytest.MonkeyPatch, version: str | None) -> None:
    def installed(name: str) -> str:
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(importlib, "import_module", lambda name: SimpleNamespace(__file__="/nowhere/x.so"))
    monkeypatch.setattr(metadata, "version", installed)
    assert engine_for(contract()) is None


def test_the_known_version_is_used_wherever_it_is_installed(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib, "import_module", lambda name: SimpleNamespace(__file__="/nowhere/x.so"))
    monkeypatch.setattr(metadata, "version", lambda name: durable_rules.VERSION)
    assert durable_rules.available()


def test_where_c_longs_are_short_there_is_no_engine(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_rules, "struct", SimpleNamespace(calcsize=lambda code: 4))
    assert engine_for(contract()) is None


class Misbehaving:
    """The C module, but one of its functions answers something else."""

    def __init__(self, function: str, answer: object) -> None:
        real = durable_rules._module()
        for name in dir(real):
            setattr(self, name, getattr(real, name))
        self.honest, self.calls, self.function, self.answer = getattr(real, function), 0, function, answer

    def misbehave(self) -> None:
        setattr(self, self.function, lambda *arguments: self.next_answer(arguments))

    def next_answer(self, arguments: tuple[object, ...]) -> object:
        """The honest answer, but for the second call (the first one is about the sentinel)."""
        self.calls += 1
        if self.calls != 2:
            return self.honest(*arguments)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


FACT = '":{"m":{"id":"f00","q00":1,"a0":5,"q05":1,"a2":15}}}'


@needs_engine
@pytest.mark.parametrize(
    ("function", "answer", "sentence"),
    [
        ("assert_fact", (2, 1), "takes a fact for one it has already"),
        ("assert_fact", (3, 1), "takes a fact for one it has already"),
        ("complete_and_start_action", '{"r99' + FACT, "was not given"),
        ("complete_and_start_action", '{"r00' + FACT.replace("f00", "f77"), "was not given"),
        ("complete_and_start_action", '{"r00' + FACT.replace("f00", "fxx"), "was not given"),
        ("complete_and_start_action", '{"r10' + FACT, "was not asked"),
        ("complete_and_start_action", '{"s":{"m":{"id":"s","s":1}}}', "was not given"),
    ],
)
def test_an_engine_that_breaks_its_rules_gives_no_answer(
    fresh: None, monkeypatch: pytest.MonkeyPatch, function: str, answer: object, sentence: str
) -> None:
    module = Misbehaving(function, answer)
    engine = DurableRules(contract())
    monkeypatch.setattr(durable_rules, "_module", lambda: module)
    facts = [Fact(0, "", (5,)), Fact(1, "", (15,))]
    assert engine.fire(facts) == {Firing(0, "", 0), Firing(1, "", 1)}
    module.misbehave()
    with pytest.raises(EngineFailed, match=sentence):
        engine.fire(facts)
    assert engine.fire(facts) == {Firing(0, "", 0), Firing(1, "", 1)}, "the next evaluation starts clean"


@needs_engine
def test_an_error_of_the_c_module_is_an_engine_failure_and_the_next_evaluation_starts_clean(fresh: None) -> None:
    ruleset = durable_rules._Ruleset('{"s":{"all":[{"m":{"s":1}}]},"r00":{"all":[{"m":{"q00":1}}]}}')
    with pytest.raises(EngineFailed, match="error code"):
        ruleset.evaluate(["this is not a fact"])
    assert ruleset.evaluate(['"q00":1}']) == ['{"r00":{"m":{"id":"f00","q00":1}}}']


@needs_engine
def test_an_evaluation_that_was_interrupted_leaves_nothing_behind(fresh: None) -> None:
    ruleset = durable_rules._Ruleset('{"s":{"all":[{"m":{"s":1}}]},"r00":{"all":[{"m":{"q00":1}}]}}')
    ruleset._open_state()
    ruleset._module.assert_fact(ruleset._handle, '{"id":"f07","q00":1}')
    assert ruleset.evaluate(['"q00":1}']) == ['{"r00":{"m":{"id":"f00","q00":1}}}']


@needs_engine
def test_a_fact_of_one_question_is_not_taken_for_that_of_another() -> None:
    engine = DurableRules(contract())
    with pytest.raises(TypeError, match="question 1 is not about 2 values"):
        engine.fire([Fact(1, "", (1, 2)), Fact(0, "", ())])
    twice = [Fact(0, "", (5,)), Fact(0, "", (15,)), Fact(0, "", (15,)), Fact(7, "Lagos", (25,))]
    assert engine.fire(twice) == {Firing(0, "", 0), Firing(0, "", 1), Firing(7, "Lagos", 2)}


@needs_engine
def test_a_ruleset_without_sentinel_is_never_used(fresh: None) -> None:
    with pytest.raises(EngineFailed, match="always fires"):
        durable_rules._Ruleset('{"r00":{"all":[{"m":{"q00":1}}]}}')


@needs_engine
def test_a_ruleset_gives_its_memory_back_when_nobody_uses_it(fresh: None) -> None:
    engine = DurableRules(contract(questions=1))
    engine.fire([Fact(0, "", (1,))])
    module, handle = durable_rules._module(), durable_rules._ruleset(engine._shards[0].rules)._handle
    assert module is not None
    durable_rules._ruleset.cache_clear()
    gc.collect()
    with pytest.raises(module.error, match="111"):  # no such ruleset
        module.assert_fact(handle, SENTINEL)
    assert engine.fire([Fact(0, "", (1,))]) == {Firing(0, "", 0)}, "and is made again when it is needed"


@needs_engine
def test_several_threads_may_use_one_engine_while_rulesets_come_and_go(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = [engine_for(contract(shift=shift)) for shift in range(4)]
    references = [Reference(contract(shift=shift)) for shift in range(4)]
    wrong: list[object] = []

    def work(seed: int) -> None:
        for turn in range(60):
            facts = [Fact(question, "", ((question * 7 + turn + seed) % 60,)) for question in range(20)]
            number = (seed + turn) % 4
            engine = engines[number]
            if engine is None or engine.fire(facts) != references[number].fire(facts):
                wrong.append((seed, turn))
            if turn % 20 == 10:
                durable_rules._ruleset.cache_clear()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


GROWTH = """
import sys
from bpo_contracts.engines.durable_rules import engine_for
from bpo_contracts.rules.rulebook import Branch, Comparison, Fact, Question, Rulebook

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4

def contract(shift):
    rows = tuple(Branch("row", ((Comparison(0, ">=", 10 * n + shift), Comparison(0, "<", 10 * n + 10 + shift)),))
                 for n in range(5))
    return Rulebook(tuple(Question(str(q), "1", "?", ("x",), rows) for q in range(4)))

def month(number):
    facts = [Fact(q, site, (number % 50,)) for q in range(4) for site in ("", "Lagos")]
    engine_for(contract(number % contracts)).fire(facts)

contracts = int(sys.argv[1])
for number in range(200):
    month(number)
before = resident()
for number in range(200, 200 + int(sys.argv[2])):
    month(number)
print(resident() - before)
"""


@needs_engine
@pytest.mark.skipif(sys.platform != "linux", reason="reads the resident memory from /proc")
@pytest.mark.parametrize(("contracts", "months"), [(1, 10_000), (10**9, 1_000)])
def test_memory_does_not_grow_with_evaluations_or_contracts(contracts: int, months: int) -> None:
    """A state that was not deleted would keep 300 KiB, and so would a ruleset; here months pass, or contracts do."""
    code = [sys.executable, "-c", GROWTH, str(contracts), str(months)]
    grown = int(subprocess.run(code, capture_output=True, text=True, check=True).stdout)
    assert grown < 4096, f"{grown} KiB more after {months} evaluations"
