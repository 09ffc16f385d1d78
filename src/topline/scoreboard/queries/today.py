"""The owner's and manager's page: one span's verdict, its revenue day by day, key figures, and what waits for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import func, select

from topline.behaviors.rules import Period
from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog
from topline.organizations.rules import open_dates
from topline.results.rules import adr, occupancy_bp
from topline.scoreboard.queries.facts import Entry, Facts
from topline.scoreboard.queries.game import span_of
from topline.scoreboard.queries.house import Scoreboard, scoreboard
from topline.scoreboard.rules import Pace
from topline.scoring.queries.adoption import Share, adoption_of

Span = Literal["day", "month", "year"]

CHART_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Point:
    """One place on the chart: a day, or a month of the year. Minor units; what is not known is None."""

    day: date
    revenue: int | None
    target: int | None


@dataclass(frozen=True, slots=True)
class Revenue:
    """What came in against its target. `day` is set for a single day; `closed` says it speaks of all of it."""

    pace: Pace
    day: date | None
    closed: bool
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Room figures of a span, and for a day the same a week before. None where a part is missing."""

    day: date | None
    adr_minor: int | None
    occupancy_bp: int | None
    adr_before_minor: int | None = None
    occupancy_before_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Logs that wait for a decision, and rejected ones of the span with those nobody has answered."""

    waiting: int
    oldest: datetime | None
    rejected: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class TodayView:
    """The page for one span."""

    span: Span
    board: Scoreboard
    revenue: Revenue | None
    missing: date | None
    chart: tuple[Point, ...]
    cumulative: bool
    figures: Figures
    adoption: Share
    queue: Queue


def today_view(tx: Read, span: Span, location_id: UUID | None = None) -> TodayView:
    """Everything the page shows. `missing` is the last open day when its revenue was not entered."""
    board = scoreboard(tx, location_id)
    facts = board.facts
    first = facts.today if span == "day" else span_of(span, facts.today)[0]
    adoption = board.adoption.whole
    if span != "day":
        days = open_dates(first, facts.today, facts.hours)
        adoption = adoption_of(tx, facts.house.id, days, Period(first, facts.today)).whole
    yesterday = board.game.yesterday
    return TodayView(
        span=span,
        board=board,
        revenue=_revenue(board, span),
        missing=yesterday if yesterday is not None and facts.revenue(yesterday) is None else None,
        chart=_chart(facts, span),
        cumulative=span == "month",
        figures=_figures(facts, span, first),
        adoption=adoption,
        queue=_queue(tx, facts.house.id, first, facts.today),
    )


def _revenue(board: Scoreboard, span: Span) -> Revenue | None:
    """The span's revenue; of a day without any, that of the last open day; None when nobody entered that either."""
    game, facts = board.game, board.facts
    if span != "day":
        pace = game.state.month if span == "month" else game.state.year
        return None if pace.actual is None else Revenue(pace, None, False, game.revenue_as_of)
    if game.revenue_today.actual is not None:
        entry = facts.entries[facts.today]
        return Revenue(game.revenue_today, facts.today, entry.is_final, game.revenue_as_of)
    pace_before = game.state.yesterday
    if pace_before is None or pace_before.actual is None or game.yesterday is None:
        return None
    return Revenue(pace_before, game.yesterday, True, None)


def _chart(facts: Facts, span: Span) -> tuple[Point, ...]:
    today = facts.today
    if span == "day":
        entry = facts.entries.get(today)
        # A day that is not over would look like a fall beside whole ones.
        until = today if entry is not None and entry.is_final else today - timedelta(days=1)
        days = [until - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
        return tuple(Point(day, facts.revenue(day), facts.target(day)) for day in days)
    first, last = span_of(span, today)
    if span == "month":
        return _so_far(facts, first, last)
    months = [date(today.year, month, 1) for month in range(1, 13)]
    return tuple(_month(facts, *span_of("month", start)) for start in months)


def _so_far(facts: Facts, first: date, last: date) -> tuple[Point, ...]:
    """A month adding up. The line of revenue ends with the last day that was entered."""
    revenues, targets = facts.revenues(first, facts.today), facts.targets(first, last)
    known_until = max(revenues, default=first - timedelta(days=1))
    points, earned, aimed = [], 0, 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        earned += revenues.get(day, 0)
        aimed += targets.get(day, 0)
        points.append(Point(day, earned if day <= known_until else None, aimed if targets else None))
    return tuple(points)


def _month(facts: Facts, first: date, last: date) -> Point:
    """A month of the year. Like against like: a begun month's target is that of the days which were entered."""
    revenues, targets = facts.revenues(first, min(last, facts.today)), facts.targets(first, last)
    due = [target for day, target in targets.items() if day in revenues or first > facts.today]
    return Point(first, sum(revenues.values()) if revenues else None, sum(due) or None)


def _figures(facts: Facts, span: Span, first: date) -> Figures:
    if span != "day":
        entries = [entry for day, entry in facts.entries.items() if first <= day <= facts.today]
        return Figures(None, _adr(entries), _occupancy(entries))
    known = [day for day, entry in facts.entries.items() if entry.rooms_sold is not None]
    if not known:
        return Figures(None, None, None)
    day = max(known)
    now = [facts.entries[day]]
    before = [entry for entry in [facts.entries.get(day - timedelta(days=7))] if entry is not None]
    return Figures(day, _adr(now), _occupancy(now), _adr(before), _occupancy(before))


def _adr(entries: list[Entry]) -> int | None:
    """Room revenue per room sold over the days that have both."""
    pairs = [
        (entry.room_revenue_minor, entry.rooms_sold)
        for entry in entries
        if entry.room_revenue_minor is not None and entry.rooms_sold is not None
    ]
    return adr(sum(revenue for revenue, _ in pairs), sum(rooms for _, rooms in pairs))


def _occupancy(entries: list[Entry]) -> int | None:
    """Rooms sold of rooms available over the days that have both."""
    pairs = [
        (entry.rooms_sold, entry.rooms_available)
        for entry in entries
        if entry.rooms_sold is not None and entry.rooms_available is not None
    ]
    return occupancy_bp(sum(sold for sold, _ in pairs), sum(rooms for _, rooms in pairs))


def _queue(tx: Read, location_id: UUID, first: date, last: date) -> Queue:
    """What waits for the caller: nobody decides on their own logs."""
    waiting = select(func.count(), func.min(BehaviorLog.received_at)).where(
        BehaviorLog.organization_id == tx.organization_id,
        BehaviorLog.location_id == location_id,
        BehaviorLog.status == "pending",
        BehaviorLog.verification != "self_reported",
    )
    if tx.actor.person_id is not None:
        waiting = waiting.where(BehaviorLog.person_id != tx.actor.person_id)
    rejected = select(func.count(), func.count(BehaviorLog.answered_at)).where(
        BehaviorLog.organization_id == tx.organization_id,
        BehaviorLog.location_id == location_id,
        BehaviorLog.status == "rejected",
        BehaviorLog.business_date.between(first, last),
    )
    count, oldest = tx.execute(waiting).one()
    refused, answered = tx.execute(rejected).one()
    return Queue(int(count), oldest, int(refused), int(refused) - int(answered))
