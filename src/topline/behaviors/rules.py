"""What a behavior is worth and how often it is expected, date by date."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final, Protocol, TypeVar

MIN_POINTS: Final = 1
MAX_POINTS: Final = 100
MAX_TARGET: Final = 500


class TermError(ValueError):
    """Points or a target out of bounds. `code`: `points_out_of_range` or `target_out_of_range`."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Frequency(StrEnum):
    """What a target counts for."""

    PER_SHIFT = "PER_SHIFT"
    PER_DAY = "PER_DAY"
    PER_WEEK = "PER_WEEK"
    PER_MONTH = "PER_MONTH"


@dataclass(frozen=True, slots=True)
class Period:
    """Business dates from `first` to `last`, both included. Raises ValueError when they are in the wrong order."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends on or after its first date")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def check_points(points: int) -> int:
    """The points themselves, if they are 1 to 100; else raises `points_out_of_range`."""
    if not MIN_POINTS <= points <= MAX_POINTS:
        raise TermError("points_out_of_range", f"Points are {MIN_POINTS} to {MAX_POINTS}.")
    return points


def check_target(target: int) -> int:
    """The target itself, if it is 0 (nothing expected) to 500; else raises `target_out_of_range`."""
    if not 0 <= target <= MAX_TARGET:
        raise TermError("target_out_of_range", f"A target is 0 to {MAX_TARGET}.")
    return target


class Dated(Protocol):
    """Something that holds from a date on, until a last date (included) or, with None, until the next one."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_until(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Term:
    """Points (1 to 100) and target (0 to 500) of a behavior over a stretch of time. Raises `TermError`."""

    valid_from: date
    points: int
    target: int
    valid_until: date | None = None

    def __post_init__(self) -> None:
        check_points(self.points)
        check_target(self.target)


AnyTerm = TypeVar("AnyTerm", bound=Dated)


def term_on(terms: Iterable[AnyTerm], day: date) -> AnyTerm | None:
    """The term that holds on a business date: of those that began by then, the latest, unless it has ended.

    So a change of points never touches what was logged before it. None before the first term.
    """
    begun = [term for term in terms if term.valid_from <= day]
    if not begun:
        return None
    latest = max(begun, key=lambda term: term.valid_from)
    ended = latest.valid_until is not None and latest.valid_until < day
    return None if ended else latest


def expected_count(target: int, frequency: Frequency, units: int, period: Period) -> Fraction:
    """How many logs are expected of one person in a period, exactly.

    `units` are the shifts worked (`PER_SHIFT`), else the days worked, within the period. A target per shift
    or day counts once for each. A target per week or month counts for the share of the week or month that
    lies in the period, once; who did not work at all in it owes nothing. A part of a month is its days over
    that month's days.
    """
    if target <= 0 or units <= 0:
        return Fraction(0)
    if frequency is Frequency.PER_WEEK:
        return Fraction(target * period.days, 7)
    if frequency is Frequency.PER_MONTH:
        return target * _months(period)
    return Fraction(target * units)


def whole_target(expected: Fraction) -> int:
    """The count to show a person: an expectation rounded up, so that a weekly target of 3 is 1 on its first day."""
    return -(-expected.numerator // expected.denominator)


def _months(period: Period) -> Fraction:
    total = Fraction(0)
    start = period.first
    while start <= period.last:
        length = monthrange(start.year, start.month)[1]
        end = min(period.last, start.replace(day=length))
        total += Fraction((end - start).days + 1, length)
        start = end + timedelta(days=1)
    return total
