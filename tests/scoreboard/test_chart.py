"""The chart's geometry: one scale from zero, gaps where nothing is known."""

import re

import pytest
from hypothesis import given, strategies as st

from topline.scoreboard.pages.chart import HEIGHT, WIDTH, draw, nice_top

VALUES = st.lists(st.one_of(st.none(), st.integers(0, 10**12)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("value", "top"),
    [(1, 10), (9, 10), (10, 10), (11, 12), (99, 100), (101, 120), (8_100, 10_000), (19_943, 20_000)],
)
def test_the_scale_ends_at_a_round_number(value: int, top: int) -> None:
    assert nice_top(value) == top


@given(st.integers(1, 10**13))
def test_the_scale_holds_the_value_and_little_more(value: int) -> None:
    assert value <= nice_top(value) <= max(10, 2 * value)


@given(VALUES, VALUES)
def test_nothing_is_drawn_outside(revenues: list[int | None], targets: list[int | None]) -> None:
    drawing = draw(revenues, targets)
    if drawing is None:
        assert not any(revenues) or not any(value is not None for value in revenues)
        return
    for path in (drawing.revenue, drawing.target):
        for x, y in re.findall(r"[ML](\S+) (-?[\d.e]+)", path):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= HEIGHT


def test_a_missing_day_is_a_gap_and_a_lone_day_a_point() -> None:
    drawing = draw([10, None, 5, 5], [10, 10, 10, 10])
    assert drawing is not None
    assert drawing.revenue == "M125 0h0.01M625 150L875 150"
    assert drawing.target == "M125 0L375 0L625 0L875 0"
    assert (drawing.dot, drawing.top, drawing.middle) == ((875.0, 150.0), 10, 5)


@pytest.mark.parametrize("revenues", [[], [None, None], [0]])
def test_without_revenue_there_is_no_chart(revenues: list[int | None]) -> None:
    assert draw(revenues, [0 for _ in revenues]) is None
