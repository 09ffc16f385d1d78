"""Points, streaks, adoption and places are what the design says, and fair to everybody."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from topline.scoring import rules
from topline.scoring.rules import NextMark, Sales, Standing

TODAY = date(2026, 5, 13)
boards = st.dictionaries(st.integers(0, 30), st.integers(-5, 30), min_size=1)


def ago(*numbers: int) -> set[date]:
    return {TODAY - timedelta(days=number) for number in numbers}


@pytest.mark.parametrize(
    ("points", "status", "has_evidence", "level", "worth"),
    [
        (5, "pending", False, "manager", 5),
        (5, "pending", True, "manager", 8),
        (4, "pending", True, "evidence", 6),
        (5, "verified", False, "manager", 10),
        (5, "verified", False, "evidence", 10),
        (5, "verified", True, "evidence", 15),
        (5, "pending", False, "self_reported", 5),
        (5, "verified", False, "self_reported", 5),
        (5, "verified", True, "self_reported", 8),
        (1, "pending", True, "manager", 2),
        (100, "verified", True, "evidence", 300),
        (5, "rejected", True, "evidence", 0),
        (5, "undone", False, "manager", 0),
        (5, "expired", True, "self_reported", 0),
    ],
)
def test_a_log_is_worth_its_points_by_status_and_evidence(
    points: int, status: str, has_evidence: bool, level: str, worth: int
) -> None:
    assert rules.points_for(points, status, has_evidence, level) == worth


@given(
    st.integers(1, 100),
    st.sampled_from(["pending", "verified", "rejected", "undone", "expired"]),
    st.booleans(),
    st.sampled_from(["self_reported", "manager", "evidence"]),
)
def test_no_log_is_worth_less_than_nothing_or_more_than_three_times(
    points: int, status: str, has_evidence: bool, level: str
) -> None:
    worth = rules.points_for(points, status, has_evidence, level)
    assert 0 <= worth <= 3 * points
    assert (worth > 0) == rules.stands(status)
    assert worth <= rules.points_for(points, "verified", has_evidence, level)


def test_what_does_not_exist_is_worth_an_error() -> None:
    with pytest.raises(ValueError, match="status"):
        rules.points_for(5, "approved", False, "manager")
    with pytest.raises(ValueError, match="level"):
        rules.points_for(5, "rejected", False, "owner")
    with pytest.raises(ValueError, match="status"):
        rules.stands("")


@pytest.mark.parametrize(
    ("working", "logged", "run"),
    [
        (ago(), ago(), 0),
        (ago(0, 1, 2), ago(0, 1, 2), 3),
        (ago(0, 1, 2), ago(1, 2), 2),
        (ago(0, 1, 2), ago(0, 2), 1),
        (ago(0, 1, 2), ago(2), 0),
        (ago(0), ago(), 0),
        (ago(1, 4, 5, 8), ago(1, 4, 5, 8), 4),
        (ago(1, 4, 5, 8), ago(1, 4, 8), 2),
        (ago(1, 4), ago(1, 3, 4), 3),
        (ago(-1, 0, 1), ago(0, 1), 2),
        (ago(1), ago(-1, 1), 1),
        (ago(), ago(40), 1),
    ],
)
def test_a_streak_is_working_days_in_a_row(working: set[date], logged: set[date], run: int) -> None:
    assert rules.streak(working, logged, TODAY) == run


offsets = st.sets(st.integers(-3, 40))


@given(offsets, offsets)
def test_a_log_today_adds_exactly_one_and_an_empty_today_takes_nothing(
    working: set[int], logged: set[int]
) -> None:
    days, logs = ago(*working), ago(*logged) - {TODAY}
    before = rules.streak(days - {TODAY}, logs, TODAY)
    assert rules.streak(days | {TODAY}, logs, TODAY) == before
    assert rules.streak(days, logs | {TODAY}, TODAY) == before + 1


@given(offsets, offsets)
def test_days_off_do_not_matter(working: set[int], logged: set[int]) -> None:
    past = [day for day in ago(*working) | ago(*logged) if day <= TODAY]
    expected = 0
    for day in sorted(past, reverse=True):
        if day in ago(*logged):
            expected += 1
        elif day != TODAY:
            break
    assert rules.streak(list(ago(*working)), list(ago(*logged)), TODAY) == expected


@pytest.mark.parametrize(
    ("standing", "expected", "share", "band"),
    [
        (19, 20, 9500, "excellent"),
        (30, 20, 15000, "excellent"),
        (18, 20, 9000, "good"),
        (16, 20, 8000, "warning"),
        (15, 20, 7500, "poor"),
        (0, 20, 0, "poor"),
        (1, Fraction(3, 7), 23333, "excellent"),
        (94_999, 100_000, 9499, "good"),
        (0, 0, None, None),
        (5, Fraction(0), None, None),
    ],
)
def test_adoption_is_what_stands_of_what_was_expected(
    standing: int, expected: Fraction | int, share: int | None, band: str | None
) -> None:
    assert rules.adoption(standing, expected) == share
    assert rules.band(share) == band


@given(st.integers(0, 10**6), st.fractions(min_value=Fraction(1, 100), max_value=10**6))
def test_the_band_is_that_of_the_exact_share(standing: int, expected: Fraction) -> None:
    exact = standing / expected
    named = (
        "excellent"
        if exact >= Fraction(95, 100)
        else "good"
        if exact >= Fraction(9, 10)
        else "warning"
        if exact >= Fraction(8, 10)
        else "poor"
    )
    assert rules.band(rules.adoption(standing, expected)) == named


def test_equal_scores_share_a_place() -> None:
    ranked = rules.rank({"Ana": 7, "Bo": 9, "Cy": 9, "Di": 12})
    assert ranked == [
        Standing("Di", 12, 1),
        Standing("Bo", 9, 2),
        Standing("Cy", 9, 2),
        Standing("Ana", 7, 4),
    ]
    assert rules.rank({}) == []


@given(boards)
def test_a_place_is_one_more_than_those_who_are_better(board: dict[int, int]) -> None:
    ranked = rules.rank(board)
    assert {standing.who for standing in ranked} == set(board)
    for standing in ranked:
        assert standing.score == board[standing.who]
        assert standing.rank == 1 + sum(score > standing.score for score in board.values())
    assert [standing.rank for standing in ranked] == sorted(standing.rank for standing in ranked)


@pytest.mark.parametrize(
    ("me", "seen"),
    [
        ("a", ["a", "b", "c"]),
        ("b", ["a", "b", "c"]),
        ("c", ["b", "c", "d"]),
        ("d", ["b", "c", "d"]),
        ("x", []),
    ],
)
def test_a_person_sees_two_neighbours(me: str, seen: list[str]) -> None:
    ranked = rules.rank({"a": 4, "b": 3, "c": 2, "d": 1})
    assert [standing.who for standing in rules.neighbours(ranked, me)] == seen


def test_a_small_board_has_fewer_neighbours() -> None:
    assert [standing.who for standing in rules.neighbours(rules.rank({"a": 1}), "a")] == ["a"]
    assert [standing.who for standing in rules.neighbours(rules.rank({"a": 1, "b": 2}), "a")] == ["b", "a"]


@pytest.mark.parametrize(
    ("me", "mark"),
    [
        ("Ana", NextMark(rank=2, points_needed=2)),
        ("Bo", NextMark(rank=1, points_needed=3)),
        ("Cy", NextMark(rank=1, points_needed=3)),
        ("Di", None),
        ("nobody", None),
    ],
)
def test_the_next_mark_says_what_is_missing_to_share_it(me: str, mark: NextMark | None) -> None:
    assert rules.next_mark({"Ana": 7, "Bo": 9, "Cy": 9, "Di": 12}, me) == mark


@given(boards)
def test_whoever_earns_the_missing_points_stands_at_the_next_mark(board: dict[int, int]) -> None:
    for who, score in board.items():
        mark = rules.next_mark(board, who)
        place = rules.place_of(board, who)
        assert place is not None
        assert (mark is None) == (place.rank == 1)
        if mark is not None:
            after = rules.place_of({**board, who: score + mark.points_needed}, who)
            just_short = rules.place_of({**board, who: score + mark.points_needed - 1}, who)
            assert after is not None
            assert just_short is not None
            assert after.rank == mark.rank < just_short.rank


def test_a_place_is_everything_a_person_sees() -> None:
    place = rules.place_of({"Ana": 7, "Bo": 9, "Cy": 9, "Di": 12}, "Cy")
    assert place is not None
    assert (place.rank, place.of, place.score) == (2, 4, 9)
    assert [standing.who for standing in place.neighbours] == ["Bo", "Cy", "Ana"]
    assert place.next == NextMark(1, 3)
    assert rules.place_of({"Ana": 7}, "Bo") is None


def test_an_average_check_needs_guests() -> None:
    assert rules.average_check(Sales(10_000, 3)) == 3333
    assert rules.average_check(Sales(10_005, 2)) == 5002
    assert rules.average_check(Sales(10_000, 0)) is None


@pytest.mark.parametrize(
    ("covers", "in_day", "in_week", "in_month"),
    [(9, False, False, False), (10, True, True, False), (99, True, True, False), (100, True, True, True)],
)
def test_an_average_check_is_compared_only_with_guests_enough(
    covers: int, in_day: bool, in_week: bool, in_month: bool
) -> None:
    assert rules.average_check_eligible(covers, "day") is in_day
    assert rules.average_check_eligible(covers, "week") is in_week
    assert rules.average_check_eligible(covers, "month") is in_month


def test_the_average_check_board_leaves_out_who_had_too_few_guests() -> None:
    sales = {"Ana": Sales(100_000, 10), "Bo": Sales(99_000, 9), "Cy": Sales(400_000, 100)}
    assert rules.rank_by_average_check(sales, "week") == [
        Standing("Ana", 10_000, 1),
        Standing("Cy", 4_000, 2),
    ]
    assert rules.rank_by_average_check(sales, "month") == [Standing("Cy", 4_000, 1)]
