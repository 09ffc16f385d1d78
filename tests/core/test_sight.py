"""What PostgreSQL shows a transaction: the rows of its own organization, whatever its statements forget to ask for.

All of these run on PostgreSQL: SQLite has no second wall. `Database` here is the program's own, not the tests'.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.core.looking import counts, seen
from tests.core.make import a_house
from tests.support.databases import LookingDatabase
from tests.support.hotel import Hotel
from topline.core.actor import system
from topline.core.clock import FixedClock
from topline.core.sight import Door
from topline.core.transaction import Database, Read, Write
from topline.organizations.models import Department, Organization
from topline.people.models import Role

pytestmark = pytest.mark.postgres


def test_an_actor_sees_the_own_house_and_nobody_sees_nothing(
    narrow: Database, ours: Hotel, theirs: Hotel
) -> None:
    for hotel in (ours, theirs):
        with narrow.read(hotel.sam.actor) as tx:
            assert seen(tx) == {hotel.organization_id}
        with narrow.write(hotel.sam.actor) as tx:
            assert seen(tx) == {hotel.organization_id}
    with narrow.read() as tx:
        assert counts(tx) == {}
    with narrow.write() as tx:
        assert counts(tx) == {}
    with narrow.glance() as tx:
        assert counts(tx) == {}


def test_a_connection_that_served_one_house_shows_the_next_nothing_of_it(
    narrow: Database, ours: Hotel, theirs: Hotel
) -> None:
    def servers(tx: Read) -> int:
        return int(tx.execute(text("SELECT pg_backend_pid()")).scalar_one())

    with narrow.write(ours.olive.actor) as tx:
        first = servers(tx)
        assert seen(tx) == {ours.organization_id}
    with narrow.write(theirs.olive.actor) as tx:
        assert servers(tx) == first
        assert seen(tx) == {theirs.organization_id}
    with narrow.write() as tx:
        assert servers(tx) == first
        assert seen(tx) == set()


@pytest.mark.parametrize("how", ["raised", "refused", "unique"])
def test_a_transaction_that_failed_leaves_nothing_behind(
    narrow: Database, ours: Hotel, theirs: Hotel, how: str
) -> None:
    with pytest.raises((RuntimeError, DBAPIError)), narrow.write(ours.olive.actor) as tx:  # noqa: PT012
        assert seen(tx) == {ours.organization_id}
        if how == "raised":
            raise RuntimeError
        if how == "refused":
            tx.execute(text("SELECT 1 / 0"))
        a_house(tx, ours.organization_id)
    with narrow.write() as tx:
        assert tx.execute(text("SELECT current_setting('topline.organizations', true)")).scalar_one() in (
            "",
            "{}",
        )
        assert seen(tx) == set()


def test_the_first_statement_may_fail(narrow: Database, ours: Hotel) -> None:
    """The one the sight travels with."""
    with pytest.raises(IntegrityError), narrow.write(ours.olive.actor) as tx:
        a_house(tx, ours.organization_id)
    with narrow.write(ours.olive.actor) as tx:
        assert seen(tx) == {ours.organization_id}


def test_whoever_becomes_somebody_sees_their_house_only(narrow: Database, ours: Hotel, theirs: Hotel) -> None:
    with narrow.write(ours.olive.actor) as tx:
        assert seen(tx) == {ours.organization_id}
        tx.become(system(theirs.organization_id))
        assert seen(tx) == {theirs.organization_id}


@pytest.mark.parametrize("refused", [False, True], ids=["a problem", "a refusal of the server"])
def test_a_savepoint_takes_the_sight_back_with_it(
    narrow: Database, ours: Hotel, theirs: Hotel, refused: bool
) -> None:
    with narrow.write(ours.olive.actor) as tx:
        assert seen(tx) == {ours.organization_id}
        with pytest.raises((RuntimeError, DBAPIError)), tx.savepoint():  # noqa: PT012
            tx.become(system(theirs.organization_id))
            assert seen(tx) == {theirs.organization_id}
            if refused:
                tx.execute(text("SELECT 1 / 0"))
            raise RuntimeError
        assert seen(tx) == {theirs.organization_id}, "the actor is still another"
        tx.become(ours.olive.actor)
        assert seen(tx) == {ours.organization_id}
        with tx.savepoint():
            tx.become(system(theirs.organization_id))
        assert seen(tx) == {theirs.organization_id}


def test_a_row_of_another_house_is_neither_made_nor_changed_nor_removed(
    narrow: Database, ours: Hotel, theirs: Hotel
) -> None:
    row = {"id": UUID(int=1), "name": "Annex", "location_id": ours.location_id, "position": 9}
    with pytest.raises(DBAPIError, match="row-level security"), narrow.write(theirs.olive.actor) as tx:
        tx.change(insert(Department).values(organization_id=ours.organization_id, **row))
    with narrow.write(theirs.olive.actor) as tx:
        assert tx.change(update(Role).where(Role.id == ours.sam.role_id).values(name="Ghost")) == 0
        assert tx.change(delete(Department).where(Department.id == ours.bar_id)) == 0
        mine = select(Organization.id)
        assert tx.change(update(Organization).values(name="All mine")) == 1
        assert tx.execute(mine).scalars().all() == [theirs.organization_id]
    moved = update(Role).where(Role.id == theirs.sam.role_id).values(organization_id=ours.organization_id)
    with pytest.raises(DBAPIError, match="row-level security"), narrow.write(theirs.olive.actor) as tx:
        tx.change(moved)


def test_many_rows_at_once_are_checked_like_one(narrow: Database, ours: Hotel) -> None:
    """Lists of parameters go another way through the driver."""
    rows = [
        {"organization_id": ours.organization_id, "id": UUID(int=n), "name": f"Room {n}", "position": n}
        for n in range(1, 4)
    ]
    with narrow.write(ours.olive.actor) as tx:
        assert tx.change(insert(Department), [{**row, "location_id": ours.location_id} for row in rows]) == 3
    with pytest.raises(DBAPIError, match="row-level security"), narrow.write() as tx:
        tx.change(
            insert(Department),
            [{**row, "id": UUID(int=9), "location_id": ours.location_id} for row in rows[:1]],
        )
    with narrow.write(ours.olive.actor) as tx:
        statement = text("UPDATE departments SET position = :position WHERE id = :id")
        tx.change(statement, [{"position": 7, "id": row["id"]} for row in rows])
        found = tx.execute(select(Department.position).where(Department.id.in_([row["id"] for row in rows])))
        assert found.scalars().all() == [7, 7, 7]


def test_twenty_threads_on_four_connections_never_see_each_others_house(
    url: str, clock: FixedClock, ours: Hotel, theirs: Hotel
) -> None:
    database = Database(url, clock, pool_size=4)

    def look(number: int) -> bool:
        hotel = (ours, theirs)[number % 2]
        opened = database.write if number % 3 else database.read
        with opened(hotel.sam.actor) as tx:
            return seen(tx) == {hotel.organization_id} == seen(tx)

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(look, range(400)))
    database.close()


def test_the_lane_sees_those_it_writes_for(narrow: Database, ours: Hotel, theirs: Hotel) -> None:
    """Two houses in one statement, and nothing of anybody in the next."""

    def look(tx: Write, hotels: Sequence[Hotel | None]) -> list[set[UUID]]:
        wanted = {hotel.organization_id for hotel in hotels if hotel}
        if wanted:
            tx.among(wanted)
        found = seen(tx)
        return [found for _ in hotels]

    async def ask(*hotels: Hotel | None) -> list[set[UUID]]:
        return list(await asyncio.gather(*(narrow.in_lane(look, hotel) for hotel in hotels)))

    both = {ours.organization_id, theirs.organization_id}
    for found in asyncio.run(ask(*[ours, theirs] * 20)):
        assert found <= both
    assert asyncio.run(ask(None)) == [set()]
    assert asyncio.run(ask(ours)) == [{ours.organization_id}]


def test_switched_off_only_the_filters_count(url: str, clock: FixedClock, ours: Hotel, theirs: Hotel) -> None:
    database = Database(url, clock, pool_size=1, row_security=False)
    both = {ours.organization_id, theirs.organization_id}
    with database.write(ours.olive.actor) as tx:
        assert seen(tx) == both
        with tx.through(Door.CREDENTIALS):
            assert seen(tx) == both
        tx.become(theirs.olive.actor)
        assert seen(tx) == both
    database.close()


def test_the_tests_own_way_in_is_as_strict_with_an_actor(
    url: str, clock: FixedClock, ours: Hotel, theirs: Hotel
) -> None:
    database = LookingDatabase(url, clock, pool_size=1)
    with database.read() as tx:
        assert len(seen(tx)) == 2
    with database.read(ours.olive.actor) as tx:
        assert seen(tx) == {ours.organization_id}
    database.close()
