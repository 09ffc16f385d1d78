"""Everything, on both databases: `python -m bench [sqlite] [postgresql] [--seconds 6] [--rounds 3]`.

Prints each line as it is measured and writes the table to `bench/last-results.md`.
"""

import argparse
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench import boards, bulk, post_log
from bench.stage import stage

LAST: Final = Path(__file__).parent / "last-results.md"

#: What it must reach on two cores shared with the load.
FLOORS: Final = {
    "POST a log": "≥ 1,500/s, p95 < 120 ms, < 180 MiB",
    "leaderboard, cached": "≥ 5,000/s",
    "bulk verify of 500": "< 300 ms",
    "ready after the start": "< 1.5 s",
}
_HEAD: Final = """# Last results

Written by `make bench`. One process, 100 connections (8 where nothing is cached), real authentication and rate limit
checks; the load and PostgreSQL on the same {cores} cores. What each line is and what was tried: [README](README.md).

| what | database | rate | p50 | p95 | p99 | errors | more | floor |
| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |
"""


def rows(kind: str, seconds: int, rounds: int) -> Iterator[list[str]]:
    """What is measured on one database, a row each, without the column of the floor."""
    log = post_log.measure(kind, seconds, rounds)
    memory = f"{log.memory_mib:.0f} MiB, {log.cpu_us:.0f} µs of one core"
    yield ["POST a log", kind, *log.run.cells(), memory]
    for name, run in boards.measure(kind, seconds).items():
        yield [name, kind, *run.cells(), ""]
    waited = bulk.measure(kind)
    most = f"{waited.most_ms:.0f} ms at most of {len(waited.rounds)}"
    yield ["bulk verify of 500", kind, "", f"{waited.median_ms:.0f} ms", "", "", "0", most]
    with stage(kind) as on:
        yield ["ready after the start", kind, "", f"{on.ready_seconds * 1000:.0f} ms", "", "", "0", ""]


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    lines = []
    for kind in options.kinds:
        for cells in rows(kind, options.seconds, options.rounds):
            lines.append("| " + " | ".join([*cells, FLOORS.get(cells[0], "")]) + " |\n")
            print(lines[-1], end="", flush=True)
    LAST.write_text(_HEAD.format(cores=_cores()) + "".join(lines), encoding="utf-8")


def _cores() -> str:
    return f"{os.cpu_count()} {platform.machine()}"


if __name__ == "__main__":
    main()
