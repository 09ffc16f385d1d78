"""One person's day: what it counts, how long the streak is, and the place among the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from topline.core.transaction import Read
from topline.logbook.queries import day_counts
from topline.scoring.models import DayTotal
from topline.scoring.rules import Place, likely_working_days, place_of, streak

#: A streak is looked for this many days back. Longer ones are shown as this long.
LONGEST_STREAK: Final = 366


@dataclass(frozen=True, slots=True)
class OwnDay:
    """What a person's logs of one business date count, straight from the logs: never behind what was just tapped."""

    count: int
    points: int
    by_behavior: dict[UUID, int]


def own_day(tx: Read, person_id: UUID, day: date) -> OwnDay:
    """The standing logs and points of one person on one date."""
    counts = day_counts(tx, person_id, day)
    return OwnDay(
        count=sum(one.count for one in counts),
        points=sum(one.points for one in counts),
        by_behavior={one.behavior_id: one.count for one in counts},
    )


def streak_days(
    tx: Read,
    person_id: UUID,
    today: date,
    *,
    logged_today: bool,
    shifts_per_week: int,
    is_open: Callable[[date], bool],
) -> int:
    """How many working days in a row have a log that stands. `logged_today` is fresher than the day totals."""
    since = today - timedelta(days=LONGEST_STREAK)
    query = (
        select(DayTotal.business_date)
        .distinct()
        .where(
            DayTotal.organization_id == tx.organization_id,
            DayTotal.person_id == person_id,
            DayTotal.business_date.between(since, today - timedelta(days=1)),
            DayTotal.standing > 0,
        )
    )
    logged = set(tx.execute(query).scalars())
    if logged_today:
        logged.add(today)
    first = min(logged, default=today)
    span = (first + timedelta(days=number) for number in range((today - first).days + 1))
    open_days = {day for day in span if is_open(day)}
    return streak(likely_working_days(logged, open_days, shifts_per_week, today), logged, today)


def own_place(scores: Mapping[UUID, int], person_id: UUID, points: int) -> Place[UUID] | None:
    """The person's place among `scores`, with `points` as the own score, also when that is nothing yet.

    None while nobody, the person included, has anything: there is no board yet.
    """
    if not points and not any(score for who, score in scores.items() if who != person_id):
        return None
    return place_of({**scores, person_id: points}, person_id)
