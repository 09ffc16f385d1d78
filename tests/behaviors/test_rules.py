"""Points and targets hold from a date on; an expectation is exact for any period."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from topline.behaviors import rules
from topline.behaviors.rules import Frequency, Period, Term, TermError

JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
WEEK = Period(date(2026, 5, 11), date(2026, 5, 17))
DAY = Period(date(2026, 5, 13), date(2026, 5, 13))
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize("points", [1, 100])
def test_points_are_one_to_a_hundred(points: int) -> None:
    assert rules.check_points(points) == points


@pytest.mark.parametrize("points", [-1, 0, 101, 100_000])
def test_points_out_of_bounds_are_refused(points: int) -> None:
    with pytest.raises(TermError) as caught:
        Term(date(2026, 1, 1), points, 5)
    assert caught.value.code == "points_out_of_range"


@pytest.mark.parametrize("target", [0, 500])
def test_a_target_is_nothing_to_five_hundred(target: int) -> None:
    assert rules.check_target(target) == target


@pytest.mark.parametrize("target", [-1, 501])
def test_a_target_out_of_bounds_is_refused(target: int) -> None:
    with pytest.raises(TermError) as caught:
        Term(date(2026, 1, 1), 5, target)
    assert caught.value.code == "target_out_of_range"


def test_a_period_does_not_end_before_it_begins() -> None:
    assert JANUARY.days == 31
    assert DAY.days == 1
    with pytest.raises(ValueError, match="period"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


OLD = Term(date(2026, 1, 1), points=3, target=5)
NEW = Term(date(2026, 3, 1), points=5, target=8, valid_until=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), OLD),
        (date(2026, 2, 28), OLD),
        (date(2026, 3, 1), NEW),
        (date(2026, 3, 31), NEW),
        (date(2026, 4, 1), None),
    ],
)
def test_the_term_of_a_date_is_the_latest_that_began_and_has_not_ended(day: date, term: Term | None) -> None:
    assert rules.term_on([NEW, OLD], day) == term
    assert rules.term_on([OLD, NEW], day) == term


def test_without_terms_nothing_holds() -> None:
    nothing: list[Term] = []
    assert rules.term_on(nothing, date(2026, 1, 1)) is None


@dataclass(frozen=True)
class Row:
    valid_from: date
    valid_until: date | None
    name: str


def test_any_dated_row_can_be_looked_up() -> None:
    row = Row(date(2026, 1, 1), None, "first")
    found = rules.term_on([row], date(2026, 6, 1))
    assert found is not None
    assert found.name == "first"


@given(st.lists(days, min_size=1, unique=True), days)
def test_a_new_term_changes_nothing_before_it(starts: list[date], day: date) -> None:
    terms = [Term(start, 1, number % 500) for number, start in enumerate(starts)]
    newest = Term(max(starts) + timedelta(days=1), 100, 500)
    if day < newest.valid_from:
        assert rules.term_on([*terms, newest], day) == rules.term_on(terms, day)
    else:
        assert rules.term_on([*terms, newest], day) == newest


@pytest.mark.parametrize(
    ("target", "frequency", "units", "period", "expected"),
    [
        (10, Frequency.PER_SHIFT, 6, WEEK, Fraction(60)),
        (10, Frequency.PER_DAY, 5, WEEK, Fraction(50)),
        (3, Frequency.PER_WEEK, 5, WEEK, Fraction(3)),
        (3, Frequency.PER_WEEK, 1, WEEK, Fraction(3)),
        (3, Frequency.PER_WEEK, 1, DAY, Fraction(3, 7)),
        (7, Frequency.PER_WEEK, 20, JANUARY, Fraction(31)),
        (4, Frequency.PER_MONTH, 20, JANUARY, Fraction(4)),
        (31, Frequency.PER_MONTH, 5, WEEK, Fraction(7)),
        (28, Frequency.PER_MONTH, 9, Period(date(2026, 1, 31), date(2026, 2, 2)), Fraction(28, 31) + 2),
        (1, Frequency.PER_MONTH, 1, Period(date(2026, 1, 1), date(2026, 12, 31)), Fraction(12)),
        (0, Frequency.PER_SHIFT, 6, WEEK, Fraction(0)),
        (0, Frequency.PER_MONTH, 6, WEEK, Fraction(0)),
        (10, Frequency.PER_SHIFT, 0, WEEK, Fraction(0)),
        (10, Frequency.PER_WEEK, 0, WEEK, Fraction(0)),
        (10, Frequency.PER_DAY, -1, WEEK, Fraction(0)),
    ],
)
def test_the_expected_count_follows_the_frequency(
    target: int, frequency: Frequency, units: int, period: Period, expected: Fraction
) -> None:
    assert rules.expected_count(target, frequency, units, period) == expected


@pytest.mark.parametrize(
    ("expected", "shown"), [(Fraction(0), 0), (Fraction(3, 7), 1), (Fraction(3), 3), (Fraction(31, 10), 4)]
)
def test_a_person_sees_whole_logs(expected: Fraction, shown: int) -> None:
    assert rules.whole_target(expected) == shown


@given(
    st.integers(1, 500),
    st.sampled_from([Frequency.PER_WEEK, Frequency.PER_MONTH]),
    days,
    st.integers(1, 400),
    st.integers(1, 400),
)
def test_a_period_expects_what_its_two_parts_expect(
    target: int, frequency: Frequency, start: date, first: int, second: int
) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    before = Period(start, middle - timedelta(days=1))
    after = Period(middle, end)
    whole = rules.expected_count(target, frequency, 1, Period(start, end))
    assert whole == sum(rules.expected_count(target, frequency, 1, part) for part in (before, after))
