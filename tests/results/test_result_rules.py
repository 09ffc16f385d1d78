"""Results: published key figures, bands against the budget, entries that cannot be, statuses that never go back."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import assume, given, strategies as st

from topline.results import rules
from topline.results.rules import Band, EntryAct, EntryStatus, Figures, Good, Severity, Share

TODAY = date(2026, 3, 4)
AMOUNTS = st.integers(0, 10**12)
COUNTS = st.integers(1, 10**6)


def test_the_published_examples_come_out() -> None:
    """40 rooms × 30 days, 900 sold, 162,000; a resort with 2.5 M; 180 covers; each as its source prints it."""
    assert rules.adr(16_200_000, 900) == 18_000
    assert rules.occupancy_bp(900, 1_200) == 7_500
    assert rules.revpar(16_200_000, 1_200) == 13_500
    assert rules.adr(250_000_000, 9_000) == 27_778
    assert rules.revpar(250_000_000, 12_000) == 20_833
    assert rules.trevpar(900_000_000, 73_000) == 12_329
    assert rules.average_check(640_000, 180) == 3_556
    assert rules.capture_ratio_bp(90, 120) == 7_500
    assert rules.cost_of_sales_bp(3_000_00, 10_000_00) == 3_000
    assert rules.gross_operating_profit(10_000_00, 3_000_00, 2_800_00, 700_00) == 3_500_00
    assert rules.rating_mean([450, 500, 400, 455]) == 451


@pytest.mark.parametrize("nothing", [0, None])
def test_without_a_ground_there_is_no_figure(nothing: int | None) -> None:
    assert rules.average_check(100_00, nothing) is None
    assert rules.adr(100_00, nothing) is None
    assert rules.revpar(100_00, nothing) is None
    assert rules.trevpar(100_00, nothing) is None
    assert rules.occupancy_bp(10, nothing) is None
    assert rules.capture_ratio_bp(10, nothing) is None
    assert rules.cost_of_sales_bp(10, nothing) is None


def test_an_unknown_part_is_no_zero() -> None:
    assert rules.average_check(None, 10) is None
    assert rules.occupancy_bp(None, 10) is None
    assert rules.gross_operating_profit(100, None, 10, 10) is None
    assert rules.gross_operating_profit(100, 0, 10, 10) == 80
    assert rules.rating_mean([]) is None
    assert rules.average_check(0, 10) == 0


@given(AMOUNTS, COUNTS, COUNTS)
def test_revpar_is_adr_times_occupancy(room_revenue_minor: int, sold: int, available: int) -> None:
    assume(sold <= available)
    rate, share, per_room = (
        rules.adr(room_revenue_minor, sold),
        rules.occupancy_bp(sold, available),
        rules.revpar(room_revenue_minor, available),
    )
    assert rate is not None
    assert share is not None
    assert per_room is not None
    assert abs(per_room - rate * share / 10_000) <= 1.01 + rate / 20_000


@given(AMOUNTS, COUNTS)
def test_an_average_is_right_to_half_a_coin(revenue_minor: int, covers: int) -> None:
    mean = rules.average_check(revenue_minor, covers)
    assert mean is not None
    assert abs(mean * covers - revenue_minor) * 2 <= covers


@pytest.mark.parametrize(
    ("actual", "good", "band"),
    [
        (100_000, Good.UP, Band.ON_TARGET),
        (98_000, Good.UP, Band.ON_TARGET),
        (102_000, Good.UP, Band.ON_TARGET),
        (102_001, Good.UP, Band.BETTER),
        (97_999, Good.UP, Band.OFF),
        (95_000, Good.UP, Band.OFF),
        (94_999, Good.UP, Band.WARNING),
        (90_000, Good.UP, Band.WARNING),
        (89_999, Good.UP, Band.CRITICAL),
        (0, Good.UP, Band.CRITICAL),
        (102_000, Good.DOWN, Band.ON_TARGET),
        (102_001, Good.DOWN, Band.OFF),
        (105_001, Good.DOWN, Band.WARNING),
        (110_001, Good.DOWN, Band.CRITICAL),
        (97_999, Good.DOWN, Band.BETTER),
    ],
)
def test_only_the_bad_direction_is_graded(actual: int, good: Good, band: Band) -> None:
    assert rules.variance_band(actual, 100_000, good) is band


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_revenue_and_cost_are_mirror_images(actual: int, budget: int) -> None:
    assert rules.variance_band(actual, budget, Good.UP) == rules.variance_band(-actual, -budget, Good.DOWN)


def test_variance_is_the_share_of_the_budget_also_of_a_planned_loss() -> None:
    assert rules.variance_bp(95_000, 100_000) == -500
    assert rules.variance_bp(-50, -100) == 5_000
    assert rules.variance_bp(1, 0) is None
    assert rules.variance_band(1, 0, Good.UP) is None


DAY = Figures(1_000_000, 600_000, 180, 90, 120, 150, 40)


def findings(figures: Figures, usual: int | None = None) -> list[tuple[str, str, str]]:
    return [(found.field, found.code, found.severity.value) for found in rules.check_figures(figures, usual)]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (DAY, []),
        (Figures(), []),
        (Figures(revenue_minor=0, covers=0), []),
        (replace(DAY, rooms_sold=120), []),
        (replace(DAY, rooms_sold=121), [("rooms_sold", "rooms_sold_above_available", "error")]),
        (
            replace(DAY, revenue_minor=599_999),
            [("room_revenue_minor", "room_revenue_above_revenue", "error")],
        ),
        (replace(DAY, revenue_minor=-1), [("revenue_minor", "negative", "error")]),
        (
            replace(DAY, covers=-3, guests=-1),
            [("covers", "negative", "error"), ("guests", "negative", "error")],
        ),
        (replace(DAY, revenue_minor=10**12 + 1), [("revenue_minor", "too_large", "error")]),
        (replace(DAY, covers=1_000_001), [("covers", "too_large", "error")]),
        (
            Figures(room_revenue_minor=100, rooms_sold=0, guests=2),
            [
                ("rooms_sold", "room_revenue_without_rooms", "warning"),
                ("guests", "guests_without_rooms", "warning"),
            ],
        ),
        (
            Figures(room_revenue_minor=0, rooms_sold=3),
            [("room_revenue_minor", "rooms_without_revenue", "warning")],
        ),
        (Figures(revenue_minor=0, covers=3), [("revenue_minor", "covers_without_revenue", "warning")]),
        (replace(DAY, arrivals=91), [("arrivals", "arrivals_above_rooms", "warning")]),
    ],
)
def test_what_cannot_be_is_an_error_and_what_is_odd_a_warning(
    figures: Figures, expected: list[tuple[str, str, str]]
) -> None:
    assert findings(figures) == expected


def test_five_times_the_usual_revenue_is_asked_about() -> None:
    high = ("revenue_minor", "revenue_unusually_high", "warning")
    assert findings(DAY, 200_000) == [high]
    assert findings(DAY, 200_001) == []
    assert findings(DAY, None) == findings(DAY, 0) == []


def test_the_usual_is_a_median_of_at_least_four_days() -> None:
    assert rules.usual([1, 2, 3]) is None
    assert rules.usual([900, 100, 200, 300]) == 250
    assert rules.usual([900, 100, 200, 300, 1_000_000]) == 300


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY, None),
        (date(2026, 3, 5), "date_in_future"),
        (date(2000, 1, 1), None),
        (date(1999, 12, 31), "date_too_old"),
    ],
)
def test_a_business_date_is_neither_ahead_nor_absurdly_old(day: date, code: str | None) -> None:
    found = rules.check_date(day, TODAY)
    assert (found.code if found else None) == code
    assert found is None or found.severity is Severity.ERROR


ANA, BEN = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([], []),
        ([Share(ANA, 600_000, 100), Share(BEN, 400_000, 80)], []),
        ([Share(ANA, 600_000, 100)], ["people_sum_below_total", "people_sum_below_total"]),
        ([Share(ANA, 1_000_001, 180)], ["people_sum_above_total"]),
        ([Share(ANA, 1, 1), Share(ANA, 1, 1)], ["person_twice"]),
        ([Share(ANA, -1, 1)], ["out_of_range"]),
        ([Share(ANA, 1, -1)], ["out_of_range"]),
    ],
)
def test_parts_of_persons_are_checked_against_the_total(shares: list[Share], expected: list[str]) -> None:
    found = rules.check_shares(DAY, shares)
    assert [finding.code for finding in found] == expected
    assert rules.has_errors(found) is any(code in {"person_twice", "out_of_range"} for code in expected)


def test_without_a_total_there_is_nothing_to_compare() -> None:
    assert rules.check_shares(Figures(), [Share(ANA, 1, 1)]) == []


def test_the_whole_table_of_statuses() -> None:
    moves = {
        (status.value, act.value): after.value
        for status in EntryStatus
        for act in EntryAct
        if (after := rules.next_entry_status(status, act)) is not None
    }
    assert moves == {
        ("open", "save"): "open",
        ("open", "close"): "closed",
        ("closed", "adjust"): "adjusted",
        ("adjusted", "adjust"): "adjusted",
    }
