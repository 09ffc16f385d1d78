"""Opening time is measured on the location's clocks, within the business day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from topline.organizations import rules
from topline.organizations.rules import CalendarError, DayHours, OpeningHours

HOUR = timedelta(hours=1)
ZONES = ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Singapore")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def code_of(act: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(CalendarError) as caught:
        act(*arguments)
    assert str(caught.value).endswith(".")
    return caught.value.code


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
