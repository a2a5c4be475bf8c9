"""Contract YAML: what is written is what is read.

YAML as people write it (maps, lists, texts, quotes, blocks, comments) and nothing of its machinery: no
anchors, aliases, merge keys, tags, directives or second documents, no tabs. No plain text is turned into
anything else: ``NO``, ``1.10``, ``010``, ``12:30`` and ``~`` stay texts.

The tree is built from the parser's events, one at a time, so that a limit stops the reading before
memory or the stack is at risk. The parser written in C is used where it is installed; it and the one in
Python accept the same documents here and give the same tree. (They differ on a few oddities of flow
style, ``?`` and ``:`` at the edge of a plain text, and ``|#``: those are refused by both.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bpo_contracts.formats.document_text import DocumentText, Problems, check_escaped
from bpo_contracts.formats.tree_builder import TreeBuilder
from bpo_contracts.formats.yaml_errors import ErrorPlace, explain, flow_sign
from bpo_contracts.values.nodes import DocNode, Scalar
from bpo_contracts.values.sources import Source

_PREAMBLE = re.compile(r"(?:[ ]*+(?:#[^\n]*+)?+\r?\n)*+(?P<directive>%[^\r\n]*)")
_LONE_HALF = "[\ud800-\udfff]"
_HALF_ESCAPE = r"\\(?:u|U0000)[dD][89a-fA-F]"
_HEADER_COMMENT = re.compile(r"[|>][-+0-9]*#")
_COLON = re.compile(r"\s*:")
_FLOW_EDGE = re.compile(r":[,?\[\]{}]")


def read_yaml(document: DocumentText) -> DocNode:
    """The tree of a YAML document.

    Raises:
        BadInput: with every finding up to the first that makes further reading impossible.
    """
    problems = Problems()
    _check_layout(document, problems)
    problems.raise_all()
    reader = _YamlReader(document, problems)
    for event in _events(document, problems):
        if not reader.take(event):
            break
    problems.raise_all()
    if reader.tree.root is None:
        place = document.place(0, 0) if document.text else Source(document.file)
        problems.add("BPO106", "empty-document", place, "The document is empty.", "Write the contract into it.")
        raise problems.stopped()
    return reader.tree.root


def _check_layout(document: DocumentText, problems: Problems) -> None:
    """Tabs and directives, which parsers treat differently, by the look of the text."""
    match = _PREAMBLE.match(document.text)
    if match:
        problem = f"{match['directive'][:40]!r} is an instruction to the YAML parser; a contract holds none."
        step = "Delete the line; a text that starts with % needs quotes."
        place = document.place_at(match.start("directive"), len(match["directive"]))
        problems.add("BPO114", "yaml-directive", place, problem, step)
    if "\t" not in document.text:
        return
    for number, line in enumerate(document.lines):
        column = line.find("\t")
        if column < 0:
            continue
        if line[:column].strip():
            problem = "The line holds a tab. How wide a tab is differs from program to program."
            step = 'Write spaces instead; inside a text in double quotes a tab is written "\\t".'
        else:
            problem = "The line is indented with a tab. Indentation says what belongs to what, and a tab has no width."
            step = "Indent with spaces, as the lines around it are."
        problems.add("BPO116", "tab", document.place(number, column), problem, step)


def _events(document: DocumentText, problems: Problems) -> Iterator[Any]:
    """The parser's events; its complaint becomes the last finding."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(document.text)
    try:
        while (event := loader.get_event()) is not None and not isinstance(event, yaml.StreamEndEvent):
            yield event
    except yaml.MarkedYAMLError as error:
        explain(document, ErrorPlace.of(error), problems)
        raise problems.stopped() from None
    except (ValueError, OverflowError):  # the parser in Python trips over an escape such as "\\UFFFFFFFF"
        mark = loader.get_mark()
        explain(document, ErrorPlace("", "escape", mark.line, mark.column, None), problems)
        raise problems.stopped() from None


class _YamlReader:
    """Turns events into the tree and findings."""

    def __init__(self, document: DocumentText, problems: Problems) -> None:
        self._document = document
        self._problems = problems
        self.tree = TreeBuilder(problems)
        self._documents = 0
        self._flow: list[bool] = []
        self._after_key = 0

    def take(self, event: Any) -> bool:
        """Take one event; False when the rest of the document is of no interest."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            source = self._place(event.start_mark)
            self._check_properties(event, source)
            self._flow.append(bool(event.flow_style))
            self.tree.start(is_map=isinstance(event, yaml.MappingStartEvent), source=source)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._flow.pop()
            self.tree.end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            return self._document_start(event)
        return True

    def _document_start(self, event: Any) -> bool:
        self._documents += 1
        if self._documents == 1:
            return True
        problem = "A second document starts here; a file holds one contract."
        step = "Move it to a file of its own, or delete the line --- if it belongs to the first."
        self._problems.add("BPO110", "several-documents", self._place(event.start_mark), problem, step)
        return False

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        plain = event.style in (None, "")
        text: str = event.value
        if plain and not text:
            source = self._empty_place(start)
            if not self._flow:  # nothing but --- in the file
                self._check_properties(event, source)
                return
        else:
            source = self._span(start, end)
            self._check_written(event, text, source)
        self._check_properties(event, source)
        if plain and text == "<<" and self.tree.expects_key:
            problem = "<< copies fields from elsewhere in the document (a merge key)."
            step = "Write the fields out where they belong, so that the clause can be read as it stands."
            self._problems.add("BPO113", "merge-key", source, problem, step)
        self._after_key = end.index
        self.tree.scalar(Scalar(text, not plain, source))

    def _check_written(self, event: Any, text: str, source: Source) -> None:
        style, document = event.style, self._document.text
        if style == '"':
            self._check_halves(event, text)
            check_escaped(text, source, self._problems)
        elif style in ("|", ">"):
            match = _HEADER_COMMENT.match(document, event.start_mark.index)
            if match:
                problem = f"The comment sign stands directly behind {document[event.start_mark.index]}."
                self._problems.add("BPO117", "yaml-syntax", source, problem, "Put a space before #.")
        elif style != "'" and self._flow and self._flow[-1]:
            sign = document.find("?", event.start_mark.index, event.end_mark.index)
            if sign < 0 and _FLOW_EDGE.match(document, event.end_mark.index):
                sign = event.end_mark.index
            if sign >= 0:
                problem, step = flow_sign(document[sign])
                self._problems.add("BPO117", "yaml-syntax", self._document.place_at(sign), problem, step)

    def _check_halves(self, event: Any, text: str) -> None:
        """Refuse half of a character (a lone surrogate), which the parser in C refuses itself."""
        if not text.isascii() and re.search(_LONE_HALF, text):
            escape = re.compile(_HALF_ESCAPE).search(self._document.text, event.start_mark.index)
            place = self._document.place_at(escape.start() if escape else event.start_mark.index)
            error = ErrorPlace("", "escape", place.line - 1, place.column - 1, None)
            explain(self._document, error, self._problems)
            raise self._problems.stopped()

    def _check_properties(self, event: Any, source: Source) -> None:
        if event.tag is not None:
            problem = f"{_shown(event.tag)} is a YAML tag, which tells a program to turn the value into something else."
            step = "Delete the tag; write the value alone, and in quotes if it starts with an exclamation mark."
            self._problems.add("BPO112", "yaml-tag", source, problem, step)
        if event.anchor is not None:
            problem = f"&{event.anchor[:40]} names this value so that it can be repeated elsewhere (an anchor)."
            step = "Delete the name and write the value out wherever it applies; put text that starts with & in quotes."
            self._problems.add("BPO111", "yaml-anchor", source, problem, step)

    def _alias(self, event: Any) -> None:
        source = self._span(event.start_mark, event.end_mark)
        problem = f"*{event.anchor[:40]} repeats a value from elsewhere in the document (an alias)."
        step = "Write the value out here, so that the clause stands alone; put text that starts with * in quotes."
        self._problems.add("BPO111", "yaml-anchor", source, problem, step)
        self._after_key = event.end_mark.index
        self.tree.scalar(Scalar("", True, source))  # a stand-in; the document is refused

    def _place(self, mark: Any) -> Source:
        return self._document.place(mark.line, mark.column)

    def _span(self, start: Any, end: Any) -> Source:
        """From ``start`` to ``end``, or to the end of the first line of a text that has several."""
        line: str = self._document.lines[start.line]
        stop = end.column if end.line == start.line else len(line.rstrip())
        return Source(self._document.file, start.line + 1, start.column + 1, line, max(1, stop - start.column))

    def _empty_place(self, mark: Any) -> Source:
        """Where a value was left out: behind the colon of its key, or else where the parser noticed."""
        if self.tree.key is None:
            return self._document.end if mark.index >= len(self._document.text) else self._place(mark)
        text = self._document.text
        rest = _COLON.match(text, self._after_key)
        return self._document.place_at(rest.end() if rest else self._after_key)


def _shown(tag: str) -> str:
    return "!!" + tag[18:58] if tag.startswith("tag:yaml.org,2002:") else tag[:40]
