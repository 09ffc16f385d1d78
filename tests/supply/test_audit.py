"""The dependency audit: a known hole is red, and a question without an answer is never green."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.house.repo import ROOT
from tests.supply.osv import CANARY, osv
from tests.support.servers import free_port

CLEAN: Final = 0
RED: Final = 1
NOT_AUDITED: Final = 3

HOLE: Final = {("jinja2", "3.1.3"): "GHSA-h75v-3vvj-5mfj"}
NOTHING_ACCEPTED: Final = "accepted = []\n"


def audit(
    url: str, *locks: Path, accepted: Path | None = None, required: bool = False
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "audit.py"), "--osv-url", url]
    command += ["--accepted", str(accepted)] if accepted else []
    environment = {name: value for name, value in os.environ.items() if name != "REQUIRE_AUDIT"}
    environment |= {"REQUIRE_AUDIT": "1"} if required else {}
    return subprocess.run(
        [*command, *map(str, locks)], capture_output=True, text=True, env=environment, timeout=60
    )


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "lock.txt"
    pins = ("click==8.1.7", "jinja2==3.1.3")
    path.write_text("".join(f"{pin} \\\n    --hash=sha256:{'0' * 64}\n" for pin in pins))
    return path


def test_every_pin_of_our_locks_is_asked_about() -> None:
    with osv(CANARY) as url:
        run = audit(url)
    assert run.returncode == CLEAN, run.stderr
    assert "0 known weaknesses" in run.stdout
    asked = int(run.stdout.split("Audited ")[1].split()[0])
    assert asked > 200  # the secrets lock and the dev lock, which shares most of it


def test_a_known_hole_is_red(lock: Path) -> None:
    with osv(CANARY | HOLE) as url:
        run = audit(url, lock)
    assert run.returncode == RED
    assert "jinja2 3.1.3: CVE-2025-0001, GHSA-h75v-3vvj-5mfj; fixed in 99.0" in run.stdout


@pytest.mark.parametrize(("until", "expected"), [("2999-01-01", CLEAN), ("2020-01-01", RED)])
def test_what_is_accepted_passes_until_its_date(
    lock: Path, tmp_path: Path, until: str, expected: int
) -> None:
    accepted = tmp_path / "accepted.toml"
    accepted.write_text(f'[[accepted]]\nid = "CVE-2025-0001"\nreason = "not reached"\nuntil = {until}\n')
    with osv(CANARY | HOLE) as url:
        assert audit(url, lock, accepted=accepted).returncode == expected


@pytest.mark.parametrize("required", [False, True])
def test_a_service_out_of_reach_is_never_green(lock: Path, required: bool) -> None:
    run = audit(f"http://127.0.0.1:{free_port()}/v1/query", lock, required=required)
    assert "NOT AUDITED" in run.stderr
    assert run.returncode == (RED if required else NOT_AUDITED)
    assert "Audited" not in run.stdout


def test_a_service_that_knows_nothing_is_never_green(lock: Path) -> None:
    with osv({}) as url:
        run = audit(url, lock)
    assert run.returncode == NOT_AUDITED
    assert "knows nothing against litestar 2.17.0" in run.stderr


def test_a_service_that_fails_half_way_is_never_green(lock: Path) -> None:
    with osv(CANARY, broken=frozenset({"click"})) as url:
        run = audit(url, lock, required=True)
    assert run.returncode == RED
    assert "NOT AUDITED" in run.stderr


def test_the_list_of_what_is_accepted_names_reasons() -> None:
    text = (ROOT / "requirements" / "accepted.toml").read_text()
    assert text.count("\n[[accepted]]") == text.count("\nreason = ") == text.count("\nuntil = ")
