"""What runs on the forge: exact actions, no more rights than needed, and an audit that has to have happened."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.house.repo import ROOT

WORKFLOWS: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_one_exact_commit(path: Path) -> None:
    used = re.findall(r"uses: (.+)", path.read_text())
    assert used
    for action in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_job_has_no_rights_it_did_not_ask_for(path: Path) -> None:
    text = path.read_text()
    assert re.search(r"^permissions: \{\}", text, re.MULTILINE)
    assert "write" not in re.findall(r"^ +[a-z-]+: (read|write)$", text, re.MULTILINE)
    assert "pull_request_target" not in text
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_where_the_network_is_there_the_audit_is_required() -> None:
    assert 'REQUIRE_AUDIT: "1"' in (ROOT / ".github/workflows/ci.yml").read_text()


@pytest.mark.parametrize(("code", "goes_on"), [(0, True), (1, False), (2, False), (3, True)])
def test_the_build_stops_at_a_weakness_and_not_at_silence(code: int, goes_on: bool) -> None:
    """The very lines of .ci/run, with an audit that ends with `code`."""
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    start = lines.index("audited=0")
    script = "\n".join(lines[start : lines.index("", start)])
    script = script.replace(".venv/bin/python scripts/audit.py", f"(exit {code})")
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{script}\necho on"], capture_output=True, text=True
    )
    assert (run.stdout == "on\n") is goes_on
    assert goes_on or run.returncode == code
