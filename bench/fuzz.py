"""Every operation of the API, as every role, with thousands of good and bad requests: `make fuzz`.

    python -m bench.fuzz [--role ROLE ...] [--database sqlite|postgresql ...] [--examples N] [--keep FOLDER]

Ends with 1 when an answer was a server error, undocumented, or broke another check. The last results stand in
bench/README.md.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.stage import stage
from tests.contract.fuzz import GENEROUS, LEFT_OUT, SEED, Outcome, fuzz
from tests.contract.guest import ROLES


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.fuzz", description="Fuzz the whole API as every role.")
    parser.add_argument("--role", choices=ROLES, action="append", help="only this role")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument(
        "--examples", type=int, default=65, help="of good and of bad requests, each operation"
    )
    parser.add_argument("--keep", type=Path, help="where the reports stay")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="topline-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = []
    print(f"seed {SEED}; left out: {', '.join(LEFT_OUT) or 'no check'}")
    print(
        "| database | role | operations | cases | seconds | failures |\n| --- | --- | ---: | ---: | ---: | ---: |"
    )
    for kind in options.database or ("sqlite", "postgresql"):
        with stage(kind, log_level="error", **GENEROUS) as place:
            for role in options.role or ROLES:
                outcome = fuzz(place.url, place.database_url, role, options.examples, folder)
                print(row(kind, outcome), flush=True)
                outcomes.append(outcome)
    for outcome in outcomes:
        for line in (*outcome.failures, *outcome.errors):
            print(f"{outcome.role}: {line}")
    print(f"What was sent and answered: {folder}")
    return 1 if any(outcome.failures or outcome.errors for outcome in outcomes) else 0


def row(kind: str, outcome: Outcome) -> str:
    """One line of the table."""
    bad = len(outcome.failures) + len(outcome.errors)
    tested = f"{outcome.tested} of {outcome.operations}"
    return f"| {kind} | {outcome.role} | {tested} | {outcome.cases:,} | {outcome.seconds} | {bad} |"


if __name__ == "__main__":
    sys.exit(main())
