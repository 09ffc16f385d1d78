"""The business day and the opening hours: which date an instant belongs to, and how much of it is over.

A hotel's day does not end at midnight: a drink at 01:30 belongs to the evening before. The day turns at the
location's turning hour (usually 04:00) on the location's clocks. All instants are aware; results are UTC.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

DEFAULT_TURNING_HOUR: Final = 4
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = timedelta(days=1)
_MINUTES: Final = 24 * 60
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")


class CalendarError(ValueError):
    """A zone, turning hour or opening time that cannot be. `code` is stable; the message is for a person.

    Codes: `zone_unknown`, `turning_hour_out_of_range`, `opening_hours_invalid`.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


# --- business day ---


@lru_cache(maxsize=512)
def zone_of(zone_name: str) -> ZoneInfo:
    """The time zone of an IANA name such as `Europe/Lisbon`. Raises `zone_unknown`."""
    try:
        return ZoneInfo(zone_name)
    except (KeyError, ValueError, OSError):
        raise CalendarError("zone_unknown", "This is not a time zone such as Europe/Lisbon.") from None


def check_turning_hour(hour: int) -> int:
    """The hour itself, if it is one of 0 to 23; else raises `turning_hour_out_of_range`."""
    if not 0 <= hour <= 23:
        raise CalendarError("turning_hour_out_of_range", "The day turns at an hour from 0 to 23.")
    return hour


def business_date(instant: datetime, zone_name: str, turning_hour: int = DEFAULT_TURNING_HOUR) -> date:
    """The business date an aware instant belongs to: the one whose bounds contain it.

    Raises ValueError for a naive instant, `zone_unknown` and `turning_hour_out_of_range`.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    local = instant.astimezone(zone_of(zone_name))
    found = (local.replace(tzinfo=None) - timedelta(hours=turning_hour)).date()
    # Where clocks jump across the turning hour the wall time alone misleads: it may pass that hour twice, or
    # skip a whole date. What decides is the bounds, so that every instant has one date and dates never go
    # back.
    while instant < day_start(found, zone_name, turning_hour):
        found -= _DAY
    while instant >= day_start(found + _DAY, zone_name, turning_hour):
        found += _DAY
    return found


def business_day_bounds(
    day: date, zone_name: str, turning_hour: int = DEFAULT_TURNING_HOUR
) -> tuple[datetime, datetime]:
    """When a business date begins and when the next one does, in UTC. 23 or 25 hours apart over a clock change."""
    return day_start(day, zone_name, turning_hour), day_start(day + _DAY, zone_name, turning_hour)


@lru_cache(maxsize=4096)
def day_start(day: date, zone_name: str, turning_hour: int = DEFAULT_TURNING_HOUR) -> datetime:
    """The first instant of a business date, in UTC.

    Where the clocks show the turning hour twice, the first time counts; where they skip it, the day turns
    when it would have turned on unchanged clocks.
    """
    return _instant(day, check_turning_hour(turning_hour) * 60, zone_name)


def _instant(day: date, minute: int, zone_name: str) -> datetime:
    """When the clocks show so many minutes after midnight of that date (1 440 and more: the next date), in UTC."""
    days, rest = divmod(minute, _MINUTES)
    wall = time(rest // 60, rest % 60)
    return datetime.combine(day + days * _DAY, wall, tzinfo=zone_of(zone_name)).astimezone(UTC)


# --- opening hours ---


@dataclass(frozen=True, slots=True)
class DayHours:
    """From when to when a house is open, in minutes after midnight.

    `closes` is later than `opens` by at most a day; above 1 440 it is past midnight. Raises
    `opening_hours_invalid`.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < _MINUTES and self.opens < self.closes <= self.opens + _MINUTES):
            raise CalendarError("opening_hours_invalid", "A house closes after it opens, within a day.")


ALL_DAY: Final = DayHours(0, _MINUTES)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The week of a house, Monday first (None: closed that weekday), and single dates on which it is closed."""

    weekly: tuple[DayHours | None, ...] = (ALL_DAY,) * 7
    closures: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.weekly) != len(WEEKDAYS):
            raise CalendarError("opening_hours_invalid", "A week has seven days.")

    def on(self, day: date) -> DayHours | None:
        """The hours of a date, None when the house is closed."""
        return None if day in self.closures else self.weekly[day.weekday()]

    def is_open(self, day: date) -> bool:
        """Whether the house opens on that date."""
        return self.on(day) is not None


ALWAYS_OPEN: Final = OpeningHours()


def parse_hours(opens: str, closes: str) -> DayHours:
    """Hours from two clock times. A closing time not after the opening is the next day's: `18:00`, `02:00`.

    The same time twice is around the clock. Raises `opening_hours_invalid`.
    """
    start, end = _minutes(opens), _minutes(closes)
    return DayHours(start, end if end > start else end + _MINUTES)


def opening_hours_from(
    weekly: Mapping[str, Sequence[str] | None], closures: Iterable[date | str] = ()
) -> OpeningHours:
    """Opening hours from plain data: `{"mon": ["07:00", "23:00"], "sun": None, …}`; a missing weekday is
    closed.

    Raises `opening_hours_invalid`.
    """
    if not set(weekly) <= set(WEEKDAYS) or any(hours and len(hours) != 2 for hours in weekly.values()):
        raise CalendarError("opening_hours_invalid", "Each weekday has an opening and a closing time.")
    week = tuple(parse_hours(*hours) if (hours := weekly.get(name)) else None for name in WEEKDAYS)
    try:
        days = [date.fromisoformat(day) if isinstance(day, str) else day for day in closures]
    except ValueError:
        raise CalendarError("opening_hours_invalid", "A closure is a date such as 2026-12-25.") from None
    return OpeningHours(week, frozenset(days))


def opening_hours_data(hours: OpeningHours) -> dict[str, list[str] | None]:
    """The week as plain data, the reverse of `opening_hours_from` (closures are kept apart)."""
    return {
        name: None if day is None else [_clock(day.opens), _clock(day.closes)]
        for name, day in zip(WEEKDAYS, hours.weekly, strict=True)
    }


def open_dates(first: date, last: date, hours: OpeningHours) -> list[date]:
    """The dates from `first` to `last`, both included, on which the house opens."""
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in span if hours.is_open(day)]


def open_intervals(
    day: date, hours: OpeningHours, zone_name: str, turning_hour: int = DEFAULT_TURNING_HOUR
) -> list[tuple[datetime, datetime]]:
    """The stretches of a business date in which the house is open, in order, in UTC; none when it is closed.

    Hours that run across the turning hour count where they fall: after it they belong to the next business
    date.
    """
    if not hours.is_open(day):
        return []
    start, end = business_day_bounds(day, zone_name, turning_hour)
    merged: list[tuple[datetime, datetime]] = []
    for calendar_day in (day - _DAY, day, day + _DAY):
        found = hours.on(calendar_day)
        if found is None:
            continue
        opens = max(start, _instant(calendar_day, found.opens, zone_name))
        closes = min(end, _instant(calendar_day, found.closes, zone_name))
        if opens >= closes:
            continue
        if merged and opens <= merged[-1][1]:
            opens, earlier_end = merged.pop()
            closes = max(closes, earlier_end)
        merged.append((opens, closes))
    return merged


def elapsed_share(
    now: datetime,
    day: date,
    hours: OpeningHours,
    zone_name: str,
    turning_hour: int = DEFAULT_TURNING_HOUR,
) -> Fraction | None:
    """How much of a business date's opening time is over at `now`: 0 before it, 1 after it, exact between.

    None when the house does not open in that business date.
    """
    stretches = open_intervals(day, hours, zone_name, turning_hour)
    if not stretches:
        return None
    passed = sum((max(min(now, closes) - opens, timedelta(0)) for opens, closes in stretches), timedelta(0))
    whole = sum((closes - opens for opens, closes in stretches), timedelta(0))
    return Fraction(passed // timedelta(microseconds=1), whole // timedelta(microseconds=1))


def _minutes(clock: str) -> int:
    match = _CLOCK.fullmatch(clock)
    minutes = int(match[1]) * 60 + int(match[2]) if match else _MINUTES + 1
    if minutes > _MINUTES:
        raise CalendarError("opening_hours_invalid", "A time is written as 07:00.")
    return minutes % _MINUTES


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
