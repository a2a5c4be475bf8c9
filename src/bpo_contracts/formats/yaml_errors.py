"""What is wrong with YAML that cannot be read, in plain words.

A YAML parser says what it expected; the author needs to know what to change. Each kind of complaint is
told apart by what the parser was reading and by the characters at the place, and explained with the next
step. Both parsers (in C and in Python) lead to the same words and the same place.
"""

from __future__ import annotations

import re

import yaml

from bpo_contracts.formats.document_text import DocumentText, Problems
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source

_ESCAPE = r"\\(?:[xuU][0-9A-Fa-f]{0,8}|.)?"
_INDENTATION = "Indent the line like the lines it belongs to (same number of spaces), and those below it further."
_QUOTE = "Put the whole text in quotes."
_COMPARED = r"(>=?) ?([0-9][^:]*?) ?:"
_ROWS = "The others are 'X or less', 'under X', 'X to Y', 'X to under Y', 'over X to Y', 'exactly X', 'otherwise'."


@frozen
class ErrorPlace:
    """A parser's complaint: what it was reading, what it missed, and where, counted from 0.

    ``began`` is where the thing it was reading starts, if it says so.
    """

    context: str
    problem: str
    line: int
    column: int
    began: tuple[int, int] | None

    @classmethod
    def of(cls, error: yaml.MarkedYAMLError) -> ErrorPlace:
        """From the exception of either parser."""
        mark, began = error.problem_mark or error.context_mark, error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return cls(
            error.context or "", error.problem or "", line, column, (began.line, began.column) if began else None
        )


@frozen
class _Scene:
    """The place of a complaint with its surroundings."""

    document: DocumentText
    error: ErrorPlace
    place: Source

    @property
    def at_end(self) -> bool:
        return (self.place.line, self.place.column) >= (self.document.end.line, self.document.end.column)

    @property
    def character(self) -> str:
        return self.place.text[self.place.column - 1 : self.place.column]

    @property
    def before(self) -> str:
        """What stands on the line before the place."""
        return self.place.text[: self.place.column - 1]

    @property
    def opening(self) -> Source:
        """Where the thing being read starts."""
        return _place(self.document, *self.error.began) if self.error.began else self.place


def explain(document: DocumentText, error: ErrorPlace, problems: Problems) -> None:
    """Add the finding for a parser's complaint: BPO117, or BPO111, BPO112, BPO114 where one of those is the cause."""
    scene = _Scene(document, error, _place(document, error.line, error.column))
    if not (_property(scene, problems) or _escape(scene, problems) or _unclosed(scene, problems)):
        source, problem, step = _character(scene) or _line(scene)
        problems.add("BPO117", "yaml-syntax", source, problem, step)


def flow_sign(sign: str) -> tuple[str, str]:
    """Problem and next step for ``?`` or ``:`` in or at the edge of a plain text between brackets."""
    return f"Between brackets {sign} is a sign of its own and cannot be part of a text.", "Put the text in quotes."


def _place(document: DocumentText, line: int, column: int) -> Source:
    """The place at line and column counted from 0, but never behind the end: parsers differ on where that is."""
    end = document.end
    return document.place(line, column) if (line + 1, column + 1) < (end.line, end.column) else end


def _property(scene: _Scene, problems: Problems) -> bool:
    """Broken anchors, aliases, tags and directives: they are refused anyway."""
    doing = f"{scene.error.context} {scene.error.problem}"
    if re.search(r"\b(anchor|alias)\b", doing):
        problem = "& and * at the start of a text name and repeat values, which contracts do not use."
        step = "Write the value out; put text that starts with & or * in quotes."
        problems.add("BPO111", "yaml-anchor", scene.opening, problem, step)
    elif re.search(r"\btag\b", doing):
        problem = "An exclamation mark at the start of a text is a YAML tag, which contracts do not use."
        step = "Delete the tag; put text that starts with an exclamation mark in quotes."
        problems.add("BPO112", "yaml-tag", scene.opening, problem, step)
    elif "directive" in doing or (scene.character == "%" and not scene.before):
        problem = "A line that starts with % is an instruction to the YAML parser; a contract holds none."
        problems.add("BPO114", "yaml-directive", scene.opening, problem, "Delete the line; put the text in quotes.")
    else:
        return False
    return True


def _escape(scene: _Scene, problems: Problems) -> bool:
    if not re.search("escape|hex", scene.error.problem):
        return False
    column = max(0, scene.place.text.rfind("\\", 0, scene.place.column))
    escape = re.compile(_ESCAPE).match(scene.place.text, column)
    shown = escape.group() if escape else "\\"
    problem = f"{shown} is not an escape that YAML knows; in double quotes a backslash starts one."
    step = "Write \\\\ for a backslash, or put the text in single quotes, where a backslash is just a character."
    place = scene.document.place(scene.place.line - 1, column, len(shown))
    problems.add("BPO117", "yaml-syntax", place, problem, step)
    return True


def _unclosed(scene: _Scene, problems: Problems) -> bool:
    opening = scene.opening
    sign = opening.text[opening.column - 1 : opening.column]
    closing = {'"': '"', "'": "'", "[": "]", "{": "}"}.get(sign)
    flow = re.search(r"flow (sequence|mapping|node)", scene.error.context) is not None
    if "quoted scalar" in scene.error.context and closing:
        problem = f"The quote {sign} opened here is not closed."
        step = (
            f"Close it with {closing}; a quote inside the text is written twice ('') in single quotes, \\\" in double."
        )
        problems.add("BPO117", "yaml-syntax", opening, problem, step)
    elif flow and scene.at_end:
        problem = "A bracket [ or { is not closed before the document ends."
        also = (opening,) if closing else ()
        problems.add("BPO117", "yaml-syntax", scene.place, problem, "Close it with ] or }.", also)
    elif flow and scene.character == "?":
        problems.add("BPO117", "yaml-syntax", scene.place, *flow_sign("?"))
    elif flow and closing:
        problem = f"Between {sign} and {closing} commas separate the values; here a comma or {closing} is missing."
        step = f"Add it; put texts that hold any of , [ ] {{ }} : ? in quotes. The {sign} is at {opening}."
        problems.add("BPO117", "yaml-syntax", scene.place, problem, step, (opening,))
    else:
        return False
    return True


def _character(scene: _Scene) -> tuple[Source, str, str] | None:
    """Complaints that hang on one character."""
    problem, character = scene.error.problem, scene.character
    if "cannot start any token" in problem:
        return scene.place, f"A text cannot start with {character} in YAML.", _QUOTE
    if "mapping values are not allowed" in problem:
        return _second_colon(scene)
    if "sequence entries are not allowed" in problem:
        words = "A list starts on the line of its key, or - stands where a text belongs."
        return scene.place, words, "Start the list on the next line; put text that starts with - and a space in quotes."
    if "mapping keys are not allowed" in problem:
        return scene.place, "A text cannot start with ? and a space in YAML.", _QUOTE
    if "block scalar" in scene.error.context:
        row = re.match(_COMPARED, scene.opening.text[scene.opening.column - 1 :])
        if row:
            words = f"In YAML {row[1]} does not compare: a line that starts with > is text over several lines."
            phrase = f"{row[2]} or more" if row[1] == ">=" else f"over {row[2]}"
            return scene.opening, words, f"Write the row in words: '{phrase}'. {_ROWS}"
        words = "Behind | or > there can be only +, - and the number of spaces of indentation (1 to 9)."
        return scene.opening, words, "Start the text on the next line; put text that starts with | or > in quotes."
    if "found unexpected ':'" in problem:
        return scene.place, *flow_sign(":")
    if "node content" in problem:
        shown = f"{character} stands where a value belongs." if character else "A value is missing here."
        return scene.place, shown, "Write the value, or delete the sign; put text that starts with it in quotes."
    return None


def _second_colon(scene: _Scene) -> tuple[Source, str, str]:
    if re.search(r":\s", scene.before):
        words = "A second colon with a space behind it stands on the line; it would make the text a key."
        return scene.place, words, "Put the text behind the first colon in quotes."
    words = "A key cannot start here: the line is a continuation of the value above it, which is a text already."
    return scene.place, words, _INDENTATION


def _line(scene: _Scene) -> tuple[Source, str, str]:
    """Complaints about how the lines fit together."""
    context, problem = scene.error.context, scene.error.problem
    if "simple key" in context:
        return (
            scene.opening,
            "This line is neither a field nor a list item: it has no colon.",
            ("Write a colon and a space behind the name of the field; indent the line if it continues the text above."),
        )
    if re.search(r"[\"'\]}]\s*\Z", scene.before):
        words = "More text stands behind a closed quote or bracket."
        return scene.place, words, "Put the whole text in quotes, and quotes inside it in the other kind."
    if "block collection" in context:
        return scene.place, "The line stands in a list and does not start with a hyphen and a space.", _INDENTATION
    if "block mapping" in context and scene.character == "-":
        return scene.place, "A list item stands where the next field belongs.", _INDENTATION
    if "document start" in problem:
        return (
            scene.place,
            "The document is complete before this line, which stands further left or is left over.",
            (_INDENTATION),
        )
    if "block mapping" in context:
        return scene.place, "The indentation of this line fits none of the lines above.", _INDENTATION
    return scene.place, "The document cannot be read from here on.", "Check quotes, brackets, colons and indentation."
