"""One run of the fuzzer: every operation of the description, every check, as one role, against a real server."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.house.repo import ROOT

SEED: Final = 20261125

#: Checks that are left out, each with its reason. Everything else Schemathesis knows is on.
LEFT_OUT: Final[dict[str, str]] = {
    # A shape cannot say that a name is taken, that a cursor was never handed out, that `from` lies after `to` or that a
    # role is of this house. Such a request is well-formed and still refused, with 400 and the field's name; that the
    # refusal is one of the documented ones is what our own check in hooks.py looks at.
    "positive_data_acceptance": "a shape cannot say everything that makes a request right",
}

PLENTY: Final = "10000000/minute"
#: A fuzzer at the limit would only see 429. The limits have tests of their own.
GENEROUS: Final = {
    f"limit_{name}": PLENTY
    for name in ("api", "display", "uploads", "unknown_sign_in", "device_sign_in", "organization_sign_in")
}

#: The stream never ends by itself: to hear that it began is enough.
CONFIGURATION: Final = """
[[operations]]
include-path = "/api/scoreboard/stream"
max-stream-events = 1
request-timeout = 2
"""


@dataclass(frozen=True)
class Outcome:
    """What came out. `failures` are lines for people: title, how often, where."""

    role: str
    cases: int
    operations: int
    tested: int
    seconds: float
    failures: tuple[str, ...]
    errors: tuple[str, ...]
    output: str


def fuzz(url: str, database_url: str, role: str, examples: int, folder: Path, *more: str) -> Outcome:
    """Run it. The report and what a person would read stay in `folder`."""
    report = folder / f"{role}.json"
    (folder / "schemathesis.toml").write_text(CONFIGURATION, encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json"]
    command += ["--seed", str(SEED), "--max-examples", str(examples), "--generation-database", "none"]
    command += ["--checks", "all", "--mode", "all", "--continue-on-failure", "--no-color", "--no-shrink"]
    command += [
        "--report",
        "json",
        "--report-json-path",
        str(report),
        "--header",
        "Sec-Fetch-Site:same-origin",
    ]
    command += ["--suppress-health-check", "all", "--request-timeout", "30", "--warnings", "off"]
    command += ["--exclude-checks", ",".join(LEFT_OUT)] if LEFT_OUT else []
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "SCHEMATHESIS_HOOKS": "tests.contract.hooks",
        "FUZZ_URL": url,
        "FUZZ_DATABASE_URL": database_url,
        "FUZZ_ROLE": role,
    }
    report.unlink(missing_ok=True)
    run = subprocess.run([*command, *more], cwd=folder, env=environment, capture_output=True, text=True)
    output = run.stdout + run.stderr
    (folder / f"{role}.txt").write_text(output, encoding="utf-8")
    if not report.exists():
        raise RuntimeError(f"the fuzzer did not report:\n{output[-4000:]}")
    found = json.loads(report.read_text(encoding="utf-8"))
    return Outcome(
        role,
        cases=found["test_cases"]["generated"],
        operations=found["operations"]["total"],
        tested=found["operations"]["tested"],
        seconds=round(found["running_time"] or 0, 1),
        failures=tuple(
            f"{group['title']} ({group['count']}): {', '.join(group['operations'])}"
            for group in found["failures"]
        ),
        errors=tuple(f"{group['title']} ({group['count']})" for group in found["errors"]),
        output=output,
    )
