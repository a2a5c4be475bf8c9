"""The text of a document: UTF-8, no hidden characters, one spelling for each character.

What a person reads on the screen must be what the program reads. So a document is UTF-8 (a byte order
mark in front is skipped); characters that cannot be seen or that change the order in which text is shown
are refused, and accented characters are written in one way only (Unicode normalisation form NFC): two
texts that look the same are the same.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source

DOCUMENT_BYTES_MAX = 1_048_576
FINDINGS_MAX = 100
ACCENTS_MAX = 30

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u00ad\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_BREAK = "\u2028\u2029"
_NO_CHARACTER = "\ufffe\uffff\ud800-\udfff"
# These are compiled when they are first needed: most documents are ASCII, and compiling wide ranges takes long.
_HIDDEN = f"[{_CONTROL}{_BIDI}{_INVISIBLE}{_BREAK}{_NO_CHARACTER}]"
_HIDDEN_IN_FILE = f"[{_CONTROL}{_BIDI}{_INVISIBLE}{_BREAK}{_NO_CHARACTER}]|\r(?!\n)"
_FAR_CHARACTERS = f"[\u0300-\U0010ffff]{{{ACCENTS_MAX + 1},}}"  # all combining characters are among them
_KINDS = (
    (f"[{_CONTROL}\r]", "a control character"),
    (f"[{_BIDI}]", "which changes the order in which the text is shown"),
    (f"[{_BREAK}]", "a line break that most tools do not show as one"),
    (f"[{_NO_CHARACTER}]", "half of a character or none at all"),
)


class Problems:
    """The findings of one reading, raised together; after ``FINDINGS_MAX`` of them the reading stops."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def add(
        self, code: str, name: str, source: Source, problem: str, next_step: str, also: tuple[Source, ...] = ()
    ) -> None:
        """Remember a finding.

        Raises:
            BadInput: with all findings so far, when there are too many to be of use.
        """
        self._findings.append(Finding(code, name, source, problem, next_step, also))
        if len(self._findings) >= FINDINGS_MAX:
            self._findings.append(
                Finding(
                    "BPO121",
                    "too-many-problems",
                    Source(source.file),
                    f"Reading stopped after {FINDINGS_MAX} problems; there may be more.",
                    "Correct these first.",
                )
            )
            self.raise_all()

    def raise_all(self) -> None:
        """Raise ``BadInput`` with the findings so far; return if there are none."""
        if self._findings:
            raise BadInput(self._findings)

    def stopped(self) -> BadInput:
        """The exception with the findings so far, for ``raise problems.stopped()`` where reading cannot go on."""
        return BadInput(self._findings)


@frozen
class DocumentText:
    """The text of a file, its lines without line ends, and where each of them starts."""

    file: str
    text: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]

    def place(self, line: int, column: int, length: int = 1) -> Source:
        """The place at ``line`` and ``column``, both counted from 0 as parsers do; never beyond the end of a line."""
        text = self.lines[line]
        return Source(self.file, line + 1, min(column, len(text)) + 1, text, max(1, length))

    def place_at(self, index: int, length: int = 1) -> Source:
        """The place of the character at ``index`` of the text."""
        line = bisect_right(self.starts, index) - 1
        return self.place(line, index - self.starts[line], length)

    @property
    def end(self) -> Source:
        """The place just after the last character that is not white space."""
        return self.place_at(len(self.text.rstrip(" \t\r\n")))


def document_text(text: str, file: str) -> DocumentText:
    """The text cut into its lines; a line ends with a line feed, or a carriage return and a line feed."""
    pieces = text.split("\n")
    starts = tuple(accumulate((len(piece) + 1 for piece in pieces[:-1]), initial=0))
    return DocumentText(file, text, tuple(piece.removesuffix("\r") for piece in pieces), starts)


def decode(data: bytes, file: str) -> DocumentText:
    """The text of a file from its bytes.

    Raises:
        BadInput: more than ``DOCUMENT_BYTES_MAX`` bytes (BPO102), bytes that are not UTF-8 (BPO103), hidden
            characters (BPO104), text that is not in normalisation form NFC (BPO105).
    """
    problems = Problems()
    if len(data) > DOCUMENT_BYTES_MAX:
        problems.add(
            "BPO102",
            "document-too-large",
            Source(file),
            f"The document has more than {DOCUMENT_BYTES_MAX:,} bytes (1 MiB), which is the limit for one document.",
            "Check that this is the right file; split a contract of this size.",
        )
        raise problems.stopped()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _report_encoding(data, error.start, file, problems)
        raise problems.stopped() from None
    document = document_text(text.removeprefix("\ufeff"), file)
    if not text.isascii() or not text.replace("\r\n", "").replace("\n", "").isprintable():
        _report_characters(document, problems)
        problems.raise_all()
    return document


def _report_encoding(data: bytes, offset: int, file: str, problems: Problems) -> None:
    before = data[:offset].decode("utf-8").removeprefix("\ufeff")
    line_end = data.find(b"\n", offset)
    rest = data[offset : line_end if line_end >= 0 else len(data)].decode("utf-8", "replace").removesuffix("\r")
    current = before[before.rfind("\n") + 1 :]
    place = Source(file, before.count("\n") + 1, len(current) + 1, current + rest)
    seen = f"Byte 0x{data[offset]:02X} at byte offset {offset} is not valid UTF-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        problem, now = f"{seen}: the file is in UTF-16 or UTF-32.", "UTF-16 or UTF-32"
    elif data[offset] == 0xED and data[offset + 1 : offset + 2] >= b"\xa0":
        problem, now = f"{seen}: it starts half of a character (a lone surrogate).", "another encoding"
    else:
        problem, now = f"{seen}; the file is probably in Latin-1 or Windows-1252.", "Latin-1"
    problems.add("BPO103", "not-utf-8", place, problem, f"Save the file as UTF-8; it seems to be in {now} now.")


def _report_characters(document: DocumentText, problems: Problems) -> None:
    hidden = False
    for match in re.finditer(_HIDDEN_IN_FILE, document.text):
        hidden = True
        place = document.place_at(match.start())
        problems.add("BPO104", "hidden-character", place, _hidden_problem(match.group()), _hidden_step(document.text))
    piled = _piled_accents(document.text)
    if piled is not None:
        _report_accents(document.place_at(piled), problems)
        return
    if hidden or unicodedata.is_normalized("NFC", document.text):
        return
    for number, column in _not_nfc(document.lines):
        _report_spelling(document.place(number, column), document.lines[number][column:], problems)


def _piled_accents(text: str) -> int | None:
    """Where more than ``ACCENTS_MAX`` combining characters follow one another, if they do.

    Normalising such text takes time that grows with the square of their number, so this check comes first.
    """
    for candidate in re.finditer(_FAR_CHARACTERS, text):
        count = 0
        for index in range(candidate.start(), candidate.end()):
            count = count + 1 if unicodedata.combining(text[index]) else 0
            if count > ACCENTS_MAX:
                return index - count + 1
    return None


def _report_accents(place: Source, problems: Problems) -> None:
    problem = f"More than {ACCENTS_MAX} accents stand on one character here."
    problems.add("BPO105", "text-not-composed", place, problem, "Type the text again.")


def _not_nfc(lines: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for number, line in enumerate(lines):
        if not unicodedata.is_normalized("NFC", line):
            composed = unicodedata.normalize("NFC", line)
            pairs = zip(line, composed, strict=False)
            same = next((i for i, (old, new) in enumerate(pairs) if old != new), min(len(line), len(composed)))
            yield number, same


def _report_spelling(place: Source, rest: str, problems: Problems) -> None:
    shown = unicodedata.normalize("NFC", rest[:2])
    problems.add(
        "BPO105",
        "text-not-composed",
        place,
        f"Characters here ({shown!r}) are written in parts, or in an older form, that looks the same as the usual one"
        " but is another text (it is not in Unicode form NFC).",
        "Type the characters again, or save the file with Unicode normalisation form NFC.",
    )


def _hidden_problem(character: str) -> str:
    kind = next((words for pattern, words in _KINDS if re.match(pattern, character)), "which cannot be seen")
    name = unicodedata.name(character, "")
    return f"The text holds U+{ord(character):04X}{f' ({name})' if name else ''}, {kind}."


def _hidden_step(text: str) -> str:
    if "\x00" in text[:4]:
        return "Save the file as UTF-8; it seems to be in UTF-16 or UTF-32 now."
    return "Delete the character; copying text from a word processor or a web page often brings it in."


def check_escaped(text: str, place: Source, problems: Problems) -> None:
    """The same rules for a text that was written with escapes (as in ``"\\u202e"``), which the file does not show.

    The findings go to ``problems``: BPO104 for the first hidden character (a carriage return counts as one), BPO105
    for text that is not in NFC.
    """
    if text.isascii() and text.isprintable():
        return
    match = re.search(_HIDDEN, text) or re.search("\r", text)
    if match:
        step = "Remove the escape; a line break is written \\n."
        problems.add("BPO104", "hidden-character", place, _hidden_problem(match.group()), step)
    elif text.isascii():
        return
    elif _piled_accents(text) is not None:
        _report_accents(place, problems)
    elif not unicodedata.is_normalized("NFC", text):
        _number, column = next(_not_nfc((text,)))
        _report_spelling(place, text[column:], problems)
