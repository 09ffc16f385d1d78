"""Boards: who stands where, in a house or a department, and never across hotels."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from tests.factories import make_house
from tests.scoring.make import TODAY, add_logs
from tests.support.cast import Cast, Who
from topline.core.ids import new_id
from topline.core.transaction import Database, Write
from topline.people.models import Person
from topline.results.models import DailyEntry, PersonResult
from topline.scoring.actions import rebuild
from topline.scoring.queries.boards import Board, Metric, board, members
from topline.scoring.rules import BoardPeriod, period_of


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_house(database)


def log(database: Database, cast: Cast, *made: tuple[Who, int, dict[str, Any]]) -> None:
    with database.write(cast.olga.actor) as tx:
        for who, count, values in made:
            add_logs(tx, who, cast.location_id, cast.behaviors["greet"], count, **values)
        rebuild(tx, TODAY - timedelta(days=40), TODAY)


def board_of(
    database: Database,
    cast: Cast,
    metric: Metric = "points",
    period: BoardPeriod = "day",
    department_id: UUID | None = None,
) -> Board:
    with database.read(cast.olga.actor) as tx:
        everybody = members(tx, cast.location_id, department_id)
        return board(tx, metric, period, period_of(period, TODAY), everybody)


def lines(found: Board) -> list[tuple[int, str, int]]:
    return [(line.rank, line.member.display_name, line.score) for line in found.lines]


def test_equal_points_share_a_place_and_stand_by_name(database: Database, cast: Cast) -> None:
    log(database, cast, (cast.fred, 2, {}), (cast.bella, 2, {}), (cast.mina, 3, {}), (cast.milo, 1, {}))
    assert lines(board_of(database, cast)) == [
        (1, "Mina", 30),
        (2, "Bella", 20),
        (2, "Fred", 20),
        (4, "Milo", 10),
    ]


def test_who_has_nothing_does_not_stand_on_the_board(database: Database, cast: Cast) -> None:
    log(database, cast, (cast.fred, 1, {}), (cast.bella, 4, {"status": "rejected"}))
    assert lines(board_of(database, cast)) == [(1, "Fred", 10)]


@pytest.mark.parametrize(
    ("period", "points"), [("day", 10), ("week", 20), ("month", 30)]
)  # TODAY is a Wednesday, the fourth of its month
def test_a_week_begins_on_monday_and_a_month_on_its_first(
    database: Database, cast: Cast, period: BoardPeriod, points: int
) -> None:
    days = [date(2026, 3, 4), date(2026, 3, 2), date(2026, 3, 1), date(2026, 2, 28)]
    log(database, cast, *((cast.fred, 1, {"business_date": day}) for day in days))
    assert lines(board_of(database, cast, period=period)) == [(1, "Fred", points)]


def test_verified_counts_decisions_and_not_points(database: Database, cast: Cast) -> None:
    log(database, cast, (cast.fred, 9, {}), (cast.bella, 2, {"status": "verified"}))
    assert lines(board_of(database, cast, "verified")) == [(1, "Bella", 2)]


def test_a_department_s_board_has_its_people_only(database: Database, cast: Cast) -> None:
    log(database, cast, (cast.fred, 5, {}), (cast.bella, 1, {}), (cast.milo, 2, {}))
    assert lines(board_of(database, cast, department_id=cast.bar_id)) == [(1, "Milo", 20), (2, "Bella", 10)]


def test_who_left_stands_on_no_board(database: Database, cast: Cast) -> None:
    log(database, cast, (cast.fred, 5, {}), (cast.bella, 1, {}))
    with database.write(cast.olga.actor) as tx:
        tx.change(update(Person).where(Person.id == cast.fred.id).values(active=False))
    assert lines(board_of(database, cast)) == [(1, "Bella", 10)]


def test_another_hotel_is_never_on_the_board(database: Database, cast: Cast) -> None:
    other = cast.other
    with database.write(other.owner.actor) as tx:
        add_logs(tx, other.staff, other.location_id, other.behavior_id, 50)
        rebuild(tx, TODAY, TODAY)
    log(database, cast, (cast.fred, 1, {}))
    assert lines(board_of(database, cast)) == [(1, "Fred", 10)]
    with database.read(cast.olga.actor) as tx:
        assert members(tx, other.location_id) == {}


def test_an_average_check_needs_guests_enough(database: Database, cast: Cast) -> None:
    with database.write(cast.olga.actor) as tx:
        sold(tx, cast, TODAY, {cast.fred.id: (50_000, 10), cast.bella.id: (90_000, 9)})
        sold(tx, cast, TODAY - timedelta(days=1), {cast.fred.id: (10_000, 5), cast.bella.id: (1_000, 1)})
    assert lines(board_of(database, cast, "average_check")) == [(1, "Fred", 5_000)]
    assert lines(board_of(database, cast, "average_check", "week")) == [
        (1, "Bella", 9_100),
        (2, "Fred", 4_000),
    ]
    assert lines(board_of(database, cast, "average_check", "month")) == []


def sold(tx: Write, cast: Cast, day: date, shares: dict[UUID, tuple[int, int]]) -> None:
    entry_id = new_id()
    mine = {"organization_id": cast.organization_id, "business_date": day}
    tx.change(insert(DailyEntry).values(**mine, id=entry_id, location_id=cast.location_id, updated_at=tx.now))
    for person_id, (revenue, covers) in shares.items():
        row = {**mine, "entry_id": entry_id, "person_id": person_id}
        tx.change(insert(PersonResult).values(**row, revenue_minor=revenue, covers=covers))
