"""Asks the vulnerability service about every package we depend on, and believes nothing that was not proved.

    .venv/bin/python scripts/audit.py [--osv-url URL] [LOCK ...]

Exit code 0: audited, nothing known against us.  1: something is known, or REQUIRE_AUDIT=1 and it could not be
audited.  3: NOT AUDITED; the service could not be reached or answered nonsense, which is never the same as "clean".

pip-audit alone says "No known vulnerabilities found" where its service is out of reach. So each run first asks about a
release whose hole is public (the canary): a service that does not know it knows nothing. Then every pin of every
lock has to come back with an answer. What is accepted for a while stands in requirements/accepted.toml, with a date.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [ROOT / "requirements" / f"{name}.txt" for name in ("secrets", "dev")]  # secrets holds all of runtime
ACCEPTED = ROOT / "requirements" / "accepted.toml"

#: CVE-2025-59152: any later litestar is free of it, so nobody will ever install this one.
CANARY = ("litestar", "2.17.0")

CLEAN, RED, NOT_AUDITED = 0, 1, 3


class NotAudited(Exception):
    """The question got no answer that can be believed."""


@dataclass(frozen=True)
class Known:
    """One published weakness of one package."""

    package: str
    version: str
    id: str
    aliases: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(sorted([self.id, *self.aliases]))
        return (
            f"{self.package} {self.version}: {names}; fixed in {', '.join(self.fixed_in) or 'no version yet'}"
        )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Audit the locked dependencies.")
    parser.add_argument("--osv-url", help="ask this OSV service instead of pip-audit's default")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED, help="what is accepted for a while")
    parser.add_argument("locks", nargs="*", type=Path, default=LOCKS, metavar="LOCK")
    options = parser.parse_args(arguments)
    try:
        service = Service(options.osv_url)
        service.prove()
        found = [known for lock in options.locks for known in service.ask(lock)]
    except NotAudited as why:
        return _not_audited(why)
    accepted = _accepted(options.accepted, datetime.now(UTC).date())
    open_ones = sorted({str(known) for known in found if not accepted & {known.id, *known.aliases}})
    for known in open_ones:
        print(f"KNOWN WEAKNESS  {known}")
    names = ", ".join(lock.name for lock in options.locks)
    print(
        f"Audited {service.asked} pins of {names}: {len(open_ones)} known weaknesses, {len(accepted)} accepted."
    )
    return RED if open_ones else CLEAN


def _not_audited(why: NotAudited) -> int:
    print(f"NOT AUDITED: {why}\nThis says nothing about the dependencies; it is not a pass.", file=sys.stderr)
    if os.environ.get("REQUIRE_AUDIT") == "1":
        print("REQUIRE_AUDIT=1: a build that could not be audited is red.", file=sys.stderr)
        return RED
    return NOT_AUDITED


class Service:
    """pip-audit, asked in a way that shows whether it was answered."""

    def __init__(self, osv_url: str | None) -> None:
        self.where = ["--vulnerability-service", "osv", "--osv-url", osv_url] if osv_url else []
        self.asked = 0

    def prove(self) -> None:
        """The service must know the canary's hole."""
        with tempfile.TemporaryDirectory() as folder:
            lock = Path(folder) / "canary.txt"
            lock.write_text(f"{CANARY[0]}=={CANARY[1]} --hash=sha256:{'0' * 64}\n", encoding="utf-8")
            found = self._known(lock)
        if not found[CANARY]:
            raise NotAudited(f"the service knows nothing against {' '.join(CANARY)}, whose hole is public")

    def ask(self, lock: Path) -> list[Known]:
        """What is known against a lock's pins; every pin that holds on this machine has to be answered for."""
        found = self._known(lock)
        self.asked += len(found)
        return [known for each in found.values() for known in each]

    def _known(self, lock: Path) -> dict[tuple[str, str], list[Known]]:
        with tempfile.TemporaryDirectory() as cache:  # an answer from a cache is no answer of today
            command = [sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip"]
            command += ["--format", "json", "--progress-spinner", "off", "--cache-dir", cache]
            run = subprocess.run(
                [*command, *self.where, "--requirement", str(lock)], capture_output=True, text=True
            )
        try:
            answered = json.loads(run.stdout)["dependencies"]
        except (json.JSONDecodeError, KeyError, TypeError):
            lines = run.stderr.strip().splitlines() or [f"pip-audit ended with {run.returncode}, silent"]
            raise NotAudited(lines[-1]) from None
        skipped = [one["name"] for one in answered if "skip_reason" in one]
        if skipped:
            raise NotAudited(f"no answer about {', '.join(skipped)}")
        found = {(one["name"], one["version"]): _known(one) for one in answered}
        missing = _pins(lock) - set(found)
        if missing or not found:
            raise NotAudited(f"no answer about {sorted(missing) or lock.name}")
        return found


def _known(answer: dict) -> list[Known]:
    return [
        Known(
            answer["name"],
            answer["version"],
            found["id"],
            tuple(found["aliases"]),
            tuple(found["fix_versions"]),
        )
        for found in answer["vulns"]
    ]


def _pins(lock: Path) -> set[tuple[str, str]]:
    """The pins without a marker: those every machine installs."""
    words = (line.split() for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())
    plain = [line[0] for line in words if ";" not in line]
    return {(name.partition("[")[0], version) for name, _, version in (pin.partition("==") for pin in plain)}


def _accepted(path: Path, today: date) -> set[str]:
    """Ids that are accepted with a reason until a date; afterwards they count again."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("accepted", [])
    for entry in entries:
        if not entry["reason"].strip():
            raise SystemExit(f"{path.name}: {entry['id']} has no reason")
    return {entry["id"] for entry in entries if entry["until"] >= today}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
