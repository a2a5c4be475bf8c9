"""Building the tree of a document, one value after the other, within limits.

A document has at most 32 levels and 50,000 values and keys, and a key occurs once in its map. The limits hold
before anything else looks at the document, so no later step can be made to run long or deep by it.
"""

from __future__ import annotations

from dataclasses import field

from bpo_contracts.formats.document_text import Problems
from bpo_contracts.values.frozen import slotted
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Scalar
from bpo_contracts.values.sources import Source

DEPTH_MAX = 32
NODES_MAX = 50_000


@slotted
class _Open:
    """A list or map that is being read; ``key`` waits for its value."""

    is_map: bool
    source: Source
    items: list[DocNode] = field(default_factory=list[DocNode])
    entries: list[tuple[Scalar, DocNode]] = field(default_factory=list[tuple[Scalar, DocNode]])
    key: Scalar | None = None
    keys: dict[str, Source] = field(default_factory=dict[str, Source])


class TreeBuilder:
    """Takes scalars and the starts and ends of lists and maps; gives the tree. Findings go to ``problems``."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._open: list[_Open] = []
        self._nodes = 0
        self.root: DocNode | None = None

    @property
    def key(self) -> Scalar | None:
        """The key that waits for its value, if the next value belongs to one."""
        return self._open[-1].key if self._open else None

    @property
    def expects_key(self) -> bool:
        """Whether the next value is the key of a map."""
        return bool(self._open) and self._open[-1].is_map and self._open[-1].key is None

    def start(self, *, is_map: bool, source: Source) -> None:
        """A map or a list starts.

        Raises:
            BadInput: deeper than ``DEPTH_MAX`` (BPO107), more than ``NODES_MAX`` values (BPO108); with all earlier
                findings.
        """
        self._count(source)
        if len(self._open) >= DEPTH_MAX:
            problem = f"Lists and maps stand in one another more than {DEPTH_MAX} levels deep here."
            self._problems.add("BPO107", "too-deep", source, problem, "Write the document flatter.")
            raise self._problems.stopped()
        self._open.append(_Open(is_map, source))

    def end(self) -> None:
        """The innermost map or list ends."""
        done = self._open.pop()
        if not done.is_map:
            self._put(ListNode(tuple(done.items), done.source))
            return
        source = done.source
        if done.entries and (first := done.entries[0][0].source).column == source.column and first.line == source.line:
            source = first
        self._put(MapNode(tuple(done.entries), source))

    def scalar(self, node: Scalar) -> None:
        """A text, as a key or a value.

        Raises:
            BadInput: more than ``NODES_MAX`` values (BPO108), with all earlier findings.
        """
        self._count(node.source)
        self._put(node)

    def _count(self, source: Source) -> None:
        self._nodes += 1
        if self._nodes > NODES_MAX:
            problem = f"The document has more than {NODES_MAX:,} keys and values."
            step = "Check that this is the right file; split a contract of this size."
            self._problems.add("BPO108", "too-many-values", source, problem, step)
            raise self._problems.stopped()

    def _put(self, node: DocNode) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = self._checked_key(parent, node)
        else:
            parent.entries.append((parent.key, node))
            parent.key = None

    def _checked_key(self, parent: _Open, node: DocNode) -> Scalar:
        if not isinstance(node, Scalar):
            problem = "A list or a map stands where the name of a field belongs."
            step = "Write a plain name before the colon; put text that starts with [ or { in quotes."
            self._problems.add("BPO115", "key-not-a-name", node.source, problem, step)
            return Scalar("", False, node.source)
        if not node.text and not node.quoted:
            problem, step = "The name of a field is missing here.", "Write it before the colon."
            self._problems.add("BPO115", "key-not-a-name", node.source, problem, step)
            return node
        first = parent.keys.setdefault(node.text, node.source)
        if first is not node.source:
            name = repr(node.text[:60])
            problem = f"{name} is written twice in the same map: at line {first.line} and at line {node.source.line}."
            step = "Keep one of the two; programs that accept both silently use the last."
            self._problems.add("BPO109", "duplicate-key", node.source, problem, step, (first,))
        return node
