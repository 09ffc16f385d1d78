"""The verdict on the wall is paced, exact, and says so when it cannot know."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from topline.scoreboard import rules
from topline.scoreboard.rules import Pace, State, Thresholds

MONDAY = date(2026, 5, 11)
DAY = timedelta(days=1)
HALF = Fraction(1, 2)
WEEK = [MONDAY + number * DAY for number in range(7)]
shares = st.fractions(min_value=0, max_value=1)
amounts = st.integers(0, 10**10)


@pytest.mark.parametrize("bounds", [(0, 0), (9500, 0), (8000, 9000), (20_001, 9000), (9000, -1)])
def test_thresholds_must_rise(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        Thresholds(*bounds)


@pytest.mark.parametrize(
    ("actual", "due", "target", "state"),
    [
        (None, 500, 1000, "no_data"),
        (500, None, 1000, "no_data"),
        (500, 500, None, "no_data"),
        (500, 500, 0, "no_data"),
        (500, 500, -1, "no_data"),
        (1000, 500, 1000, "celebrating"),
        (1000, 0, 1000, "celebrating"),
        (999, 500, 1000, "winning"),
        (475, 500, 1000, "winning"),
        (474, 500, 1000, "neutral"),
        (425, 500, 1000, "neutral"),
        (424, 500, 1000, "losing"),
        (0, 500, 1000, "losing"),
        (-10, 500, 1000, "losing"),
        (0, 0, 1000, "not_open_yet"),
        (10, 0, 1000, "not_open_yet"),
        # Never winning by rounding: 94.999 %.
        (94_999, 100_000, 200_000, "neutral"),
    ],
)
def test_the_verdict_by_the_share_of_where_the_house_should_be(
    actual: int | None, due: int | None, target: int | None, state: State
) -> None:
    assert rules.state_of(actual, due, target) == state


def test_thresholds_are_settings() -> None:
    strict = Thresholds(winning_bp=10_000, neutral_bp=9_500)
    assert rules.state_of(499, 500, 1000, strict) == "neutral"
    assert rules.state_of(500, 500, 1000, strict) == "winning"
    assert rules.state_of(474, 500, 1000, strict) == "losing"


RANKED: list[State] = ["losing", "neutral", "winning", "celebrating"]


@given(amounts, amounts, st.integers(1, 10**10), st.integers(1, 10**10))
def test_more_is_never_worse(first: int, second: int, due: int, target: int) -> None:
    lower, higher = sorted((first, second))
    verdicts = [RANKED.index(rules.state_of(actual, due, target)) for actual in (lower, higher)]
    assert verdicts[0] <= verdicts[1]


@given(st.integers(1, 10**10), shares.filter(bool))
def test_a_house_exactly_on_pace_never_loses(target: int, elapsed: Fraction) -> None:
    due = rules.should_be_now(target, elapsed)
    assert rules.state_of(due, due, target) in {"winning", "celebrating", "not_open_yet"}


def test_the_day_carries_the_numbers_of_its_sentence() -> None:
    assert rules.day_pace(480, 1000, HALF) == Pace(
        span="day",
        basis="revenue",
        state="winning",
        actual=480,
        should_be_now=500,
        target=1000,
        share_bp=9600,
        target_share_bp=4800,
        elapsed_bp=5000,
    )


@pytest.mark.parametrize(
    ("actual", "target", "elapsed", "state", "share"),
    [
        (0, 1000, Fraction(0), "not_open_yet", None),
        (None, 1000, Fraction(0), "not_open_yet", None),
        (None, None, Fraction(0), "not_open_yet", None),
        (1200, 1000, Fraction(0), "celebrating", None),
        (None, 1000, HALF, "no_data", None),
        (500, None, HALF, "no_data", None),
        (990, 1000, Fraction(1), "winning", 9900),
        (400, 1000, Fraction(1, 2), "losing", 8000),
    ],
)
def test_the_day_says_when_it_cannot_know(
    actual: int | None, target: int | None, elapsed: Fraction, state: State, share: int | None
) -> None:
    pace = rules.day_pace(actual, target, elapsed)
    assert (pace.state, pace.share_bp) == (state, share)
    assert not pace.closed_today


def test_a_closed_day_is_called_closed() -> None:
    pace = rules.day_pace(None, None, None)
    assert (pace.state, pace.closed_today, pace.elapsed_bp) == ("not_open_yet", True, None)


def test_revenue_of_a_day_without_a_target_has_no_verdict() -> None:
    pace = rules.day_pace(500, None, None)
    assert (pace.state, pace.actual, pace.closed_today) == ("no_data", 500, True)


def test_the_day_of_the_behaviors_is_paced_alike() -> None:
    pace = rules.day_pace(45, 100, HALF, basis="behaviors", thresholds=Thresholds(9_000, 8_000))
    assert (pace.basis, pace.state, pace.should_be_now, pace.share_bp) == ("behaviors", "winning", 50, 9000)


TARGETS = dict.fromkeys(WEEK, 100)


def test_a_month_compares_the_days_it_knows() -> None:
    known = {WEEK[0]: 100, WEEK[1]: 80, WEEK[2]: 40}
    pace = rules.period_pace("month", TARGETS, known, WEEK[2], HALF)
    assert pace == Pace(
        span="month",
        basis="revenue",
        state="neutral",
        actual=220,
        should_be_now=250,
        target=700,
        share_bp=8800,
        target_share_bp=3142,
        elapsed_bp=3571,
    )


def test_a_house_that_enters_at_close_is_not_behind_all_afternoon() -> None:
    known = {WEEK[0]: 100, WEEK[1]: 100}
    pace = rules.period_pace("month", TARGETS, known, WEEK[2], Fraction(9, 10))
    assert (pace.state, pace.should_be_now, pace.share_bp, pace.days_missing) == ("winning", 200, 10_000, 0)


def test_days_nobody_entered_are_named_and_not_counted_as_nothing() -> None:
    pace = rules.period_pace("year", TARGETS, {WEEK[1]: 100}, WEEK[3], HALF)
    assert (pace.span, pace.state, pace.should_be_now, pace.days_missing) == ("year", "winning", 100, 2)


def test_a_period_celebrates_only_its_whole_target() -> None:
    almost = rules.period_pace("month", TARGETS, {WEEK[0]: 699}, WEEK[1], None)
    assert (almost.state, almost.closed_today) == ("winning", True)
    assert rules.period_pace("month", TARGETS, {WEEK[0]: 700}, WEEK[1], None).state == "celebrating"


def test_what_lies_after_today_does_not_count_yet() -> None:
    pace = rules.period_pace("month", TARGETS, {WEEK[0]: 90, WEEK[5]: 900}, WEEK[1], HALF)
    assert (pace.actual, pace.should_be_now) == (90, 100)


def test_revenue_on_a_day_the_calendar_calls_closed_counts() -> None:
    targets = {day: 100 for day in WEEK if day != WEEK[1]}
    pace = rules.period_pace("month", targets, {WEEK[0]: 80, WEEK[1]: 30}, WEEK[1], None)
    assert (pace.actual, pace.should_be_now, pace.state) == (110, 100, "winning")


@pytest.mark.parametrize(
    ("targets", "today", "elapsed", "state", "target"),
    [
        (TARGETS, WEEK[0], Fraction(0), "not_open_yet", 700),
        (TARGETS, WEEK[0], None, "not_open_yet", 700),
        (TARGETS, WEEK[0], HALF, "no_data", 700),
        (TARGETS, WEEK[1], Fraction(0), "no_data", 700),
        ({}, WEEK[1], HALF, "no_data", None),
    ],
)
def test_a_period_without_a_number_says_so(
    targets: dict[date, int], today: date, elapsed: Fraction | None, state: State, target: int | None
) -> None:
    pace = rules.period_pace("month", targets, {}, today, elapsed)
    assert (pace.state, pace.actual, pace.should_be_now, pace.target) == (state, None, None, target)
    assert pace.share_bp is None
    assert pace.target_share_bp is None


def test_a_period_with_revenue_but_no_target_has_no_verdict() -> None:
    pace = rules.period_pace("year", {}, {WEEK[0]: 5}, WEEK[1], HALF)
    assert (pace.state, pace.actual, pace.target) == ("no_data", 5, None)


@given(
    st.dictionaries(st.sampled_from(WEEK), st.integers(1, 10**9), min_size=1),
    st.sampled_from(WEEK),
    shares,
)
def test_a_house_that_meets_each_days_target_never_loses_in_the_period(
    targets: dict[date, int], today: date, elapsed: Fraction
) -> None:
    known = {day: amount for day, amount in targets.items() if day < today}
    if today in targets:
        known[today] = rules.should_be_now(targets[today], elapsed)
    pace = rules.period_pace("month", targets, known, today, elapsed)
    assert pace.state in {"winning", "celebrating", "not_open_yet"}
    assert pace.days_missing == 0


REVENUE = rules.day_pace(480, 1000, HALF)
NO_REVENUE = rules.day_pace(None, 1000, HALF)
LOGS = rules.day_pace(40, 100, HALF, basis="behaviors")
YESTERDAY = rules.day_pace(1100, 1000, Fraction(1))
MONTH = rules.period_pace("month", TARGETS, {}, WEEK[0], HALF)
YEAR = rules.period_pace("year", TARGETS, {}, WEEK[0], HALF)


def test_the_live_state_is_that_of_the_revenue_where_there_is_some() -> None:
    game = rules.game_state(REVENUE, LOGS, YESTERDAY, MONTH, YEAR)
    assert game.live is REVENUE
    assert game.yesterday is None
    assert (game.month, game.year) == (MONTH, YEAR)


def test_without_revenue_the_behaviors_speak_beside_yesterdays_result() -> None:
    game = rules.game_state(NO_REVENUE, LOGS, YESTERDAY, MONTH, YEAR)
    assert (game.live.basis, game.live.state) == ("behaviors", "losing")
    assert game.yesterday is YESTERDAY


@pytest.mark.parametrize(
    "logs",
    [
        rules.day_pace(None, 100, HALF, basis="behaviors"),
        rules.day_pace(3, None, HALF, basis="behaviors"),
        rules.day_pace(0, 0, HALF, basis="behaviors"),
    ],
)
def test_behaviors_that_know_nothing_do_not_speak(logs: Pace) -> None:
    game = rules.game_state(NO_REVENUE, logs, YESTERDAY, MONTH, YEAR)
    assert (game.live.basis, game.live.state) == ("revenue", "no_data")
    assert game.yesterday is YESTERDAY
