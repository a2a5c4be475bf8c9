"""A document as it was written: texts, lists and maps, each with its place.

Nothing is interpreted here: ``NO``, ``1.10`` and ``~`` stay the texts they are, and the field that
receives a text decides what it means. Because every value keeps its place, a message about any value
can show the line it stands on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from itertools import zip_longest
from typing import TypeAlias

from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source


@frozen
class Scalar:
    """One text. ``quoted`` says that the author marked it as text (quotes, or a YAML block with ``|`` or ``>``).

    A value that was left empty is ``Scalar("", quoted=False, ...)``.
    """

    text: str
    quoted: bool
    source: Source


@frozen
class ListNode:
    """Values in their order."""

    items: tuple[DocNode, ...]
    source: Source


@frozen
class MapNode:
    """Keys with their values, in the order of the document; readers let every key text occur once."""

    entries: tuple[tuple[Scalar, DocNode], ...]
    source: Source
    _by_key: dict[str, tuple[Scalar, DocNode]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {entry[0].text: entry for entry in self.entries})

    def entry(self, key: str) -> tuple[Scalar, DocNode] | None:
        """The key (with its place) and the value under it, or None if the map has no such key."""
        return self._by_key.get(key)


DocNode: TypeAlias = Scalar | ListNode | MapNode
"""Any value of a document."""

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
"""The same values without their places."""


def plain(node: DocNode) -> Plain:
    """The values alone, every one as text, in lists and dicts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def find(node: DocNode, path: Sequence[str | int]) -> Source:
    """The place of the value at ``path``, or of the deepest value on the way to it that exists.

    Parts of the path that the document does not have are skipped: validators put names of their own
    (such as the kind of a clause) between the keys.
    """
    return _walk(node, path)[0].source


def find_key(node: DocNode, path: Sequence[str | int]) -> Source:
    """The place of the key under which the value at ``path`` stands (for an item of a list: of the item).

    Parts that do not exist are skipped as in ``find``; the place of the whole document if none exists.
    """
    return _walk(node, path)[1]


def _walk(node: DocNode, path: Sequence[str | int]) -> tuple[DocNode, Source]:
    """The deepest value reached and the place of the last key taken.

    A part that is a key here may be a label only: then the next part is here too, and not below that key. A clause of
    kind ``holdback`` may have a field ``holdback``; in (``holdback``, ``release_on``) the first part is the kind,
    because ``release_on`` stands beside the field and not in it.
    """
    key = node.source
    below = None
    for part, following in zip_longest(path, path[1:]):
        step = below or _child(node, part)
        below = None
        if step is None:
            continue
        if following is not None:
            below = _child(step[0], following)
            if below is None and _child(node, following) is not None:
                continue
        node, key = step
    return node, key


def _child(node: DocNode, part: str | int) -> tuple[DocNode, Source] | None:
    if isinstance(node, MapNode):
        entry = node.entry(str(part))
        return (entry[1], entry[0].source) if entry else None
    if isinstance(node, ListNode) and isinstance(part, int) and 0 <= part < len(node.items):
        return node.items[part], node.items[part].source
    return None
