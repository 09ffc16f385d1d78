"""Are we winning: what has come in against where the house should be by now.

Every verdict carries the numbers its sentence on the wall needs. Amounts are minor units, counts are logs,
shares are basis points rounded down, so a number shown never contradicts the word beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from topline.core.money import BASIS_POINTS, currency_digits, divide_half_even, reached_bp

State = Literal["celebrating", "winning", "neutral", "losing", "not_open_yet", "no_data"]
Span = Literal["day", "month", "year"]
Basis = Literal["revenue", "behaviors"]

EQUAL_WEIGHTS: Final = (BASIS_POINTS,) * 7
MIN_SAMPLES: Final = 4

# An average check in whole units of a currency near the US dollar, by industry: an estimate until the house
# has a history of its own. In other currencies the figures would mean nothing.
INDUSTRY_AVERAGE_CHECK: Final[Mapping[str, int]] = {
    "fine_dining": 85,
    "casual": 35,
    "fast_casual": 15,
    "bar": 25,
    "retail": 45,
    "gas_station": 12,
    "hospitality": 50,
    "other": 30,
}
_NEAR_THE_DOLLAR: Final = frozenset({"USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD"})


# --- benchmarks and targets ---


def daily_benchmark(last_year_revenue_minor: int, days_open: int) -> int | None:
    """Last year's revenue per day open, rounded half to even; None without days or revenue."""
    if days_open <= 0 or last_year_revenue_minor <= 0:
        return None
    return divide_half_even(last_year_revenue_minor, days_open)


@dataclass(frozen=True, slots=True)
class AverageCheckBenchmark:
    """Minor units per guest to compare with. An estimate comes from the industry, not from the house."""

    amount_minor: int
    is_estimate: bool


def average_check_benchmark(
    revenue_minor: int, covers: int, industry: str, currency: str
) -> AverageCheckBenchmark | None:
    """From the house's own history where there is one, else the industry's, labelled an estimate.

    An industry that is not in the table counts as `other`. None without history in a currency the table
    does not fit.
    """
    if covers > 0 and revenue_minor > 0:
        return AverageCheckBenchmark(divide_half_even(revenue_minor, covers), is_estimate=False)
    if currency not in _NEAR_THE_DOLLAR:
        return None
    units = INDUSTRY_AVERAGE_CHECK.get(industry, INDUSTRY_AVERAGE_CHECK["other"])
    return AverageCheckBenchmark(units * 10 ** currency_digits(currency), is_estimate=True)


def weekday_weights(history: Iterable[tuple[date, int]], min_samples: int = MIN_SAMPLES) -> tuple[int, ...]:
    """What each weekday (Monday first) earns against an average one, in basis points, from (business date,
    amount).

    A weekday with fewer than `min_samples` entries counts as average: one festival on a Tuesday makes no
    Tuesday. The average is taken over the weekdays with samples enough, each once. All equal when there is
    nothing to go by.
    """
    amounts: list[list[int]] = [[] for _ in range(7)]
    for day, amount in history:
        amounts[day.weekday()].append(amount)
    means = {
        weekday: Fraction(max(0, sum(found)), len(found))
        for weekday, found in enumerate(amounts)
        if len(found) >= max(1, min_samples)
    }
    overall = sum(means.values(), Fraction(0)) / max(1, len(means))
    if overall == 0:
        return EQUAL_WEIGHTS
    return tuple(round(BASIS_POINTS * means.get(weekday, overall) / overall) for weekday in range(7))


def day_target(
    benchmark_minor: int, day: date, weights: Sequence[int] = EQUAL_WEIGHTS, goal_bp: int = BASIS_POINTS
) -> int:
    """The revenue to reach on a business date: benchmark × weekday × goal, rounded half to even once at the
    end.

    `goal_bp` is this year over last year: 10 500 is five per cent more.
    """
    return divide_half_even(benchmark_minor * weights[day.weekday()] * goal_bp, BASIS_POINTS**2)


def day_targets(
    open_days: Iterable[date],
    benchmark_minor: int,
    weights: Sequence[int] = EQUAL_WEIGHTS,
    goal_bp: int = BASIS_POINTS,
) -> dict[date, int]:
    """The target of each date the house opens. A month's or year's target is their sum."""
    return {day: day_target(benchmark_minor, day, weights, goal_bp) for day in open_days}


# --- pace ---


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which share of where the house should be it wins, and from which it does not yet lose; basis points."""

    winning_bp: int = 9_500
    neutral_bp: int = 8_500

    def __post_init__(self) -> None:
        if not 0 < self.neutral_bp <= self.winning_bp <= 2 * BASIS_POINTS:
            raise ValueError("thresholds must rise: 0 < neutral <= winning <= 20 000")


DEFAULT_THRESHOLDS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class Pace:
    """A verdict and the numbers behind it.

    `actual`, `should_be_now` and `target` are minor units (`revenue`) or logs (`behaviors`); None is
    unknown, never 0. `share_bp` is actual over should-be-now, `target_share_bp` actual over the whole
    target, `elapsed_bp` how much of the target is due by now. `days_missing`: days due of which nothing is
    known; they are left out on both sides.
    """

    span: Span
    basis: Basis
    state: State
    actual: int | None
    should_be_now: int | None
    target: int | None
    share_bp: int | None
    target_share_bp: int | None
    elapsed_bp: int | None
    closed_today: bool = False
    days_missing: int = 0


def should_be_now(target: int, elapsed_share: Fraction) -> int:
    """The part of a target that is due when that share of the opening time is over, rounded half to even."""
    return round(target * elapsed_share)


def state_of(
    actual: int | None,
    should_be: int | None,
    period_target: int | None,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> State:
    """The verdict: celebrating once the whole target is reached, else by the share of where the house
    should be.

    `no_data` without a number or a target; `not_open_yet` while nothing is due.
    """
    if actual is None or should_be is None or period_target is None or period_target <= 0:
        return "no_data"
    if actual >= period_target:
        return "celebrating"
    share = reached_bp(actual, should_be)
    if share is None:
        return "not_open_yet"
    if share >= thresholds.winning_bp:
        return "winning"
    return "neutral" if share >= thresholds.neutral_bp else "losing"


def day_pace(
    actual: int | None,
    target: int | None,
    elapsed_share: Fraction | None,
    basis: Basis = "revenue",
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Pace:
    """One business date. `elapsed_share` is that of its opening time by the instant `actual` speaks of;
    None: closed.

    So revenue of a finished day, or as of the end of a shift, is given the share of that moment, not of
    now. Before opening the state is `not_open_yet` even when nothing has come in; on a closed day it is
    too, with `closed_today`.
    """
    due = None if target is None else should_be_now(target, elapsed_share or Fraction(0))
    state = state_of(actual, due, target, thresholds)
    if actual is None and not elapsed_share:
        state = "not_open_yet"
    return Pace(
        span="day",
        basis=basis,
        state=state,
        actual=actual,
        should_be_now=due,
        target=target,
        share_bp=_share(actual, due),
        target_share_bp=_share(actual, target),
        elapsed_bp=None if elapsed_share is None else int(elapsed_share * BASIS_POINTS),
        closed_today=elapsed_share is None,
    )


def period_pace(
    span: Span,
    targets: Mapping[date, int],
    actuals: Mapping[date, int],
    today: date,
    elapsed_share: Fraction | None,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Pace:
    """A month or year so far, out of its days' targets and what is known of each day.

    Like is held against like: only days with a known amount are due, today by its elapsed share. So a house
    that enters its revenue at close is not behind all afternoon, and days nobody entered are named
    (`days_missing`) instead of counted as nothing. Revenue of a day without a target (open against the
    calendar) counts; later dates than today do not.
    """
    target = sum(targets.values())
    known = {day: amount for day, amount in actuals.items() if day <= today}
    due = sum(amount for day, amount in targets.items() if day in known and day < today)
    if today in known and today in targets:
        due += should_be_now(targets[today], elapsed_share or Fraction(0))
    actual = sum(known.values()) if known else None
    state = state_of(actual, due, target, thresholds)
    begun = any(day < today for day in targets) or bool(elapsed_share and today in targets)
    if actual is None and targets and not begun:
        state = "not_open_yet"
    return Pace(
        span=span,
        basis="revenue",
        state=state,
        actual=actual,
        should_be_now=due if known else None,
        target=target if targets else None,
        share_bp=_share(actual, due),
        target_share_bp=_share(actual, target),
        elapsed_bp=reached_bp(due, target),
        closed_today=elapsed_share is None,
        days_missing=sum(day < today and day not in known for day in targets),
    )


def _share(actual: int | None, whole: int | None) -> int | None:
    return None if actual is None or whole is None else reached_bp(actual, whole)


# --- the game ---


@dataclass(frozen=True, slots=True)
class GameState:
    """What the wall says. `live` is today, by revenue or, where none came in yet, by behaviors; its `basis`
    says which.

    `yesterday` stands beside a live state by behaviors (the last day the house was open), each named.
    """

    live: Pace
    yesterday: Pace | None
    month: Pace
    year: Pace


def live_pace(revenue: Pace, behaviors: Pace) -> Pace:
    """Today's verdict: that of the revenue, or of the behaviors where nothing came in yet and they know more."""
    if revenue.actual is None and behaviors.actual is not None and behaviors.target:
        return behaviors
    return revenue


def game_state(
    revenue_today: Pace, behaviors_today: Pace, yesterday: Pace | None, month: Pace, year: Pace
) -> GameState:
    """Put the verdicts together; yesterday's only where today's is not one of revenue."""
    live = live_pace(revenue_today, behaviors_today)
    return GameState(live, None if revenue_today.actual is not None else yesterday, month, year)
