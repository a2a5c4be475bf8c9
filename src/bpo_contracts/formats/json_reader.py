"""Contract JSON: RFC 8259, with a place for every value and nothing lost.

The tree is the one YAML gives. A number with a point or an exponent, or of more than 15 digits, is refused:
programs on the way read it as binary floating point and may change it; as text in quotes it stays what it
is. ``true`` and ``false`` are the texts "true" and "false"; ``null`` is refused, a field without a value is
left out.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from bpo_contracts.formats.document_text import DocumentText, Problems, check_escaped
from bpo_contracts.formats.tree_builder import TreeBuilder
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.nodes import DocNode, Scalar
from bpo_contracts.values.sources import Source

_SPACE = re.compile(r"[ \t\r\n]*+")
_STRING_BODY = re.compile(r'(?:[^"\\\t\r\n]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|(["\\/bfnrt]))')
_WORD = re.compile(r"[-+.\w$]+")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\Z", re.ASCII)
_NUMBER_LIKE = re.compile(r"[-+]?(?:\.?[0-9]|NaN\b|Infinity\b|nan\b|inf\b)", re.ASCII)
_SHORT = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LONE_HALF = re.compile("[\ud800-\udfff]")


class _Next(Enum):
    """What the grammar expects."""

    VALUE = auto()
    VALUE_OR_END = auto()
    KEY = auto()
    KEY_OR_END = auto()
    COLON = auto()
    COMMA_OR_END = auto()
    NOTHING = auto()


def read_json(document: DocumentText) -> DocNode:
    """The tree of a JSON document.

    Raises:
        BadInput: with every finding up to the first that makes further reading impossible.
    """
    problems = Problems()
    root = _JsonReader(document, problems).read()
    problems.raise_all()
    if root is None:
        place = document.place(0, 0) if document.text else Source(document.file)
        problems.add("BPO106", "empty-document", place, "The document is empty.", "Write the contract into it.")
        raise problems.stopped()
    return root


class _JsonReader:
    """One pass over the text, with a list of the open brackets instead of recursion."""

    def __init__(self, document: DocumentText, problems: Problems) -> None:
        self._document = document
        self._text = document.text
        self._problems = problems
        self._tree = TreeBuilder(problems)
        self._brackets: list[str] = []
        self._next = _Next.VALUE
        self._position = 0

    def read(self) -> DocNode | None:
        """The tree, or None for an empty document."""
        while (position := self._skip_space()) < len(self._text):
            character = self._text[position]
            if self._next is _Next.COLON:
                self._sign(character, ":")
            elif self._next is _Next.COMMA_OR_END and character == ",":
                self._position += 1
                self._next = _Next.KEY if self._brackets[-1] == "{" else _Next.VALUE
            elif character in "]}":
                self._close(character)
            elif self._next is _Next.NOTHING:
                raise self._stop("The document is complete, and more follows.", "Delete the rest.")
            elif self._next is _Next.COMMA_OR_END:
                raise self._stop("A comma is missing here.", "Separate fields and values with commas.")
            else:
                self._value_or_key(character)
        if self._next is not _Next.NOTHING and (self._brackets or self._tree.root is not None):
            raise self._stop(f"The document ends, and {self._brackets[-1]} is not closed.", "Write the rest of it.")
        return self._tree.root

    def _skip_space(self) -> int:
        match = _SPACE.match(self._text, self._position)
        self._position = match.end() if match else self._position
        return self._position

    def _sign(self, character: str, wanted: str) -> None:
        if character != wanted:
            raise self._stop("A colon is missing behind the name of the field.", 'Write it as in "name": "value".')
        self._position += 1
        self._next = _Next.VALUE

    def _close(self, character: str) -> None:
        opening = "[" if character == "]" else "{"
        if not self._brackets or self._brackets[-1] != opening:
            raise self._stop(
                f"{character} closes nothing that is open here.", "Delete it, or close what is open first."
            )
        if self._next in (_Next.VALUE, _Next.KEY):
            behind = "a comma" if self._text[: self._position].rstrip(" \t\r\n").endswith(",") else "a colon"
            problem = f"A value is missing between {behind} and {character}."
            raise self._stop(problem, "Write it, or delete what is too much.")
        self._brackets.pop()
        self._position += 1
        self._tree.end()
        self._after_value()

    def _after_value(self) -> None:
        self._next = _Next.COMMA_OR_END if self._brackets else _Next.NOTHING

    def _value_or_key(self, character: str) -> None:
        is_key = self._next in (_Next.KEY, _Next.KEY_OR_END)
        if character == '"':
            self._tree.scalar(self._string())
        elif is_key:
            raise self._stop("The name of a field belongs here, in double quotes.", 'Write it as in "name": "value".')
        elif character in "[{":
            self._tree.start(is_map=character == "{", source=self._document.place_at(self._position))
            self._brackets.append(character)
            self._position += 1
            self._next = _Next.KEY_OR_END if character == "{" else _Next.VALUE_OR_END
            return
        else:
            self._word()
        if is_key:
            self._next = _Next.COLON
        else:
            self._after_value()

    def _string(self) -> Scalar:
        start = self._position
        match = _STRING_BODY.match(self._text, start + 1)
        end = match.end() if match else start + 1
        if self._text[end : end + 1] != '"':
            raise self._broken_string(start, end)
        self._position = end + 1
        source = self._document.place_at(start, end + 1 - start)
        text = self._text[start + 1 : end]
        if "\\" in text:
            text = _ESCAPE.sub(_unescape, text)
            if _LONE_HALF.search(text):
                problem = "An escape here (\\ud800 to \\udfff) is half of a character; the other half is missing."
                self._problems.add("BPO104", "hidden-character", source, problem, "Write the character itself.")
                return Scalar("", True, source)
            check_escaped(text, source, self._problems)
        return Scalar(text, True, source)

    def _broken_string(self, start: int, end: int) -> BadInput:
        found = self._text[end : end + 1]
        if found == "\\":
            self._position = end
            step = "Write \\\\ for a backslash."
            return self._stop(f"{self._text[end : end + 2].strip()} is not an escape that JSON knows.", step)
        if found == "\t":
            self._position = end
            return self._stop("A tab stands inside a text.", "Write \\t, or spaces.")
        self._position = start
        return self._stop(
            "The quote opened here is not closed on its line.", 'Close it with "; write a line break as \\n.'
        )

    def _word(self) -> None:
        match = _WORD.match(self._text, self._position)
        if not match:
            raise self._stray()
        word = match.group()
        source = self._document.place_at(self._position, len(word))
        self._position = match.end()
        text = word
        if word == "null":
            step = "Leave the field out; null does not say whether it is unknown, none or forgotten."
            self._problems.add("BPO120", "json-null", source, "null stands for a value that is not there.", step)
        elif _NUMBER_LIKE.match(word):
            if not _INTEGER.match(word):
                self._report_number(word, source)
        elif word not in ("true", "false"):
            problem = f"{word[:40]!r} is neither a text in double quotes nor a number, true or false."
            self._problems.add("BPO118", "json-syntax", source, problem, "Put text in double quotes.")
        self._tree.scalar(Scalar(text, False, source))

    def _report_number(self, word: str, source: Source) -> None:
        problem = f"The number {word[:40]} stands without quotes; many programs would change it without a word."
        if not re.match(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z", word, re.ASCII):
            problem = f"{word[:40]!r} is not a number that JSON knows."
        step = 'Write it as text in quotes, as in "98.5": JSON numbers lose digits in other tools.'
        self._problems.add("BPO119", "json-number", source, problem, step)

    def _stray(self) -> BadInput:
        character = self._text[self._position]
        if character == "'":
            return self._stop("Text in single quotes is not JSON.", "Use double quotes.")
        if character in "/#":
            return self._stop("JSON has no comments.", "Delete the comment, or write the document in YAML.")
        if character == "," and self._next is _Next.VALUE_OR_END:
            return self._stop("A comma stands before the first value.", "Delete it.")
        return self._stop(f"A value belongs here, not {character!r}.", "Write the value; put text in double quotes.")

    def _stop(self, problem: str, step: str) -> BadInput:
        at_end = self._position >= len(self._text)
        place = self._document.end if at_end else self._document.place_at(self._position)
        self._problems.add("BPO118", "json-syntax", place, problem, step)
        return self._problems.stopped()


def _unescape(match: re.Match[str]) -> str:
    high, low, short = match.groups()
    if short:
        return _SHORT[short]
    first = int(high, 16)
    if low is None:
        return chr(first)
    if 0xD800 <= first <= 0xDBFF:
        return chr(0x10000 + ((first - 0xD800) << 10) + (int(low, 16) - 0xDC00))
    return chr(first) + chr(int(low, 16))
