"""A file that cannot be read is answered with a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpo_contracts.formats.document_text import DOCUMENT_BYTES_MAX
from bpo_contracts.formats.documents import read_file
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.nodes import plain


def refusal(path: str | Path) -> Finding:
    with pytest.raises(BadInput) as caught:
        read_file(path)
    (found,) = caught.value.findings
    return found


def test_the_name_tells_json_from_yaml(tmp_path: Path) -> None:
    for name in ("c.yaml", "c.yml", "c", "c.json.txt"):
        (tmp_path / name).write_bytes(b"a: [b]\n")
        assert plain(read_file(tmp_path / name)) == {"a": ["b"]}
    for name in ("c.json", "C.JSON"):
        (tmp_path / name).write_bytes(b"# YAML\na: [b]\n")
        assert refusal(tmp_path / name).code == "BPO118"


def test_places_carry_the_name_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c.yaml").write_bytes(b"a: 1\n")
    monkeypatch.chdir(tmp_path)
    assert str(read_file("c.yaml").source) == "c.yaml:1:1"


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    missing = refusal(tmp_path / "none.yaml")
    assert (missing.code, missing.problem) == ("BPO101", "There is no such file.")
    assert missing.source.file == str(tmp_path / "none.yaml")
    assert "folder" in refusal(tmp_path).problem
    (tmp_path / "c.yaml").write_bytes(b"a: 1\n")
    assert refusal(tmp_path / "c.yaml" / "x").code == "BPO101"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(b"a: 1\n")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "not permitted" in refusal(path).problem


def test_a_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(5, "whatever the system says in its own language")

    monkeypatch.setattr(Path, "open", broken)
    assert refusal(tmp_path / "c.yaml").problem == "The file cannot be read (EIO)."


@pytest.mark.parametrize("name", ["a\x00b.yaml", "\udcff.yaml", "x" * 5000, ""])
def test_names_that_no_file_can_have(name: str) -> None:
    found = refusal(name)
    assert found.code == "BPO101"
    found.render().encode()


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(DOCUMENT_BYTES_MAX * 1000)
    assert refusal(path).code == "BPO102"


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs /dev/zero")
def test_an_endless_file_is_refused() -> None:
    assert refusal("/dev/zero").code == "BPO102"
