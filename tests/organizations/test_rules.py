"""The business day is a partition of time; opening time is measured on the location's clocks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.organizations import rules
from topline.organizations.rules import CalendarError, DayHours, OpeningHours

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


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [
        ("07:00", "23:00", DayHours(420, 1380)),
        ("18:00", "02:30", DayHours(1080, 1590)),
        ("18:00", "24:00", DayHours(1080, 1440)),
        ("18:00", "00:00", DayHours(1080, 1440)),
        ("00:00", "24:00", rules.ALL_DAY),
        ("06:00", "06:00", DayHours(360, 1800)),
    ],
)
def test_a_closing_time_not_after_the_opening_is_the_next_days(
    opens: str, closes: str, hours: DayHours
) -> None:
    assert rules.parse_hours(opens, closes) == hours


@pytest.mark.parametrize("clock", ["", "7:00", "24:01", "25:00", "12:60", "noon", "12:00\n", "１２:00"])
def test_a_time_that_is_no_clock_time_is_refused(clock: str) -> None:
    assert code_of(rules.parse_hours, clock, "23:00") == "opening_hours_invalid"
    assert code_of(rules.parse_hours, "07:00", clock) == "opening_hours_invalid"


@pytest.mark.parametrize(("opens", "closes"), [(-1, 5), (1440, 1500), (60, 60), (60, 59), (60, 1501)])
def test_hours_last_at_most_a_day(opens: int, closes: int) -> None:
    assert code_of(DayHours, opens, closes) == "opening_hours_invalid"


def test_a_week_has_seven_days() -> None:
    assert code_of(OpeningHours, (rules.ALL_DAY,) * 6) == "opening_hours_invalid"


def test_opening_hours_come_from_plain_data_and_go_back_to_it() -> None:
    data: dict[str, list[str] | None] = {
        "mon": None,
        "tue": ["07:00", "23:00"],
        "wed": ["18:00", "02:00"],
        "thu": ["00:00", "00:00"],
        "fri": ["06:30", "06:30"],
        "sat": ["10:00", "00:00"],
        "sun": None,
    }
    hours = rules.opening_hours_from(data, ["2026-12-25", date(2026, 12, 26)])
    assert hours.closures == {date(2026, 12, 25), date(2026, 12, 26)}
    assert rules.opening_hours_data(hours) == data
    assert rules.opening_hours_from({}).weekly == (None,) * 7


@pytest.mark.parametrize(
    ("weekly", "closures"),
    [
        ({"monday": ["07:00", "23:00"]}, []),
        ({"mon": ["07:00"]}, []),
        ({"mon": ["07:00", "12:00", "15:00"]}, []),
        ({}, ["25.12.2026"]),
    ],
)
def test_plain_data_that_is_no_week_is_refused(weekly: dict[str, list[str]], closures: list[str]) -> None:
    assert code_of(rules.opening_hours_from, weekly, closures) == "opening_hours_invalid"


EVENINGS = rules.opening_hours_from(
    {name: ["18:00", "02:00"] for name in ("wed", "thu", "fri", "sat")}, ["2026-05-15"]
)
WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = (
    date(2026, 5, 13),
    date(2026, 5, 15),
    date(2026, 5, 16),
    date(2026, 5, 17),
)


def test_a_house_is_open_by_weekday_unless_closed_that_date() -> None:
    assert EVENINGS.is_open(WEDNESDAY)
    assert not EVENINGS.is_open(SUNDAY)
    assert not EVENINGS.is_open(FRIDAY)
    assert rules.open_dates(WEDNESDAY, SUNDAY, EVENINGS) == [WEDNESDAY, date(2026, 5, 14), SATURDAY]
    assert rules.open_dates(SUNDAY, WEDNESDAY, EVENINGS) == []
    assert rules.ALWAYS_OPEN.is_open(SUNDAY)


@pytest.mark.parametrize(
    ("now", "share"),
    [
        ("2026-05-13T12:00:00+02:00", Fraction(0)),
        ("2026-05-13T18:00:00+02:00", Fraction(0)),
        ("2026-05-13T20:00:00+02:00", Fraction(1, 4)),
        ("2026-05-14T01:00:00+02:00", Fraction(7, 8)),
        ("2026-05-14T02:00:00+02:00", Fraction(1)),
        ("2026-05-20T02:00:00+02:00", Fraction(1)),
    ],
)
def test_the_share_of_opening_time_runs_from_nothing_to_all(now: str, share: Fraction) -> None:
    assert rules.elapsed_share(at(now), WEDNESDAY, EVENINGS, "Europe/Berlin", 4) == share


def test_a_closed_date_has_no_share() -> None:
    now = at("2026-05-15T20:00:00+02:00")
    assert rules.elapsed_share(now, FRIDAY, EVENINGS, "Europe/Berlin", 4) is None
    assert rules.elapsed_share(now, SUNDAY, EVENINGS, "Europe/Berlin", 4) is None
    assert rules.open_intervals(FRIDAY, EVENINGS, "Europe/Berlin", 4) == []


def test_hours_that_lie_wholly_in_the_day_before_leave_no_share() -> None:
    early = rules.opening_hours_from({"wed": ["01:00", "03:00"]})
    assert rules.elapsed_share(at("2026-05-13T12:00:00+00:00"), WEDNESDAY, early, "UTC", 4) is None


def test_a_house_around_the_clock_is_open_for_the_whole_business_day() -> None:
    bounds = rules.business_day_bounds(WEDNESDAY, "Europe/Berlin", 4)
    assert rules.open_intervals(WEDNESDAY, rules.ALWAYS_OPEN, "Europe/Berlin", 4) == [bounds]
    noon = at("2026-05-13T16:00:00+02:00")
    assert rules.elapsed_share(noon, WEDNESDAY, rules.ALWAYS_OPEN, "Europe/Berlin", 4) == Fraction(1, 2)


def test_hours_across_the_turning_count_in_the_date_they_fall_in() -> None:
    late = rules.opening_hours_from(dict.fromkeys(rules.WEEKDAYS, ("20:00", "06:00")))
    stretches = rules.open_intervals(WEDNESDAY, late, "UTC", 4)
    assert stretches == [
        (at("2026-05-13T04:00:00+00:00"), at("2026-05-13T06:00:00+00:00")),
        (at("2026-05-13T20:00:00+00:00"), at("2026-05-14T04:00:00+00:00")),
    ]
    assert rules.elapsed_share(at("2026-05-13T12:00:00+00:00"), WEDNESDAY, late, "UTC", 4) == Fraction(2, 10)


def test_overlapping_hours_are_counted_once() -> None:
    odd = rules.opening_hours_from({"tue": ["10:00", "09:00"], "wed": ["05:00", "07:00"]})
    assert rules.open_intervals(WEDNESDAY, odd, "UTC", 4) == [
        (at("2026-05-13T04:00:00+00:00"), at("2026-05-13T09:00:00+00:00"))
    ]


def test_hours_before_the_turning_do_not_swallow_the_evening_before() -> None:
    odd = rules.opening_hours_from({"tue": ["20:00", "05:00"], "wed": ["01:00", "03:00"]})
    assert rules.open_intervals(WEDNESDAY, odd, "UTC", 4) == [
        (at("2026-05-13T04:00:00+00:00"), at("2026-05-13T05:00:00+00:00"))
    ]


def test_a_clock_change_shortens_the_opening_time() -> None:
    hours = rules.opening_hours_from({"sat": ["22:00", "04:00"]})
    saturday = date(2026, 3, 28)
    [(opens, closes)] = rules.open_intervals(saturday, hours, "Europe/Berlin", 4)
    assert closes - opens == 5 * HOUR
    assert rules.elapsed_share(opens + HOUR, saturday, hours, "Europe/Berlin", 4) == Fraction(1, 5)


clock_times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
weeks = st.dictionaries(st.sampled_from(rules.WEEKDAYS), st.tuples(clock_times, clock_times), min_size=1)


@given(weeks, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from(ZONES), st.integers(0, 23))
def test_open_stretches_are_ordered_apart_and_within_the_day(
    weekly: dict[str, tuple[str, str]], day: date, zone: str, turning: int
) -> None:
    hours = rules.opening_hours_from(weekly)
    start, end = rules.business_day_bounds(day, zone, turning)
    edges = [edge for stretch in rules.open_intervals(day, hours, zone, turning) for edge in stretch]
    assert edges == sorted(set(edges))
    assert all(start <= edge <= end for edge in edges)
    shares = [rules.elapsed_share(start + step * HOUR, day, hours, zone, turning) for step in range(-1, 27)]
    if edges:
        assert shares[0] == 0
        assert shares[-1] == 1
        assert shares == sorted(share for share in shares if share is not None)
    else:
        assert set(shares) == {None}
