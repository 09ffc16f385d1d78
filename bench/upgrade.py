"""Nobody notices an upgrade: `python -m bench.upgrade [--rounds 3] [--rate 20]`.

The release before serves a house with a year of data on PostgreSQL while this release's `topline migrate up` and
`migrate down` go over it, and between the two this release serves beside it on the newer schema. All the while people
read and log at a steady rate. Anything but an answer of 2xx is an error, and in the end each log that was acknowledged
is looked up. PostgreSQL flushes every commit.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from bench import boards
from bench.house import House, build
from bench.stage import LIMIT, flushing_postgres
from tests.support import servers
from tests.support.databases import ROOT
from tests.upgrade import year
from tests.upgrade.release_before import HEAD_BEFORE, unpack_release_before
from topline.core.clock import SystemClock
from topline.core.ids import new_id
from topline.core.migrations import Migrations, connect
from topline.core.schema import head
from topline.core.transaction import Database
from topline.logbook.models import BehaviorLog

READS: Final = (boards.LEADERBOARD, "/api/behavior-logs?limit=20")
PAUSE_SECONDS: Final = 4.0


@dataclass
class Load:
    """Requests at a steady rate, whether or not the ones before were answered; half read, half log."""

    house: House
    rate: float
    targets: list[str]
    phase: str = "before"
    took: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        pacer = threading.Thread(target=self._pace)
        pacer.start()
        try:
            yield
        finally:
            self._stop.set()
            pacer.join()

    def _pace(self) -> None:
        with ThreadPoolExecutor(32) as pool:
            due = time.monotonic()
            while not self._stop.is_set():
                pool.submit(self._one, self.phase, random.choice(self.targets), random.random() < 0.5)
                due += 1 / self.rate
                self._stop.wait(max(0.0, due - time.monotonic()))

    def _one(self, phase: str, target: str, is_log: bool) -> None:
        log_id = str(new_id())
        request = self._log(target, log_id) if is_log else self._read(target)
        started = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
            if is_log:
                self.acknowledged.add(log_id)
        except urllib.error.HTTPError as error:
            self.errors.append(f"{phase}: {request.selector} {error.code} {error.read(300)!r}")
        except OSError as error:
            self.errors.append(f"{phase}: {request.selector} {error}")
        self.took.setdefault(phase, []).append((time.perf_counter() - started) * 1000)

    def _log(self, target: str, log_id: str) -> urllib.request.Request:
        behavior = str(random.choice(self.house.behavior_ids))
        body = {"id": log_id, "behavior_id": behavior, "outcome": "offered", "place": "12"}
        cookie = f"topline_session={random.choice(self.house.session_tokens)}"
        headers = {"Cookie": cookie, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        return urllib.request.Request(f"{target}/api/behavior-logs", json.dumps(body).encode(), headers)

    def _read(self, target: str) -> urllib.request.Request:
        headers = {"Authorization": f"Bearer {self.house.manager_key}"}
        return urllib.request.Request(target + random.choice(READS), headers=headers)


def prepare(url: str) -> House:
    """Put a year into an empty database, then take it to the schema of the release before."""
    Migrations(url).up()
    # The rows as they are made today; what the release before had not got goes again with its tables.
    year.fill(url)
    db = Database(url, SystemClock(), row_security=False)
    house = build(db)
    db.close()
    Migrations(url).down(HEAD_BEFORE)
    return house


@contextmanager
def serving(sources: Path, url: str, data: Path) -> Iterator[str]:
    """A server process of the release whose `src` is in `sources`."""
    port = servers.free_port()
    environment = _environment(sources, url) | {
        "TOPLINE_DATA": str(data),
        "TOPLINE_PORT": str(port),
        "TOPLINE_PEPPER": "only for this measurement, not a secret",
        "TOPLINE_LIMIT_API": LIMIT,
    }
    data.mkdir()
    log = data / "server.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "topline", "serve"]
        process = subprocess.Popen(command, cwd=sources, env=environment, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 60
        while not _answers(f"{address}/health/ready"):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text(errors="replace"))
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=40)


def migrate(url: str, *arguments: str) -> str:
    """This release's own command, as an operator runs it."""
    command = [sys.executable, "-m", "topline", "migrate", *arguments]
    environment = _environment(ROOT, url)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def measure(rounds: int, rate: float) -> tuple[Load, str]:
    """The whole experiment; the load with what it saw, and what the commands said."""
    said = ""
    with ExitStack() as stack:
        url = flushing_postgres(stack)
        house = prepare(url)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="topline-before-")))
        unpack_release_before(folder)
        load = Load(house, rate, [stack.enter_context(serving(folder, url, folder / "data"))])
        with load.running():
            time.sleep(PAUSE_SECONDS)
            for number in range(rounds):
                load.phase = "up"
                said += migrate(url, "up")
                load.phase = "both releases"
                with serving(ROOT, url, folder / f"data-{number}") as newer:
                    load.targets.append(newer)
                    time.sleep(PAUSE_SECONDS)
                    load.targets.remove(newer)
                    time.sleep(0.5)  # what was sent to it is answered
                load.phase = "down"
                said += migrate(url, "down", HEAD_BEFORE, "--yes")
                load.phase = "before"
                time.sleep(PAUSE_SECONDS)
        with connect(url) as connection:
            own = BehaviorLog.organization_id == house.organization_id
            stored = set(map(str, connection.execute(select(BehaviorLog.id).where(own)).scalars()))
            rows = connection.execute(select(func.count()).select_from(BehaviorLog)).scalar_one()
    lost = load.acknowledged - stored
    load.errors += [f"acknowledged and lost: {log_id}" for log_id in lost]
    print(
        f"{rows:,} logs in the house, {len(load.acknowledged):,} of them acknowledged to this load, {len(lost)} lost"
    )
    return load, said


def table(load: Load) -> str:
    """What it saw, phase by phase."""
    lines = [
        "| while | requests | errors | p50 | p95 | slowest |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for phase in ("before", "up", "both releases", "down"):
        took = sorted(load.took.get(phase, [0.0]))
        bad = sum(1 for error in load.errors if error.startswith(phase))
        p95 = took[int(len(took) * 0.95)]
        lines.append(
            f"| {phase} | {len(took)} | {bad} | {statistics.median(took):.0f} ms | {p95:.0f} ms | {took[-1]:.0f} ms |"
        )
    return "\n".join(lines)


def _environment(sources: Path, url: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(sources / "src"), "TOPLINE_DATABASE_URL": url}


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=20.0)
    given = parser.parse_args()
    load, said = measure(given.rounds, given.rate)
    print(f"{HEAD_BEFORE} → {head()} and back, {given.rounds} times, {given.rate:g} requests/s\n")
    print(said)
    print(table(load))
    for error in load.errors[:20]:
        print(error)
    sys.exit(1 if load.errors else 0)


if __name__ == "__main__":
    main()
