"""What a log is worth, how steady and how complete somebody is, and who stands where."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Generic, Literal, TypeVar

from topline.behaviors.rules import Frequency, Period, expected_count
from topline.core.money import BASIS_POINTS, divide_half_even, divide_half_up

Band = Literal["excellent", "good", "warning", "poor"]
BoardPeriod = Literal["day", "week", "month"]

EXCELLENT_BP: Final = 9_500
GOOD_BP: Final = 9_000
WARNING_BP: Final = 8_000
MIN_COVERS: Final[Mapping[BoardPeriod, int]] = {"day": 10, "week": 10, "month": 100}

#: The statuses of a log that still counts.
STANDING: Final = frozenset({"pending", "verified"})
_FALLEN: Final = frozenset({"rejected", "undone", "expired"})
_LEVELS: Final = frozenset({"self_reported", "manager", "evidence"})

Key = TypeVar("Key", bound=Hashable)


# --- one log ---


def stands(status: str) -> bool:
    """Whether a log of that status still counts. Raises ValueError for a status that does not exist."""
    if status not in STANDING | _FALLEN:
        raise ValueError(f"no such log status: {status}")
    return status in STANDING


def points_for(points: int, status: str, has_evidence: bool, verification_level: str) -> int:
    """What a log is worth: the behavior's points, twice when verified, and half as much again with evidence.

    | status                    | without evidence | with evidence |
    | pending                   | × 1              | × 1.5         |
    | verified                  | × 2              | × 3           |
    | rejected, undone, expired | 0                | 0             |

    A self-reported behavior is never worth more for being verified: nobody checks it. Half a point is
    rounded up. Raises ValueError for a status or level that does not exist.
    """
    if verification_level not in _LEVELS:
        raise ValueError(f"no such verification level: {verification_level}")
    if not stands(status):
        return 0
    doubled = status == "verified" and verification_level != "self_reported"
    worth = points * (2 if doubled else 1)
    return divide_half_up(worth * 3, 2) if has_evidence else worth


# --- one person ---


def streak(working_days: Collection[date], days_with_logs: Collection[date], today: date) -> int:
    """How many working days in a row, up to today, have at least one log that stands.

    Days off do not break it; a day with a log counts as worked even when nobody planned it. Today without a
    log does not break it yet. All dates are business dates; later ones than today are ignored.
    """
    logged = set(days_with_logs)
    run = 0
    for day in sorted(logged | set(working_days), reverse=True):
        if day in logged and day <= today:
            run += 1
        elif day < today:
            break
    return run


def likely_working_days(
    days_with_logs: Collection[date], open_days: Collection[date], shifts_per_week: int, today: date
) -> set[date]:
    """The working days a streak is measured by where nobody keeps a rota: logged days, and those clearly missed.

    Somebody with five shifts a week is off for two days at a time; of three open days in a row without a log, the
    third was a working day. Before the first log nothing is missed.
    """
    off = max(0, 7 - shifts_per_week)
    logged = {day for day in days_with_logs if day <= today}
    found = set(logged)
    without = 0
    for day in sorted(day for day in set(open_days) | logged if logged and min(logged) < day < today):
        without = 0 if day in logged else without + 1
        if without > off:
            found.add(day)
    return found


def expected_of(
    target: int, frequency: Frequency, shifts_per_week: int, period: Period, open_days: int
) -> Fraction:
    """How many logs are expected of one person in a period by their usual shifts, exactly.

    Nobody keeps a rota, so the shifts of a week are spread evenly over the days the house opens: somebody with five
    shifts a week owes 5/7 of a target per shift for each of the `open_days`. Weekly and monthly targets are owed by the
    share of the week or month, by whoever works at all.
    """
    if frequency in (Frequency.PER_SHIFT, Frequency.PER_DAY):
        return Fraction(max(0, target) * shifts_per_week * open_days, 7)
    return expected_count(target, frequency, min(shifts_per_week, 1), period)


def adoption(standing: int, expected: Fraction | int) -> int | None:
    """Logs that stand as basis points of the expected ones, rounded down; None when nothing was expected.

    May be above 10 000. Rounded down, so that the number shown never contradicts its band.
    """
    if expected <= 0:
        return None
    exact = Fraction(standing * BASIS_POINTS) / expected
    return exact.numerator // exact.denominator


def band(adoption_bp: int | None) -> Band | None:
    """`excellent` from 95 %, `good` from 90 %, `warning` from 80 %, else `poor`; None where there is no value."""
    if adoption_bp is None:
        return None
    if adoption_bp >= EXCELLENT_BP:
        return "excellent"
    if adoption_bp >= GOOD_BP:
        return "good"
    return "warning" if adoption_bp >= WARNING_BP else "poor"


# --- one among others ---


def period_of(period: BoardPeriod, today: date) -> Period:
    """The dates a board covers so far: today, the week since Monday, or the month since its first."""
    if period == "week":
        return Period(today - timedelta(days=today.weekday()), today)
    return Period(today.replace(day=1) if period == "month" else today, today)


@dataclass(frozen=True, slots=True)
class Standing(Generic[Key]):
    """One line of a leaderboard. `score` is points, a count, or minor units."""

    who: Key
    score: int
    rank: int


@dataclass(frozen=True, slots=True)
class NextMark:
    """The place above and what it takes to share it."""

    rank: int
    points_needed: int


@dataclass(frozen=True, slots=True)
class Place(Generic[Key]):
    """Where somebody stands among `of`; the two next to them and themselves, best first; the next mark."""

    rank: int
    of: int
    score: int
    neighbours: tuple[Standing[Key], ...]
    next: NextMark | None


def rank(scores: Mapping[Key, int]) -> list[Standing[Key]]:
    """Everybody, best first. Equal scores share a place and the next one is left out: 1, 2, 2, 4.

    Among equals the order of `scores` stays, so give them by name for a list that does not jump.
    """
    ordered = sorted(scores.items(), key=lambda item: -item[1])
    standings: list[Standing[Key]] = []
    for place, (who, score) in enumerate(ordered, start=1):
        tied = bool(standings) and standings[-1].score == score
        standings.append(Standing(who, score, standings[-1].rank if tied else place))
    return standings


def neighbours(standings: list[Standing[Key]], me: Key) -> tuple[Standing[Key], ...]:
    """Oneself and the two nearest: one above and one below, both on one side at either end. Empty if not listed."""
    for place, standing in enumerate(standings):
        if standing.who == me:
            start = max(0, min(place - 1, len(standings) - 3))
            return tuple(standings[start : start + 3])
    return ()


def next_mark(scores: Mapping[Key, int], me: Key) -> NextMark | None:
    """The nearest better score: its place, and how much is missing to share it. None at the top or if not listed."""
    mine = scores.get(me)
    better = [score for score in scores.values() if mine is not None and score > mine]
    if mine is None or not better:
        return None
    mark = min(better)
    return NextMark(rank=1 + sum(score > mark for score in better), points_needed=mark - mine)


def place_of(scores: Mapping[Key, int], me: Key) -> Place[Key] | None:
    """Everything a person sees of the board; None if not listed."""
    if me not in scores:
        return None
    standings = rank(scores)
    own = next(standing for standing in standings if standing.who == me)
    return Place(own.rank, len(standings), own.score, neighbours(standings, me), next_mark(scores, me))


# --- average check ---


@dataclass(frozen=True, slots=True)
class Sales:
    """What somebody sold: revenue in minor units, and the guests it came from."""

    revenue_minor: int
    covers: int


def average_check(sales: Sales) -> int | None:
    """Minor units per guest, rounded half to even; None without guests."""
    if sales.covers <= 0:
        return None
    return divide_half_even(sales.revenue_minor, sales.covers)


def average_check_eligible(covers: int, period: BoardPeriod) -> bool:
    """Whether there were guests enough to compare: 10 in a day or week, 100 in a month."""
    return covers >= MIN_COVERS[period]


def rank_by_average_check(sales: Mapping[Key, Sales], period: BoardPeriod) -> list[Standing[Key]]:
    """Everybody with guests enough, best average check first; scores are minor units per guest."""
    return rank(
        {
            who: divide_half_even(found.revenue_minor, found.covers)
            for who, found in sales.items()
            if average_check_eligible(found.covers, period)
        }
    )
