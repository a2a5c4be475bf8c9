"""What the command line leaves out when it starts, and what it does not break by that."""

from __future__ import annotations

import subprocess
import sys

SETTLES = """
import sys
from bpo_contracts.cli import main
main._without_plugins()
from pydantic import BaseModel
class Model(BaseModel):
    x: int
assert Model.model_validate({"x": 1}).x == 1
print("importlib.metadata" in sys.modules, end=" ")
from pydantic.plugin._loader import get_plugins
print(get_plugins(), end=" ")
from pydantic.plugin._loader import PYDANTIC_ENTRY_POINT_GROUP
print(PYDANTIC_ENTRY_POINT_GROUP, "importlib.metadata" in sys.modules)
"""


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), **environment},
    )
    return done.stdout.strip()


def test_nothing_reads_the_metadata_of_packages_to_find_plugins_of_pydantic() -> None:
    assert run(SETTLES) == "False () pydantic True", "and what else pydantic could want of that file is there"


def test_who_says_which_plugins_to_leave_out_is_heard() -> None:
    assert run(SETTLES, PYDANTIC_DISABLE_PLUGINS="one").startswith("True")
