"""What many screens ask for: the leaderboard and the wall, from the cache and made anew for every request."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import insert, select

from bench.house import House
from bench.stage import Stage, stage
from bench.wrk import Measured, drive
from topline.core.clock import SystemClock
from topline.core.transaction import Database
from topline.people.models import Person
from topline.scoring.models import DayTotal

UNCACHED: Final = (sys.executable, "-m", "bench.uncached")
LEADERBOARD: Final = "/api/leaderboard?period=month"
WALL: Final = "/wall/fragment"
#: Days of history behind today: what a month's leaderboard adds up.
DAYS: Final = 30

_SCRIPT = """
function init() end
function request()
  return wrk.format("GET", "%(path)s", { ["Authorization"] = "Bearer %(key)s" })
end
"""


def measure(kind: str, seconds: int) -> dict[str, Measured]:
    """Leaderboard and wall on one kind of database: cached with 100 connections, uncached with 8.

    No more than a few ever make the same answer at once: all others wait for theirs and take it from the cache.
    """
    found = {}
    ways: list[tuple[str, Sequence[str], int]] = [("cached", (), 100), ("uncached", UNCACHED, 8)]
    for how, command, connections in ways:
        with stage(kind, command=command) as on:
            add_history(on)
            for name, path in (("leaderboard", LEADERBOARD), ("wall fragment", WALL)):
                load = script(on.house, path)
                drive(on.url, load, seconds=1, connections=connections)
                found[f"{name}, {how}"] = drive(on.url, load, seconds=seconds, connections=connections)
    return found


def script(house: House, path: str) -> str:
    """The load, in Lua."""
    return _SCRIPT % {"path": path, "key": house.manager_key}


def add_history(on: Stage) -> None:
    """A month in which each of the 200 did three of their behaviors every day."""
    db = Database(on.database_url, SystemClock(), row_security=False)
    house = on.house
    with db.write() as tx:
        own = Person.organization_id == house.organization_id
        people = tx.execute(select(Person.id).where(own).order_by(Person.id)).scalars().all()
        rows = [
            {
                "organization_id": house.organization_id,
                "business_date": tx.now.date() - timedelta(days=day),
                "person_id": person_id,
                "behavior_id": house.behavior_ids[(number + place) % len(house.behavior_ids)],
                "standing": 4 + (number + day + place) % 5,
                "verified": 3,
                "accepted": 2,
                "points": 40 + (number * 7 + day * 3 + place) % 90,
                "amount_minor": 0,
            }
            for day in range(DAYS)
            for number, person_id in enumerate(people)
            for place in range(3)
        ]
        tx.change(insert(DayTotal), rows)
    db.close()
