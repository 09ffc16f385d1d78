"""What a transaction promises: committed whole or not at all, told afterwards, and no update lost between threads."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import pairwise
from uuid import UUID

import anyio
import pytest
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from topline.core.actor import system
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.permissions import Permission
from topline.core.transaction import Database, FairLock, Read, Write
from topline.organizations.models import Organization

THREADS = 20


def a_house(tx: Write, house_id: UUID | None = None) -> UUID:
    """An organization, as the row that these tests write."""
    house_id = house_id or new_id()
    plain = {"name": "House", "currency": "EUR", "locale": "en", "settings": {}, "created_at": tx.now}
    tx.change(insert(Organization).values(id=house_id, version=1, **plain))
    return house_id


def houses(tx: Read) -> set[UUID]:
    return {row.id for row in tx.execute(select(Organization.id))}


def add_one(tx: Write, house_id: UUID) -> None:
    """Read, add, write: the classic that loses updates where writers do not wait for each other."""
    statement = select(Organization.version).where(Organization.id == house_id).with_for_update()
    version = tx.execute(statement).scalar_one()
    time.sleep(0.002)
    tx.change(update(Organization).where(Organization.id == house_id).values(version=version + 1))


def version_of(database: Database, house_id: UUID) -> int:
    with database.read() as tx:
        found: int = tx.execute(select(Organization.version).where(Organization.id == house_id)).scalar_one()
        return found


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


def test_twenty_threads_lose_no_update(database: Database) -> None:
    with database.write() as tx:
        house_id = a_house(tx)

    def add(_number: int) -> None:
        with database.write() as tx:
            add_one(tx, house_id)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, range(THREADS * 5)))
    assert version_of(database, house_id) == 1 + THREADS * 5


def test_twenty_threads_lose_no_update_beside_the_lane(database: Database) -> None:
    """The lane of short writes and ordinary transactions change the same row at the same time."""
    with database.write() as tx:
        house_id = a_house(tx)
    step = update(Organization).where(Organization.id == house_id).values(version=Organization.version + 1)

    def ordinary(_number: int) -> None:
        with database.write() as tx:
            add_one(tx, house_id)

    async def through_the_lane() -> None:
        async def one() -> None:
            await database.in_lane(lambda tx: tx.change(step))

        async with anyio.create_task_group() as group:
            for _ in range(100):
                group.start_soon(one)

    with ThreadPoolExecutor(THREADS) as pool:
        work = [pool.submit(ordinary, number) for number in range(40)]
        anyio.run(through_the_lane)
        for done in work:
            done.result()
    assert version_of(database, house_id) == 141


def test_in_the_lane_one_failure_is_nobody_elses(database: Database) -> None:
    """On SQLite those who wait share a transaction: the one that fails is rolled back alone and told alone."""
    told: list[int] = []
    database.publish = told.append
    outcomes: dict[int, object] = {}

    async def all_of_them() -> None:
        async def one(number: int) -> None:
            def work(tx: Write) -> int:
                a_house(tx, UUID(int=number))
                tx.after_commit(number)
                if number % 5 == 0 and tx.dialect == "sqlite":
                    raise Problem("conflict")
                return number

            try:
                outcomes[number] = await database.in_lane(work)
            except Problem as problem:
                outcomes[number] = problem.code

        async with anyio.create_task_group() as group:
            for number in range(1, 41):
                group.start_soon(one, number)

    anyio.run(all_of_them)
    failed = set(range(5, 41, 5)) if database.writer.dialect.name == "sqlite" else set()
    stored = set(range(1, 41)) - failed
    assert {number for number, outcome in outcomes.items() if outcome == "conflict"} == failed
    assert {number for number, outcome in outcomes.items() if outcome == number} == stored
    with database.read() as tx:
        assert {house.int for house in houses(tx)} == stored
    assert sorted(told) == sorted(stored)


def test_a_statement_that_fails_in_the_lane_is_told_to_its_caller(database: Database) -> None:
    with database.write() as tx:
        house_id = a_house(tx)

    async def twice() -> None:
        with pytest.raises(IntegrityError):
            await database.in_lane(lambda tx: a_house(tx, house_id))
        await database.in_lane(a_house)

    anyio.run(twice)
    with database.read() as reader:
        assert len(houses(reader)) == 2


def queue_is(lock: FairLock, count: int) -> bool:
    return len(lock._waiting) == count


def test_the_fair_lock_serves_in_the_order_they_came() -> None:
    lock = FairLock()
    served: list[int] = []
    arrived: list[int] = []

    def wait_for_turn(number: int) -> None:
        arrived.append(number)
        with lock:
            served.append(number)

    threads = [threading.Thread(target=wait_for_turn, args=(number,)) for number in range(THREADS)]
    with lock:
        for count, thread in enumerate(threads, start=1):
            thread.start()
            # Nobody else starts until this one stands in the queue, so the order of arrival is known.
            _until(partial(queue_is, lock, count))
    for thread in threads:
        thread.join(timeout=10)
    assert served == arrived == list(range(THREADS))


def test_the_fair_lock_lets_in_one_at_a_time_and_is_free_afterwards() -> None:
    lock = FairLock()
    spans: list[tuple[float, float]] = []

    def hold(_number: int) -> None:
        with lock:
            start = time.perf_counter()
            time.sleep(0.001)
            spans.append((start, time.perf_counter()))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(hold, range(60)))
    assert len(spans) == 60
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    with pytest.raises(Problem), lock:
        raise Problem("conflict")
    with lock:
        pass


def test_under_constant_pressure_every_writer_gets_its_turn(database: Database) -> None:
    """Eight greedy writers of one row; on SQLite, where we queue them, nobody gets a third of another's turns."""
    counts = [0] * 8
    with database.write() as tx:
        house_id = a_house(tx)
    until = time.monotonic() + 0.5
    together = threading.Barrier(8)

    def greedy(number: int) -> None:
        together.wait(timeout=10)
        while time.monotonic() < until:
            with database.write() as tx:
                tx.change(update(Organization).where(Organization.id == house_id).values(version=number))
            counts[number] += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(greedy, range(8)))
    assert min(counts) > 0
    if database.writer.dialect.name == "sqlite":
        assert min(counts) * 3 >= max(counts), counts


def _until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.001)
