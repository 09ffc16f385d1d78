"""Shares and splits of money are whole numbers that add up."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from topline.core import money

amounts = st.integers(-money.MAX_AMOUNT_MINOR, money.MAX_AMOUNT_MINOR)


@pytest.mark.parametrize(
    ("numerator", "denominator", "half_even", "half_up"),
    [
        (1, 2, 0, 1),
        (3, 2, 2, 2),
        (5, 2, 2, 3),
        (-1, 2, 0, -1),
        (-3, 2, -2, -2),
        (1, -2, 0, -1),
        (-5, -2, 2, 3),
        (2, 3, 1, 1),
        (-2, 3, -1, -1),
        (1, 3, 0, 0),
        (0, 7, 0, 0),
    ],
)
def test_halves_are_rounded_as_the_name_says(
    numerator: int, denominator: int, half_even: int, half_up: int
) -> None:
    assert money.divide_half_even(numerator, denominator) == half_even
    assert money.divide_half_up(numerator, denominator) == half_up


@given(amounts, st.integers(-100_000, 100_000).filter(bool))
def test_division_is_never_off_by_more_than_a_half(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert money.divide_half_even(numerator, denominator) == round(exact)
    by_hand = money.divide_half_up(numerator, denominator)
    assert abs(by_hand - exact) <= Fraction(1, 2)
    assert abs(by_hand) >= abs(round(exact))


@pytest.mark.parametrize(
    ("amount", "rate", "result"), [(10, 2500, 2), (30, 2500, 8), (10000, 10500, 10500), (-30, 2500, -8)]
)
def test_basis_points_of_an_amount_round_half_to_even(amount: int, rate: int, result: int) -> None:
    assert money.multiply_bp(amount, rate) == result


def test_a_ratio_needs_a_whole() -> None:
    assert money.ratio_bp(1, 3) == 3333
    assert money.ratio_bp(2, 3) == 6667
    assert money.ratio_bp(-1, 4) == -2500
    assert money.ratio_bp(5, 0) is None
    assert money.reached_bp(2, 3) == 6666
    assert money.reached_bp(5, 0) is None
    assert money.reached_bp(5, -1) is None


@given(amounts, st.integers(1, 10**12), st.integers(0, 20_000))
def test_a_threshold_is_reached_exactly_when_the_exact_share_reaches_it(
    part: int, whole: int, threshold: int
) -> None:
    reached = money.reached_bp(part, whole)
    assert reached is not None
    assert (reached >= threshold) == (Fraction(part, whole) >= Fraction(threshold, 10_000))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [0, 1], [0, 10]),
        (7, [2, 3, 2], [2, 3, 2]),
        (1, [1, 2, 2], [0, 1, 0]),
        (0, [3, 4], [0, 0]),
    ],
)
def test_a_split_gives_the_rest_to_the_largest_remainders(
    total: int, weights: list[int], parts: list[int]
) -> None:
    assert money.split_largest_remainder(total, weights) == parts


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_a_split_adds_up_and_no_part_is_a_unit_off(total: int, weights: list[int]) -> None:
    parts = money.split_largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_a_split_needs_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        money.split_largest_remainder(5, weights)
