"""The lines of a performance CSV file from its bytes; the file is whole and in UTF-8, or it is refused.

UTF-8 with or without a byte order mark. A line ends with a line feed, or a carriage return and a line feed; so
does the last one, because a file that ends in the middle of a line was cut off.
"""

from __future__ import annotations

from typing import Final

from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.sources import Source

BYTES_MAX: Final = 64 * 1024 * 1024
ROWS_MAX: Final = 1_000_000
LINE_MAX: Final = 1_048_576

_BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def csv_lines(content: bytes, file: str) -> list[str]:
    """The lines without their ends, at least one.

    Raises:
        BadInput: BPO301 (not UTF-8, or holding NUL), BPO302 (more than 64 MiB, 1,000,000 rows, or 1,048,576
            characters in a line), BPO303 (no line end after the last line), BPO304 (carriage returns alone),
            BPO307 (empty).
    """
    if len(content) > BYTES_MAX:
        problem = f"The file has more than {BYTES_MAX:,} bytes (64 MiB), which is the limit for one file."
        raise refuse("BPO302", "too-large", problem, "Split the file by period.", Source(file))
    if content.count(b"\n") > ROWS_MAX + 1:
        problem = f"The file has more than {ROWS_MAX:,} rows, which is the limit for one file."
        raise refuse("BPO302", "too-large", problem, "Split the file by period.", Source(file))
    text = _decode(content, file)
    if not text.strip(" \r\n"):
        raise refuse("BPO307", "no-rows", "The file is empty.", "Write a header and rows into it.", Source(file))
    lines = text.split("\n")
    if len(lines) == 1 and "\r" in text:
        problem = "The lines end with carriage returns alone, which most programs do not take for line ends."
        step = 'Save it again as "CSV UTF-8".'
        raise refuse("BPO304", "line-ends", problem, step, Source(file, 1, text.index("\r") + 1, text))
    last = lines.pop()
    if last:
        place = Source(file, len(lines) + 1, len(last), last)
        problem = f"The file ends in the middle of line {len(lines) + 1}: it was cut off, or its last line has no end."
        raise refuse("BPO303", "cut-off", problem, "Get the whole file; end its last line with a line break.", place)
    if findings := [_long_line(line, number, file) for number, line in enumerate(lines, 1) if len(line) > LINE_MAX]:
        raise BadInput(findings)
    return [line.removesuffix("\r") for line in lines]


def _long_line(line: str, number: int, file: str) -> Finding:
    problem = f"The line has {len(line):,} characters; the limit is {LINE_MAX:,}."
    step = "Check that this is the right file, and that no line break is missing."
    return Finding("BPO302", "too-large", Source(file, number, 1, line), problem, step)


def _decode(content: bytes, file: str) -> str:
    if content.startswith(_UTF_16):
        raise _not_text(content, 0, file, "The file is in UTF-16")
    try:
        text = content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + (len(_BOM) if content.startswith(_BOM) else 0)
        problem = f"The byte 0x{content[offset]:02X} is not UTF-8; the file may be in Latin-1 or Windows-1252"
        raise _not_text(content, offset, file, problem) from None
    if "\x00" in text:
        raise _not_text(content, content.index(b"\x00"), file, "The file holds the character NUL, which no text has")
    return text


def _not_text(content: bytes, offset: int, file: str, problem: str) -> BadInput:
    """A finding that names the byte offset, and line and column for whoever looks for it in an editor."""
    start = content.rfind(b"\n", 0, offset) + 1
    end = content.find(b"\n", offset)
    line = content[start : end if end >= 0 else len(content)].removeprefix(_BOM).decode("utf-8", "replace")
    column = len(content[start:offset].removeprefix(_BOM).decode("utf-8", "replace")) + 1
    place = Source(file, content.count(b"\n", 0, offset) + 1, column, line)
    step = 'Save the file again as "CSV UTF-8".'
    return refuse("BPO301", "not-utf-8", f"{problem} (byte offset {offset}).", step, place)
