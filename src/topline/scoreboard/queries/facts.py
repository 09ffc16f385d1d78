"""What is known of a house's results, and the targets that follow from its benchmark and its own history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from topline.core.money import BASIS_POINTS
from topline.core.transaction import Read
from topline.organizations.queries import LocationView, opening_hours
from topline.organizations.rules import OpeningHours, business_date, open_dates
from topline.results.models import Benchmark, DailyEntry
from topline.scoreboard.rules import EQUAL_WEIGHTS, daily_benchmark, day_target, weekday_weights

#: Results older than so many days before today shape no weekday weight.
HISTORY: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Entry:
    """A day's results as they stand. Amounts are minor units; what nobody entered is None."""

    business_date: date
    status: str
    revenue_minor: int | None
    room_revenue_minor: int | None
    covers: int | None
    rooms_sold: int | None
    rooms_available: int | None
    updated_at: datetime

    @property
    def is_final(self) -> bool:
        """Whether the day is closed, so that its figures speak of the whole of it."""
        return self.status != "open"


@dataclass(frozen=True, slots=True)
class YearBefore:
    """A year's benchmark: what an average open day of it earned, and what the year after aims for."""

    daily_minor: int
    goal_bp: int
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """One house at one instant: its calendar, its results since a year ago, its benchmarks by year."""

    house: LocationView
    hours: OpeningHours
    now: datetime
    today: date
    entries: dict[date, Entry]
    benchmarks: dict[int, YearBefore]
    weights: tuple[int, ...] = EQUAL_WEIGHTS

    def benchmark(self, day: date) -> YearBefore | None:
        """What the target of a date rests on: the benchmark of the year before it."""
        return self.benchmarks.get(day.year - 1)

    def target(self, day: date) -> int | None:
        """The revenue to reach on a date, minor units; None without a benchmark or when the house is closed."""
        ground = self.benchmark(day)
        if ground is None or not self.hours.is_open(day):
            return None
        return day_target(ground.daily_minor, day, self.weights, ground.goal_bp)

    def targets(self, first: date, last: date) -> dict[date, int]:
        """The target of each date the house opens, as far as there is one."""
        found = {day: self.target(day) for day in open_dates(first, last, self.hours)}
        return {day: target for day, target in found.items() if target is not None}

    def revenue(self, day: date) -> int | None:
        """What came in on a date, None when nobody entered it."""
        entry = self.entries.get(day)
        return None if entry is None else entry.revenue_minor

    def revenues(self, first: date, last: date) -> dict[date, int]:
        """What came in on each date of which something is known."""
        return {
            day: entry.revenue_minor
            for day, entry in self.entries.items()
            if first <= day <= last and entry.revenue_minor is not None
        }

    def last_open_day(self, before: date) -> date | None:
        """The last date before another on which the house was open; None when it was closed for two weeks."""
        days = (before - timedelta(days=number) for number in range(1, 15))
        return next((day for day in days if self.hours.is_open(day)), None)


def facts_of(tx: Read, house: LocationView) -> Facts:
    """Everything the verdicts on a house rest on."""
    today = business_date(tx.now, house.zone, house.turning_hour)
    since = min(today - HISTORY, date(today.year, 1, 1))
    entries = {entry.business_date: entry for entry in _entries(tx, house.id, since, today)}
    history = [
        (entry.business_date, entry.revenue_minor)
        for entry in entries.values()
        if entry.revenue_minor is not None and today - HISTORY <= entry.business_date < today
    ]
    return Facts(
        house=house,
        hours=opening_hours(tx, house),
        now=tx.now,
        today=today,
        entries=entries,
        benchmarks=_benchmarks(tx, house.id),
        weights=weekday_weights(history),
    )


def _entries(tx: Read, location_id: UUID, first: date, last: date) -> Iterable[Entry]:
    query = (
        select(
            DailyEntry.business_date,
            DailyEntry.status,
            DailyEntry.revenue_minor,
            DailyEntry.room_revenue_minor,
            DailyEntry.covers,
            DailyEntry.rooms_sold,
            DailyEntry.rooms_available,
            DailyEntry.updated_at,
        )
        .where(
            DailyEntry.organization_id == tx.organization_id,
            DailyEntry.location_id == location_id,
            DailyEntry.business_date.between(first, last),
        )
        .order_by(DailyEntry.business_date)
    )
    return [Entry(*row) for row in tx.execute(query)]


def _benchmarks(tx: Read, location_id: UUID) -> dict[int, YearBefore]:
    query = select(
        Benchmark.year,
        Benchmark.revenue_minor,
        Benchmark.days_open,
        Benchmark.growth_bp,
        Benchmark.is_estimate,
    ).where(Benchmark.organization_id == tx.organization_id, Benchmark.location_id == location_id)
    found = {}
    for row in tx.execute(query):
        daily = daily_benchmark(row.revenue_minor, row.days_open)
        if daily is not None:
            found[row.year] = YearBefore(daily, BASIS_POINTS + row.growth_bp, row.is_estimate)
    return found
