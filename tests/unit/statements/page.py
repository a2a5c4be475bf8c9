"""A page as a browser takes it apart: its elements with their attributes, and its text."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta"}


class Page(HTMLParser):
    """Elements in order with depth, tag and attributes; the text between them. Fails on anything that does not nest."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[int, str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        if self._open:
            raise ValueError(f"not closed: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((len(self._open), tag, tuple(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((len(self._open), tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise ValueError(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise ValueError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise ValueError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise ValueError(f"an instruction: {data}")

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def shape(self) -> list[tuple[int, str, tuple[str, ...]]]:
        """Tags and attribute names without any value: what no text may change."""
        return [(depth, tag, tuple(name for name, _ in attributes)) for depth, tag, attributes in self.elements]

    def values(self, tag: str, attribute: str) -> list[str]:
        return [
            value or ""
            for _, name, attributes in self.elements
            if name == tag
            for key, value in attributes
            if key == attribute
        ]
