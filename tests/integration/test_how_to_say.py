"""The page "How to say it": what it says to write is put into the contract at its end, row by row, and must be accepted.

A fragment that begins with ``- `` is a clause, one with "in a credit" behind it the fields of a clause (of the contract on
the page, or of one named below), one with "in figures" a part of the document, one with nothing behind it a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bpo_contracts import BadInput
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.json_text import write_json
from bpo_contracts.settlement.prepare import prepare
