"""What a transaction promises: committed whole or not at all, told afterwards, and closed to who only reads."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, event, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.core.make import a_house, houses, version_of
from topline.core.actor import system
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.core.transaction import Database
from topline.organizations.models import Organization


def test_a_block_that_ends_is_committed(database: Database) -> None:
    with database.write() as tx:
        house_id = a_house(tx)
    with database.read() as tx:
        assert houses(tx) == {house_id}


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(Problem), database.write() as tx:  # noqa: PT012 - what the block did before is the point
        a_house(tx)
        raise Problem("conflict")
    with database.read() as tx:
        assert houses(tx) == set()


def test_nobody_else_sees_a_change_before_its_commit(database: Database) -> None:
    with database.write() as tx:
        a_house(tx)
        with database.read() as other:
            assert houses(other) == set()


def test_what_a_reader_sees_while_others_write(database: Database) -> None:
    """On SQLite for the whole transaction, on PostgreSQL for each statement: no rule of Topline needs more."""
    with database.read() as tx:
        assert houses(tx) == set()
        with database.write() as other:
            new = a_house(other)
        assert houses(tx) == (set() if tx.dialect == "sqlite" else {new})


def test_events_are_told_after_the_commit_and_in_order(database: Database) -> None:
    told: list[tuple[str, int]] = []

    def listen(event: str) -> None:
        with database.read() as tx:
            told.append((event, len(houses(tx))))

    database.publish = listen
    with database.write() as tx:
        a_house(tx)
        tx.after_commit("first")
        tx.after_commit("second")
        assert told == []
    assert told == [("first", 1), ("second", 1)]


def test_events_of_a_change_that_failed_are_never_told(database: Database) -> None:
    told: list[str] = []
    database.publish = told.append
    with pytest.raises(Problem), database.write() as tx:  # noqa: PT012
        tx.after_commit("never")
        raise Problem("conflict")
    assert told == []


def test_a_commit_that_fails_changes_nothing_and_tells_nobody(database: Database) -> None:
    told: list[str] = []
    database.publish = told.append

    def fail(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(database.writer, "commit", fail)
    try:
        with pytest.raises(OSError, match="disk is full"), database.write() as tx:  # noqa: PT012
            a_house(tx)
            tx.after_commit("never")
    finally:
        event.remove(database.writer, "commit", fail)
    assert told == []
    with database.write() as tx:  # and the next writer is not kept out
        assert houses(tx) == set()


def test_a_savepoint_fails_alone(database: Database) -> None:
    with database.write() as tx:
        kept = a_house(tx)
        with pytest.raises(IntegrityError), tx.savepoint():
            a_house(tx, kept)
        also_kept = a_house(tx)
    with database.read() as tx:
        assert houses(tx) == {kept, also_kept}


def test_savepoints_nest(database: Database) -> None:
    with database.write() as tx:
        with tx.savepoint():
            outer = a_house(tx)
            with pytest.raises(Problem), tx.savepoint():  # noqa: PT012
                a_house(tx)
                raise Problem("conflict")
        with pytest.raises(Problem), tx.savepoint():  # noqa: PT012
            with tx.savepoint():
                a_house(tx)
            raise Problem("conflict")
    with database.read() as tx:
        assert houses(tx) == {outer}


def test_a_reader_cannot_write(database: Database) -> None:
    with database.write() as tx:
        house_id = a_house(tx)
    for statement in (
        update(Organization).values(version=7),
        delete(Organization),
        text("CREATE TABLE sneaked_in (id integer)"),
    ):
        with database.read() as tx, pytest.raises(DBAPIError, match=r"readonly|read-only"):
            tx.execute(statement)
    assert version_of(database, house_id) == 1


def test_a_change_tells_how_many_rows_it_touched(database: Database) -> None:
    with database.write() as tx:
        first = a_house(tx)
        a_house(tx)
        assert tx.change(update(Organization).values(version=2)) == 2
        assert tx.change(delete(Organization).where(Organization.id == first)) == 1
        assert tx.change(delete(Organization).where(Organization.id == first)) == 0


def test_now_stands_still_inside_a_transaction(database: Database, clock: FixedClock) -> None:
    with database.write() as tx:
        before = tx.now
        clock.advance(timedelta(minutes=5))
        assert tx.now == before
    with database.read() as later:
        assert later.now == before + timedelta(minutes=5)


def test_a_transaction_without_a_caller_belongs_to_no_tenant(database: Database) -> None:
    with database.read() as tx, pytest.raises(RuntimeError, match="no actor"):
        _ = tx.organization_id


def test_the_caller_can_be_learned_inside(database: Database) -> None:
    with database.write() as tx:
        house_id = a_house(tx)
        tx.become(system(house_id))
        assert tx.organization_id == house_id
        assert tx.actor.may(Permission.ORGANIZATION_MANAGE)
