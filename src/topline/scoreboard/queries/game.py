"""The verdicts on a house: today, yesterday, this month, this year."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from topline.organizations.rules import elapsed_share, open_intervals
from topline.scoreboard.queries.facts import Facts
from topline.scoreboard.rules import GameState, Pace, Thresholds, day_pace, game_state, period_pace


@dataclass(frozen=True, slots=True)
class Game:
    """The verdicts with what their sentences need.

    `revenue_as_of` is the moment today's revenue speaks of, `yesterday` the last date the house was open. `opens_at` is
    set while the house has not opened yet today. `has_target` says whether there is a benchmark to pace revenue by.
    """

    state: GameState
    revenue_today: Pace
    behaviors_today: Pace
    revenue_as_of: datetime | None
    yesterday: date | None
    opens_at: datetime | None
    elapsed: Fraction | None
    has_target: bool
    target_is_estimate: bool

    @property
    def live(self) -> Pace:
        """Today's verdict."""
        return self.state.live


def game_of(
    facts: Facts, standing: int, expected: Fraction, usual: Fraction | None, thresholds: Thresholds
) -> Game:
    """Judge a house.

    `standing` and `expected` are today's logs that stand and the whole day's expectation, `usual` the share of a day's
    logs that is usually there by now; without it, opening hours say how much of the day is over.
    """
    today, house = facts.today, facts.house
    elapsed = elapsed_share(facts.now, today, facts.hours, house.zone, house.turning_hour)
    revenue, as_of = _revenue_today(facts, thresholds)
    behaviors = day_pace(
        # Nothing logged at all is not yet a result: it may be that nobody has begun.
        standing or None,
        round(expected) or None,
        elapsed if not elapsed or elapsed == 1 or usual is None else usual,
        basis="behaviors",
        thresholds=thresholds,
    )
    yesterday = facts.last_open_day(today)
    # Revenue without a target to hold it against says nothing about winning: the lead measures do.
    judged = revenue if revenue.target else replace(revenue, actual=None)
    state = game_state(
        judged,
        behaviors,
        None
        if yesterday is None
        else day_pace(facts.revenue(yesterday), facts.target(yesterday), Fraction(1), thresholds=thresholds),
        _period(facts, "month", thresholds, as_of),
        _period(facts, "year", thresholds, as_of),
    )
    ground = facts.benchmark(today)
    return Game(
        state=state,
        revenue_today=revenue,
        behaviors_today=behaviors,
        revenue_as_of=as_of,
        yesterday=yesterday,
        opens_at=_opens_at(facts, elapsed),
        elapsed=elapsed,
        has_target=ground is not None,
        target_is_estimate=ground is not None and ground.is_estimate,
    )


def _revenue_today(facts: Facts, thresholds: Thresholds) -> tuple[Pace, datetime | None]:
    """Today's revenue at the moment it speaks of: all of the day once it is closed, else when it was last entered."""
    entry = facts.entries.get(facts.today)
    target = facts.target(facts.today)
    if entry is None or entry.revenue_minor is None:
        return day_pace(None, target, _share_at(facts, facts.now), thresholds=thresholds), None
    share = Fraction(1) if entry.is_final else _share_at(facts, entry.updated_at)
    return day_pace(entry.revenue_minor, target, share, thresholds=thresholds), entry.updated_at


def _period(
    facts: Facts, span: Literal["month", "year"], thresholds: Thresholds, as_of: datetime | None
) -> Pace:
    today = facts.today
    first, last = span_of(span, today)
    entry = facts.entries.get(today)
    share = Fraction(1) if entry is not None and entry.is_final else _share_at(facts, as_of or facts.now)
    return period_pace(
        span, facts.targets(first, last), facts.revenues(first, today), today, share, thresholds
    )


def span_of(span: Literal["month", "year"], day: date) -> tuple[date, date]:
    """The first and last date of the month or year of a date."""
    if span == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _share_at(facts: Facts, moment: datetime) -> Fraction | None:
    house = facts.house
    return elapsed_share(moment, facts.today, facts.hours, house.zone, house.turning_hour)


def _opens_at(facts: Facts, elapsed: Fraction | None) -> datetime | None:
    if elapsed is None or elapsed > 0:
        return None
    stretches = open_intervals(facts.today, facts.hours, facts.house.zone, facts.house.turning_hour)
    return stretches[0][0] if stretches and stretches[0][0] > facts.now else None
