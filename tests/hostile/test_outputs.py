"""What is put out: pages that do nothing, texts that steer no terminal, files that replace nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from .running import BAD_INPUT, CLEAN, Case, bpo, environ, holds, snapshot, survives
from .samples import CONTRACT, PERFORMANCE
from .test_numbers import SETTLE

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style></svg><img src=x onerror=alert(1)>",
    '\\"><a href=\\"javascript:alert(1)\\">x</a>',
    '=HYPERLINK(\\"http://x\\",\\"y\\")',
    "+1+1 @SUM(A1) -2+3",
    "{7*7} {{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
    "javascript:alert(1)",
    "]]><!-- --> &lt;b&gt; &#60;i&#62;",
]
"""As texts in double quotes in YAML."""


class Reader(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise ValueError(f"a comment: {data}")


def hostile(text: str) -> str:
    """The contract with this text wherever a person may write words."""
    quoted = f'"{text}"'
    contract = re.sub(r"(?m)^( *(?:title|client|provider|words): ).*$", lambda match: match[1] + quoted, CONTRACT)
    return contract.replace("    title: ", "    unused: ").replace("    unused: ", "    title: ")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_page_has_no_active_content_whatever_the_contract_says(text: str, tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_text(hostile(text))
    (tmp_path / "report.csv").write_text(PERFORMANCE)
    ran = bpo("settle", "contract.yaml", "report.csv", "--all", "--format", "html", folder=tmp_path)
    survives(ran)
    assert ran.code == CLEAN, ran.err
    page = Reader(ran.out)
    assert not {tag for tag, _ in page.elements} & {
        "script", "img", "iframe", "object", "embed", "form", "input", "link", "base", "video", "audio", "template",
    }  # fmt: skip
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "action")], tag
        assert re.fullmatch(r"#[a-z0-9-]+|", attributes.get("href", "")), attributes
    policies = [given["content"] for tag, given in page.elements if tag == "meta" and "http-equiv" in given]
    assert any("default-src 'none'" in policy for policy in policies)
    assert text.replace('\\"', '"') in page.text
    assert "49" not in re.sub(r"[0-9.]*49[0-9.]+|[0-9.]+49", "", page.text)


def test_amounts_stay_numbers(tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    (tmp_path / "report.csv").write_text(PERFORMANCE)
    arguments = ["settle", "contract.yaml", "report.csv", "--period", "2026-03", "--format", "json"]
    ran = bpo(*arguments, folder=tmp_path)
    survives(ran)
    document = json.loads(ran.out, parse_float=lambda text: pytest.fail(f"a JSON number with a point: {text}"))
    amounts = [line["amount"] for line in document["adjustments"]]
    assert amounts == ["-16.80", "-4.20"]
    assert document["totals"]["net"] == "189.00"


def test_words_steer_no_terminal_in_the_argument(desk: Path) -> None:
    (desk / "contract.yaml").write_text(CONTRACT.replace("title: Service desk", 'title: "a\\n\\nb\\tc"'))
    assert bpo(*SETTLE.split(), folder=desk).code == CLEAN
    ran = bpo("explain", "ledger.db", "--period", "2026-01", folder=desk)
    survives(ran)
    assert ran.code == CLEAN


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (".", "This is a folder."),
        ("no/such/folder/page.html", "The folder does not exist."),
        ("ledger.db", "would replace the ledger"),
        ("contract.yaml", "would replace"),
        ("./report.csv", "would replace"),
        ("link", "would replace the ledger"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_anything_is_settled(
    output: str, says: str, desk: Path
) -> None:
    if output == "link":
        (desk / output).symlink_to("ledger.db")
    (desk / "report.csv").write_text(PERFORMANCE.replace("1120", "1150"))
    command = f"{SETTLE} --output {output}"
    holds(Case(output, {}, command, BAD_INPUT, ("BPO690 cannot-write", says), placed=False), desk)


def test_an_output_replaces_a_file_as_a_whole(desk: Path) -> None:
    (desk / "page.html").write_text("old " * 100_000)
    ran = bpo(*SETTLE.split(), "--format", "html", "--output", "page.html", folder=desk)
    survives(ran)
    assert ran.code == CLEAN, ran.said
    assert "old" not in (desk / "page.html").read_text()[:20]
    assert sorted(path.name for path in desk.iterdir()) == ["contract.yaml", "ledger.db", "page.html", "report.csv"]


def test_a_device_is_written_to_and_not_replaced(desk: Path) -> None:
    """A pipe stands for /dev/null here: whoever may write to the folder of devices would lose it."""
    os.mkfifo(desk / "device")
    reader = os.open(desk / "device", os.O_RDONLY | os.O_NONBLOCK)
    try:
        ran = bpo(*SETTLE.split(), "--output", "device", folder=desk)
        survives(ran)
        assert ran.code == CLEAN, ran.said
        assert os.read(reader, 100).startswith(b"STATEMENT OF SETTLEMENT")
    finally:
        os.close(reader)
    assert (desk / "device").is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "command", ["check contract.yaml", SETTLE, "verify ledger.db", "explain ledger.db --period 2026-01"]
)
def test_standard_output_that_is_full(command: str, desk: Path) -> None:
    before = snapshot(desk)
    with open("/dev/full", "wb") as full:
        ran = bpo(*command.split(), folder=desk, stdout=full.fileno())
    survives(ran)
    assert ran.code == BAD_INPUT
    assert "standard output cannot be written" in ran.err
    assert snapshot(desk) == before


def test_a_reader_that_has_gone(desk: Path) -> None:
    before = snapshot(desk)
    read, write = os.pipe()
    os.close(read)
    ran = bpo(*SETTLE.split(), folder=desk, stdout=write)
    os.close(write)
    survives(ran)
    assert ran.code == CLEAN
    assert snapshot(desk) == before


def test_closed_streams_are_no_files_to_write_into(desk: Path) -> None:
    """With standard output closed the next file that is opened would get its number."""
    before = snapshot(desk)
    command = [sys.executable, "-m", "bpo_contracts.cli.main", *SETTLE.split()]
    ran = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command], cwd=desk, env=environ(), check=False, timeout=60
    )
    assert ran.returncode == CLEAN
    assert snapshot(desk) == before
