"""Documents from files: contract and other documents in YAML or JSON, read exactly and with limits.

A name that ends in ``.json`` is read as JSON, every other as YAML. Both give the same tree
(``bpo_contracts.values.nodes``): texts with their places. The findings of reading:

======  ====================  ==================================================================
BPO101  file-unreadable       missing, a directory, no permission
BPO102  document-too-large    more than 1 MiB
BPO103  not-utf-8             another encoding; the byte offset is named
BPO104  hidden-character      control, zero-width and direction characters, in the file or escaped
BPO105  text-not-composed     text that is not in Unicode form NFC
BPO106  empty-document        nothing but comments
BPO107  too-deep              more than 32 levels
BPO108  too-many-values       more than 50,000 keys and values
BPO109  duplicate-key         a key twice in one map; both lines are named
BPO110  several-documents     more than one YAML document in a file
BPO111  yaml-anchor           anchors and aliases
BPO112  yaml-tag              tags
BPO113  merge-key             ``<<``
BPO114  yaml-directive        lines that start with ``%``
BPO115  key-not-a-name        a list, a map or nothing as a key
BPO116  tab                   tabs in YAML
BPO117  yaml-syntax           what cannot be read as YAML, explained
BPO118  json-syntax           what cannot be read as JSON, explained
BPO119  json-number           a number that programs may change: with a point, an exponent, many digits
BPO120  json-null             ``null``
BPO121  too-many-problems     reading stopped after 100 findings
======  ====================  ==================================================================
"""

from __future__ import annotations

import errno
from os import PathLike, fspath
from pathlib import Path

from bpo_contracts.formats.document_text import DOCUMENT_BYTES_MAX, decode
from bpo_contracts.values.findings import BadInput, refuse
from bpo_contracts.values.nodes import DocNode
from bpo_contracts.values.sources import Source


def read_document(text: bytes, file: str) -> DocNode:
    """The tree of a document from its bytes; ``file`` is its name, for places and to tell JSON from YAML.

    Raises:
        BadInput: with all findings (BPO102 to BPO121).
    """
    document = decode(text, file)
    if file.lower().endswith(".json"):
        from bpo_contracts.formats.json_reader import read_json

        return read_json(document)
    from bpo_contracts.formats.yaml_reader import read_yaml  # here, because the YAML parser takes long to import

    return read_yaml(document)


def read_file(path: str | PathLike[str]) -> DocNode:
    """The tree of the document in a file; no more than 1 MiB and one byte is read.

    Raises:
        BadInput: the file cannot be read (BPO101), and everything ``read_document`` raises.
    """
    file = fspath(path)
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(DOCUMENT_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, file, error) from None
    return read_document(data, file)


def _unreadable(path: str | PathLike[str], file: str, error: OSError | ValueError) -> BadInput:
    code = errno.errorcode.get(error.errno or 0, "unknown") if isinstance(error, OSError) else "not a file name"
    problem, step = f"The file cannot be read ({code}).", "Check the name and the disk."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        problem, step = "There is no such file.", "Check the name and the folder."
    elif isinstance(error, IsADirectoryError) or (isinstance(error, PermissionError) and Path(path).is_dir()):
        problem, step = "This is a folder, not a file.", "Name the file in it."
    elif isinstance(error, PermissionError):
        problem, step = "Reading the file is not permitted.", "Ask its owner for permission to read it."
    shown = file.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
    return refuse("BPO101", "file-unreadable", problem, step, Source(shown))
