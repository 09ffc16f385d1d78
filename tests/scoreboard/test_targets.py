"""Benchmarks, weekday weights and targets come from the house's own history."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from topline.scoreboard import rules
from topline.scoreboard.rules import AverageCheckBenchmark

MONDAY = date(2026, 5, 11)
DAY = timedelta(days=1)
WEEK = [MONDAY + number * DAY for number in range(7)]


@pytest.mark.parametrize(
    ("revenue", "days_open", "benchmark"),
    [(60_000_000, 312, 192_308), (365, 365, 1), (1, 2, 0), (100, 0, None), (0, 300, None), (-5, 300, None)],
)
def test_the_daily_benchmark_is_last_years_revenue_per_day_open(
    revenue: int, days_open: int, benchmark: int | None
) -> None:
    assert rules.daily_benchmark(revenue, days_open) == benchmark


@pytest.mark.parametrize(
    ("revenue", "covers", "industry", "currency", "benchmark"),
    [
        (100_000, 30, "casual", "EUR", AverageCheckBenchmark(3333, is_estimate=False)),
        (100_000, 30, "casual", "JPY", AverageCheckBenchmark(3333, is_estimate=False)),
        (0, 0, "hospitality", "USD", AverageCheckBenchmark(5000, is_estimate=True)),
        (100_000, 0, "bar", "EUR", AverageCheckBenchmark(2500, is_estimate=True)),
        (0, 30, "fine_dining", "EUR", AverageCheckBenchmark(8500, is_estimate=True)),
        (0, 0, "spaceport", "EUR", AverageCheckBenchmark(3000, is_estimate=True)),
        (0, 0, "casual", "JPY", None),
    ],
)
def test_the_average_check_comes_from_history_or_is_called_an_estimate(
    revenue: int, covers: int, industry: str, currency: str, benchmark: AverageCheckBenchmark | None
) -> None:
    assert rules.average_check_benchmark(revenue, covers, industry, currency) == benchmark


def weeks_of(*amounts_by_weekday: int, weeks: int = 4) -> list[tuple[date, int]]:
    return [
        (WEEK[weekday] + 7 * week * DAY, amount)
        for week in range(weeks)
        for weekday, amount in enumerate(amounts_by_weekday)
    ]


def test_a_weekday_weighs_what_it_earns_against_an_average_one() -> None:
    assert rules.weekday_weights(weeks_of(50, 50, 50, 50, 100, 200, 200)) == (
        *(5000, 5000, 5000, 5000),
        *(10000, 20000, 20000),
    )


def test_a_weekday_with_few_samples_counts_as_average() -> None:
    history = [*weeks_of(50, 150), (WEEK[2], 9_999), (WEEK[2] + 7 * DAY, 9_999)]
    assert rules.weekday_weights(history) == (5000, 15000, *(10000,) * 5)
    assert rules.weekday_weights(history, min_samples=2)[2] > 10_000


def test_more_samples_of_one_weekday_do_not_move_the_average() -> None:
    history = [*weeks_of(50, 150), *[(WEEK[1] - 7 * week * DAY, 150) for week in range(1, 30)]]
    assert rules.weekday_weights(history)[:2] == (5000, 15000)


@pytest.mark.parametrize("history", [[], weeks_of(5, weeks=3), weeks_of(0, 0), weeks_of(-5, -7)])
def test_without_a_history_all_weekdays_are_equal(history: list[tuple[date, int]]) -> None:
    assert rules.weekday_weights(history) == rules.EQUAL_WEIGHTS


def test_a_weekday_that_lost_money_weighs_nothing() -> None:
    assert rules.weekday_weights(weeks_of(-10, 100), min_samples=1)[:2] == (0, 20000)


@given(st.lists(st.integers(0, 10**9), min_size=7, max_size=7).filter(any))
def test_the_weights_of_a_full_week_average_to_one(by_weekday: list[int]) -> None:
    weights = rules.weekday_weights(weeks_of(*by_weekday))
    assert abs(sum(weights) - 7 * 10_000) <= 4
    assert min(weights) >= 0


def test_a_days_target_is_benchmark_times_weekday_times_goal() -> None:
    weights = (5000, 10000, 10000, 10000, 10000, 20000, 15000)
    assert rules.day_target(100_000, WEEK[0], weights) == 50_000
    assert rules.day_target(100_000, WEEK[5], weights, goal_bp=10_500) == 210_000
    assert rules.day_target(192_308, WEEK[1]) == 192_308
    assert rules.day_target(3, WEEK[0], weights, goal_bp=10_000) == 2
    assert rules.day_targets([WEEK[0], WEEK[6]], 100, weights) == {WEEK[0]: 50, WEEK[6]: 150}
