"""The release before this one runs on the schema of this one: its own tests say so, on both databases.

During a deployment both serve at once, and to roll back means to start the old one again.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support import parts
from tests.support.databases import ROOT
from tests.upgrade.release_before import HEAD_BEFORE, unpack_release_before

#: What a shift does, from signing in to the points on the board, through HTTP and through actions.
A_SHIFT: Final = (
    "tests/access/test_api.py",
    "tests/access/test_devices.py",
    "tests/access/test_keys_and_sessions.py",
    "tests/access/test_passwords.py",
    "tests/access/test_pin_sign_in.py",
    "tests/logbook/test_record_api.py",
    "tests/logbook/test_undo_and_answer.py",
    "tests/verification/test_bulk.py",
    "tests/verification/test_decisions_api.py",
    "tests/results/test_entries_api.py",
    "tests/results/test_imports_api.py",
    "tests/scoring/test_totals.py",
    "tests/scoring/test_boards.py",
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_the_tests_of_the_release_before_pass_on_this_schema(kind: str, tmp_path: Path) -> None:
    if kind == "postgresql":
        parts.need(parts.POSTGRES)
    unpack_release_before(tmp_path)
    shutil.copy(Path(__file__).parent / "newer_schema.py", tmp_path)
    there = [name for name in A_SHIFT if (tmp_path / name).exists()]
    assert len(there) > len(A_SHIFT) // 2, "the release before has other tests; choose them anew"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {
        "PYTHONPATH": "",
        "NEWER_SCHEMA_FROM": HEAD_BEFORE,
        "NEWER_SCHEMA_SOURCES": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "newer_schema", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-k", f"{kind}", *there], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    assert f"newer schema: {ROOT / 'src'}" in done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 100
