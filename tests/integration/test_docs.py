"""Everything the documentation shows is run, so that it cannot drift from the library.

The blocks of a page are run in their order, in one empty folder with ``examples`` in it. What the info string means:

* ``yaml NAME``, ``csv NAME``, ``json NAME``: the block is written to that file; a contract must be free of findings,
  unless ``unfinished`` follows its name.
* ``yaml with NAME``: a part of a contract; put together with that file it must be free of findings.
  ``yaml with NAME refused CODE``: it must have that finding.
* ``console``: each ``$ bpo …`` is run and what it prints is compared; ``$ echo $?`` is the exit code. In the output, …
  stands for anything in a line, and a line … for any lines.
* ``python``: run, with what the page's earlier blocks defined; lines that begin with ``>>>`` are doctests.

``python tests/integration/test_docs.py`` writes what is printed today in place of outputs that differ.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bpo_contracts import BadInput, load_contract
from bpo_contracts.cli.main import main
from bpo_contracts.contract.clauses.kinds import KINDS

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = [
    "README.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "cookbook").glob("*.md")),
]
RUN: Final = ("yaml", "csv", "console", "python")
_BLOCK: Final = re.compile(r"^```(?P<info>[^`\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Page:
    """A page while its blocks are run: what Python defined, and the exit code of the last command."""

    name: str
    names: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    parts: int = 0

    def run(self, info: str, text: str) -> str:
        """Runs one block; the block as it should be."""
        language, *words = info.split() or [""]
        if language == "console":
            return self._console(text)
        if language == "python":
            self._python(text)
        elif language in ("yaml", "csv", "json") and words and words[0] != "with":
            self._file(text, *words)
        elif language == "yaml" and len(words) in (2, 4) and words[0] == "with":
            self._part(text, words[1], *words[3:])
        elif language == "json":
            json.loads(text)
        elif language in RUN:
            raise AssertionError(f"{self.name}: nothing is known about a block ```{info}")
        return text

    def _file(self, text: str, name: str, unfinished: str = "") -> None:
        assert unfinished in ("", "unfinished")
        Path(name).write_text(text, encoding="utf-8")
        if name.endswith(".yaml") and "\nclauses:" in text and not unfinished:
            load_contract(name)

    def _part(self, text: str, name: str, refused: str = "") -> None:
        whole = _joined(yaml.load(Path(name).read_text(encoding="utf-8"), yaml.BaseLoader), _as_list(text))
        self.parts += 1
        file = Path(f"part-{self.parts}.json")
        file.write_text(json.dumps(whole), encoding="utf-8")
        if refused:
            with pytest.raises(BadInput, match=refused):
                load_contract(file)
        else:
            load_contract(file)

    def _python(self, text: str) -> None:
        if not text.lstrip().startswith(">>>"):
            exec(compile(text, self.name, "exec"), self.names)
            return
        shown = io.StringIO()
        test = doctest.DocTestParser().get_doctest(text, self.names, self.name, None, None)
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        runner.run(test, out=shown.write, clear_globs=False)
        self.names |= test.globs
        assert not runner.failures, shown.getvalue()

    def _console(self, text: str) -> str:
        shown = []
        for command, expected in _commands(text):
            seen = self._command(command)
            shown.append(f"$ {command}\n" + (expected if matches(expected, seen) else _lasting(seen)))
        return "".join(shown)

    def _command(self, command: str) -> str:
        words = shlex.split(command.replace("\\\n", " "), comments=True)
        if words == ["echo", "$?"]:
            return f"{self.code}\n"
        if words[:2] == ["sed", "-i.bak"]:
            _, before, after, _ = words[2].split("/")
            changed = Path(words[3]).read_text(encoding="utf-8").replace(before, after)
            Path(words[3]).write_text(changed, encoding="utf-8")
            return ""
        assert words[0] == "bpo", f"{self.name}: only bpo and sed are run here, not {command!r}"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                self.code = main(words[1:])
            except SystemExit as stopped:
                self.code = int(stopped.code or 0)
        return re.sub(r"[ \t]+$", "", printed.getvalue(), flags=re.MULTILINE)


def matches(expected: str, seen: str) -> bool:
    """Whether the output is as expected, where … stands for anything in a line and a line … for any lines."""
    parts = [
        "(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in expected.splitlines()
    ]
    return re.fullmatch("".join(parts), seen) is not None


def _lasting(seen: str) -> str:
    """The output without what changes with every change of the library: digests, and which engines are installed."""
    return re.sub(r"\b[0-9a-f]{64}\b", "…", re.sub(r"reference 1, durable-rules .*", "reference 1…", seen))


def _commands(text: str) -> Iterator[tuple[str, str]]:
    assert text.startswith("$ "), "a console block begins with a command"
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        found = re.match(r"((?:[^\n]*\\\n)*[^\n]*)\n(.*)\Z", part, re.DOTALL)
        assert found is not None
        yield found[1], found[2]


def _as_list(text: str) -> Any:
    """A part of a contract; a list stands for clauses."""
    part = yaml.load(text, yaml.BaseLoader)
    return {"clauses": part} if isinstance(part, list) else part


def _joined(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: _joined(one[key], value) if key in one else value for key, value in other.items()}}
    return [*one, *other] if isinstance(one, list) and isinstance(other, list) else other


def run_page(name: str, write: Callable[[str], object] | None = None) -> None:
    """Runs every block of a page in the current folder; ``write`` takes the page as it should be."""
    page, text = Page(name), (ROOT / name).read_text(encoding="utf-8")
    Path("examples").symlink_to(ROOT / "examples")
    right = _BLOCK.sub(lambda block: f"```{block['info']}\n{page.run(block['info'], block['text'])}```", text)
    if write is not None:
        write(right)
    else:
        assert right == text


@pytest.mark.parametrize("name", PAGES)
def test_every_block_does_what_the_page_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_page(name)


@pytest.mark.parametrize("name", PAGES)
def test_no_block_is_left_out(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.count("\n```") == 2 * len(_BLOCK.findall(text)), "a block is not closed, or stands in a list"


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    text = _BLOCK.sub("", (ROOT / name).read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in link:
            assert (ROOT / name).parent.joinpath(link).exists(), link


@pytest.mark.parametrize(
    ("expected", "seen", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\n", "a\nb\n", False),
        ("a\n…\n", "a\nb\nc\n", True),
        ("a\n…\nd\n", "a\nb\nc\n", False),
        ("seal ab…\n", "seal abc\n", True),
        ("seal ab…\n", "seal ac\n", False),
        ("", "a\n", False),
    ],
)
def test_outputs_are_compared_line_by_line(expected: str, seen: str, same: bool) -> None:
    assert matches(expected, seen) is same


def test_every_kind_of_clause_is_in_the_language() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    listed = {
        kind for row in re.findall(r"^\| (`[a-z_`, ]+`) \|", text, re.MULTILINE) for kind in re.findall("[a-z_]+", row)
    }
    shown = set(re.findall(r"^ *- ([a-z_]+): [a-z_]+$", text, re.MULTILINE))
    assert sorted(KINDS.keys() - listed) == []
    assert sorted(KINDS.keys() - shown) == []


# --- the codes of findings ------------------------------------------------------------------------------------------

_RAISED: Final = re.compile(r'"(BPO[0-9]{3})",\s*(f?)"([^"]+)"')
_LISTED: Final = re.compile(r"^\| (BPO[0-9]{3}) \| ([a-z0-9, -]+) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)

TWO_MEANINGS: Final[frozenset[str]] = frozenset()
"""Codes that stand for two things until one of the two gets a number of its own; nothing may be added."""


def raised_codes() -> dict[str, set[str]]:
    """The slugs of each code in the source; what is filled in later stands as a star."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "src").rglob("*.py")):
        for code, formatted, slug in _RAISED.findall(file.read_text(encoding="utf-8")):
            found.setdefault(code, set()).add(re.sub(r"{\w+}", "*", slug) if formatted else slug)
    return found


def listed_codes() -> dict[str, set[str]]:
    """The slugs of each code in the documentation."""
    text = (ROOT / "docs" / "finding-codes.md").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for code, slugs in _LISTED.findall(text):
        found.setdefault(code, set()).update(slugs.split(", "))
    return found


def test_every_code_is_documented_with_its_slug() -> None:
    raised, listed = raised_codes(), listed_codes()
    assert sorted(raised) == sorted(listed)
    for code, slugs in raised.items():
        for slug in slugs:
            pattern = re.escape(slug).replace(r"\*", "[a-z]+")
            assert any(re.fullmatch(pattern, one) for one in listed[code]), f"{code} {slug}"


def test_every_code_has_one_meaning() -> None:
    assert {code for code, slugs in raised_codes().items() if len(slugs) > 1} <= TWO_MEANINGS


def test_every_code_in_a_docstring_or_page_exists() -> None:
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "src").rglob("*.py")]
    texts += [(ROOT / name).read_text(encoding="utf-8") for name in PAGES]
    named = {code for text in texts for code in re.findall(r"BPO[0-9]{3}", text)}
    assert named - set(raised_codes()) == set()


if __name__ == "__main__":
    here = os.getcwd()
    for each in sys.argv[1:] or PAGES:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            run_page(each, (ROOT / each).write_text)
            os.chdir(here)
