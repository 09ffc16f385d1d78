"""How long a manager waits for 500 verified at once."""

import json
import statistics
import time
import urllib.request
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from bench import post_log
from bench.stage import Stage, stage
from bench.wrk import drive
from topline.behaviors.models import Behavior
from topline.core.clock import SystemClock
from topline.core.transaction import Database
from topline.logbook.models import BehaviorLog

AT_ONCE: Final = 500
ROUNDS: Final = 7


@dataclass(frozen=True)
class Waited:
    """Milliseconds of each round, after one to warm up."""

    rounds: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        return statistics.median(self.rounds)

    @property
    def most_ms(self) -> float:
        return max(self.rounds)


def measure(kind: str) -> Waited:
    """Log for some seconds as the staff do, then verify 500 at a time as a manager does."""
    with stage(kind) as on:
        drive(on.url, post_log.script(on, 7), seconds=4)
        waiting = pending(on, AT_ONCE * (ROUNDS + 1))
        rounds = [verify(on, waiting[start : start + AT_ONCE]) for start in range(0, len(waiting), AT_ONCE)]
    return Waited(tuple(rounds[1:]))


def pending(on: Stage, count: int) -> list[str]:
    """Ids of logs a manager has to look at. Raises when there are not as many."""
    db = Database(on.database_url, SystemClock(), row_security=False)
    house = on.house.organization_id
    with db.read() as tx:
        query = (
            select(BehaviorLog.id)
            .join(
                Behavior,
                (Behavior.organization_id == BehaviorLog.organization_id)
                & (Behavior.id == BehaviorLog.behavior_id),
            )
            .where(
                BehaviorLog.organization_id == house,
                BehaviorLog.status == "pending",
                Behavior.verification == "manager",
            )
            .limit(count)
        )
        found = [str(log_id) for log_id in tx.execute(query).scalars()]
    db.close()
    if len(found) < count:
        raise RuntimeError(f"only {len(found)} logs are waiting, {count} are needed")
    return found


def verify(on: Stage, ids: list[str]) -> float:
    """One request; the milliseconds until its answer, which must say that all were verified."""
    request = urllib.request.Request(
        f"{on.url}/api/behavior-logs/bulk-verify",
        data=json.dumps({"ids": ids}).encode(),
        headers={"Authorization": f"Bearer {on.house.manager_key}", "Content-Type": "application/json"},
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as answer:
        body = json.load(answer)
    passed = (time.perf_counter() - started) * 1000
    if body["changed"] != len(ids):
        raise RuntimeError(f"{body['changed']} of {len(ids)} were verified")
    return passed
