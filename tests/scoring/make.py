"""Logs straight into the table, as many as a test needs, and the totals they should add up to."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from tests.support.cast import Cast, Who
from topline.core.ids import new_id
from topline.core.transaction import Database, Write
from topline.logbook.models import BehaviorLog
from topline.scoring.models import DayTotal
from topline.scoring.rules import points_for, stands

#: `tests/conftest.py` stands still on this date.
TODAY = date(2026, 3, 4)
STATUSES = ("pending", "verified", "rejected", "undone", "expired")
LEVELS = ("self_reported", "manager", "evidence")

Total = tuple[int, int, int, int, int]


def add_logs(
    tx: Write, who: Who, location_id: UUID, behavior_id: UUID, count: int = 1, **values: Any
) -> list[UUID]:
    """`count` equal logs of 10 points by `who`; `values` are columns. Returns their ids."""
    day = values.pop("business_date", TODAY)
    at = values.pop("at", datetime.combine(day, time(9), UTC))
    rows = [
        {
            "organization_id": who.organization_id,
            "id": new_id(),
            "person_id": who.id,
            "behavior_id": behavior_id,
            "location_id": location_id,
            "business_date": day,
            "occurred_at": at + timedelta(seconds=number),
            "received_at": at + timedelta(seconds=number),
            "status": "pending",
            "verification": "manager",
            "points": 10,
            **values,
        }
        for number in range(count)
    ]
    tx.change(insert(BehaviorLog), rows)
    return [row["id"] for row in rows]


def random_log(rng: Random, cast: Cast) -> tuple[Who, UUID, dict[str, Any]]:
    """Somebody's log of any kind within the last week."""
    who = rng.choice([cast.fred, cast.bella, cast.mina])
    behavior_id = rng.choice(sorted(cast.behaviors.values()))
    return (
        who,
        behavior_id,
        {
            "business_date": TODAY - timedelta(days=rng.randrange(7)),
            "status": rng.choice(STATUSES),
            "verification": rng.choice(LEVELS),
            "points": rng.randrange(1, 101),
            "has_evidence": rng.random() < 0.3,
            "outcome": rng.choice([None, "offered", "accepted", "declined"]),
            "amount_minor": rng.choice([None, rng.randrange(10**9)]),
        },
    )


def expected_totals(database: Database, organization_id: UUID) -> dict[tuple[date, UUID, UUID], Total]:
    """What every log of an organization adds up to, worked out one by one with the rules."""
    found: dict[tuple[date, UUID, UUID], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    with database.read() as tx:
        for log in tx.execute(
            select(*BehaviorLog.__table__.c).where(BehaviorLog.organization_id == organization_id)
        ):
            if not stands(log.status):
                continue
            total = found[(log.business_date, log.person_id, log.behavior_id)]
            total[0] += 1
            total[1] += log.status == "verified"
            total[2] += log.outcome == "accepted"
            total[3] += points_for(log.points, log.status, log.has_evidence, log.verification)
            total[4] += (log.amount_minor or 0) if log.outcome in (None, "accepted") else 0
    return {key: (t[0], t[1], t[2], t[3], t[4]) for key, t in found.items()}


def stored_totals(database: Database, organization_id: UUID) -> dict[tuple[date, UUID, UUID], Total]:
    """What stands in the table."""
    with database.read() as tx:
        rows = tx.execute(
            select(
                DayTotal.business_date,
                DayTotal.person_id,
                DayTotal.behavior_id,
                DayTotal.standing,
                DayTotal.verified,
                DayTotal.accepted,
                DayTotal.points,
                DayTotal.amount_minor,
            ).where(DayTotal.organization_id == organization_id)
        )
        return {(row[0], row[1], row[2]): (row[3], row[4], row[5], row[6], row[7]) for row in rows}
