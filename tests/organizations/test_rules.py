"""The business day is a partition of time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from topline.organizations import rules
from topline.organizations.rules import CalendarError

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TURNING_HOURS = (0, 1, 2, 3, 4, 6, 12, 23)
ZONES = (
    "Europe/Lisbon",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "America/Havana",
    "America/Santiago",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "Asia/Singapore",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Chatham",
)
FIRST, LAST = date(2017, 1, 1), date(2027, 1, 1)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def code_of(act: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(CalendarError) as caught:
        act(*arguments)
    assert str(caught.value).endswith(".")
    return caught.value.code


def clock_changes(zone: str) -> list[date]:
    """The dates of ten years on which the offset at noon differs from the noon before."""
    offsets = ZoneInfo(zone)
    days = [FIRST + number * DAY for number in range((LAST - FIRST).days)]

    def offset(day: date) -> timedelta | None:
        return datetime(day.year, day.month, day.day, 12, tzinfo=offsets).utcoffset()

    return [day for day in days if offset(day) != offset(day - DAY)]


@pytest.mark.parametrize(
    ("instant", "zone", "turning", "expected"),
    [
        ("2026-05-10T01:30:00+00:00", "UTC", 4, date(2026, 5, 9)),
        ("2026-05-10T03:59:59.999999+00:00", "UTC", 4, date(2026, 5, 9)),
        ("2026-05-10T04:00:00+00:00", "UTC", 4, date(2026, 5, 10)),
        ("2026-05-10T00:00:00+00:00", "UTC", 0, date(2026, 5, 10)),
        # UTC+8: the evening of the 9th in London is the morning of the 10th in Singapore.
        ("2026-05-09T19:59:59+00:00", "Asia/Singapore", 4, date(2026, 5, 9)),
        ("2026-05-09T20:00:00+00:00", "Asia/Singapore", 4, date(2026, 5, 10)),
        # Spring forward in Berlin, 02:00 → 03:00 on 29 March 2026; the day before lasts 23 hours.
        ("2026-03-29T03:59:59+02:00", "Europe/Berlin", 4, date(2026, 3, 28)),
        ("2026-03-29T04:00:00+02:00", "Europe/Berlin", 4, date(2026, 3, 29)),
        # Back in New York, 02:00 → 01:00 on 1 November 2026.
        ("2026-11-01T01:30:00-05:00", "America/New_York", 4, date(2026, 10, 31)),
        ("2026-11-01T04:00:00-05:00", "America/New_York", 4, date(2026, 11, 1)),
        # The skipped hour holds the turning: the day turns when the clocks jump.
        ("2026-03-29T01:59:59+01:00", "Europe/Berlin", 2, date(2026, 3, 28)),
        ("2026-03-29T03:00:00+02:00", "Europe/Berlin", 2, date(2026, 3, 29)),
        # 02:00 is shown twice at Troll (03:00 → 01:00): the first one turns the day, and it never goes back.
        ("2026-10-25T02:00:00+02:00", "Antarctica/Troll", 2, date(2026, 10, 25)),
        ("2026-10-25T01:30:00+00:00", "Antarctica/Troll", 2, date(2026, 10, 25)),
        # Samoa left out 30 December 2011.
        ("2011-12-30T09:59:59+00:00", "Pacific/Apia", 0, date(2011, 12, 29)),
        ("2011-12-30T10:00:00+00:00", "Pacific/Apia", 0, date(2011, 12, 31)),
    ],
)
def test_an_instant_belongs_to_the_business_date_of_the_place(
    instant: str, zone: str, turning: int, expected: date
) -> None:
    assert rules.business_date(at(instant), zone, turning) == expected


def test_the_day_turns_at_four_unless_told_otherwise() -> None:
    assert rules.business_date(at("2026-05-10T03:59:00+00:00"), "UTC") == date(2026, 5, 9)
    assert rules.business_day_bounds(date(2026, 5, 9), "UTC") == (
        at("2026-05-09T04:00:00+00:00"),
        at("2026-05-10T04:00:00+00:00"),
    )


@pytest.mark.parametrize("zone", ZONES)
def test_days_meet_without_gap_or_overlap_around_every_clock_change_of_ten_years(zone: str) -> None:
    for change in [date(2026, 1, 1), date(2024, 2, 29), *clock_changes(zone)]:
        for turning in TURNING_HOURS:
            for day in (change - 2 * DAY, change - DAY, change, change + DAY):
                start, end = rules.business_day_bounds(day, zone, turning)
                assert start.tzinfo is UTC
                assert start < end
                assert end == rules.business_day_bounds(day + DAY, zone, turning)[0]
                tick = timedelta(microseconds=1)
                for instant in (start, start + tick, start + (end - start) / 2, end - tick):
                    assert rules.business_date(instant, zone, turning) == day
                assert rules.business_date(end, zone, turning) == day + DAY


@pytest.mark.parametrize(
    ("zone", "change"), [("Asia/Singapore", 0), ("Europe/Berlin", 1), ("Antarctica/Troll", 2)]
)
def test_long_and_short_days_make_up_for_each_other(zone: str, change: int) -> None:
    for turning in TURNING_HOURS:
        lengths = []
        for number in range((LAST - FIRST).days):
            start, end = rules.business_day_bounds(FIRST + number * DAY, zone, turning)
            lengths.append((end - start) // HOUR)
        assert set(lengths) == {24 - change, 24, 24 + change}
        assert lengths.count(24 - change) == lengths.count(24 + change) or change == 0
        assert sum(lengths) == 24 * (LAST - FIRST).days


@given(
    st.integers(-(10**9), 3 * 10**9),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(0, 10**8),
)
def test_every_instant_has_one_date_and_dates_never_go_back(
    second: int, zone: str, turning: int, later: int
) -> None:
    instant = datetime.fromtimestamp(second, UTC)
    day = rules.business_date(instant, zone, turning)
    start, end = rules.business_day_bounds(day, zone, turning)
    assert start <= instant < end
    assert rules.business_date(instant + timedelta(seconds=later), zone, turning) >= day


@pytest.mark.parametrize(
    "zone", ["", "Mars/Base", "../etc/passwd", "/etc/localtime", "Europe", "Europe/\x00"]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    assert code_of(rules.zone_of, zone) == "zone_unknown"


@pytest.mark.parametrize("hour", [-1, 24])
def test_a_turning_hour_is_an_hour_of_the_day(hour: int) -> None:
    assert code_of(rules.check_turning_hour, hour) == "turning_hour_out_of_range"
    assert code_of(rules.business_day_bounds, date(2026, 1, 1), "UTC", hour) == "turning_hour_out_of_range"


def test_an_instant_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        rules.business_date(at("2026-01-01T00:00:00+00:00").replace(tzinfo=None), "UTC", 4)
