"""One person's day, streak and place."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from tests.factories import make_house
from tests.scoring.make import TODAY, add_logs
from topline.core.transaction import Database
from topline.scoring.actions import rebuild
from topline.scoring.queries.mine import own_day, own_place, streak_days
from topline.scoring.rules import likely_working_days, streak

ANN, BEN, CAT = uuid4(), uuid4(), uuid4()


def test_a_day_counts_what_stands_straight_from_the_logs(database: Database) -> None:
    cast = make_house(database)
    greet, photo = cast.behaviors["greet"], cast.behaviors["photo"]
    with database.write(cast.fred.actor) as tx:
        add_logs(tx, cast.fred, cast.location_id, greet, 2)
        add_logs(tx, cast.fred, cast.location_id, photo, 1, status="verified", has_evidence=True)
        add_logs(tx, cast.fred, cast.location_id, greet, 1, status="undone")
        add_logs(tx, cast.fred, cast.location_id, greet, 1, business_date=TODAY - timedelta(days=1))
        add_logs(tx, cast.bella, cast.location_id, greet, 3)
    with database.read(cast.fred.actor) as tx:
        mine = own_day(tx, cast.fred.id, TODAY)
        nothing = own_day(tx, cast.mina.id, TODAY)
    assert (mine.count, mine.points, mine.by_behavior) == (3, 50, {greet: 2, photo: 1})
    assert (nothing.count, nothing.points) == (0, 0)


@pytest.mark.parametrize(
    ("days_ago", "logged_today", "shifts", "expected"),
    [
        ([], False, 5, 0),
        ([], True, 5, 1),
        ([1, 2], True, 5, 3),
        ([1, 2], False, 5, 2),
        ([3, 4], True, 5, 3),  # two days off
        ([4, 5], True, 5, 1),  # three days without a log: one was a working day
        ([4, 5], True, 4, 3),
        ([2], True, 7, 1),  # every day is a working day
        ([8], True, 0, 2),  # no shifts planned: nothing is missed within a week
    ],
)
def test_a_streak_forgives_days_off_and_nothing_more(
    database: Database, days_ago: list[int], logged_today: bool, shifts: int, expected: int
) -> None:
    assert streak_of(database, days_ago, logged_today, shifts, lambda _: True) == expected


def test_a_streak_forgives_days_on_which_the_house_was_closed(database: Database) -> None:
    closed = {TODAY - timedelta(days=ago) for ago in (2, 3, 4)}
    assert streak_of(database, [1, 5], True, 7, lambda day: day not in closed) == 3


def streak_of(
    database: Database, days_ago: list[int], logged_today: bool, shifts: int, is_open: Callable[[date], bool]
) -> int:
    cast = make_house(database)
    with database.write(cast.fred.actor) as tx:
        for ago in days_ago:
            day = TODAY - timedelta(days=ago)
            add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], business_date=day)
        rebuild(tx, TODAY - timedelta(days=30), TODAY)
    with database.read(cast.fred.actor) as tx:
        return streak_days(
            tx, cast.fred.id, TODAY, logged_today=logged_today, shifts_per_week=shifts, is_open=is_open
        )


DAYS = st.sets(st.integers(0, 40).map(lambda ago: TODAY - timedelta(days=ago)))


@given(logged=DAYS, open_days=DAYS, shifts=st.integers(0, 14))
def test_fewer_shifts_never_shorten_a_streak(logged: set[date], open_days: set[date], shifts: int) -> None:
    def length(planned: int) -> int:
        return streak(likely_working_days(logged, open_days, planned, TODAY), logged, TODAY)

    assert length(shifts) <= length(max(0, shifts - 1)) <= len(logged)


@pytest.mark.parametrize(
    ("scores", "points", "place"),
    [
        ({}, 0, None),
        ({ANN: 0}, 0, None),
        ({}, 10, (1, 1, None)),
        ({BEN: 30, CAT: 10}, 0, (3, 3, (2, 10))),
        ({BEN: 30, CAT: 10}, 10, (2, 3, (1, 20))),
        ({ANN: 5, BEN: 30}, 40, (1, 2, None)),  # the own tap is fresher than the totals
    ],
)
def test_a_place_is_that_of_what_was_just_tapped(
    scores: dict[UUID, int], points: int, place: tuple[int, int, tuple[int, int] | None] | None
) -> None:
    found = own_place(scores, ANN, points)
    if found is None:
        assert place is None
        return
    following = None if found.next is None else (found.next.rank, found.next.points_needed)
    assert (found.rank, found.of, following) == place
    assert any(one.who == ANN and one.score == points for one in found.neighbours)
