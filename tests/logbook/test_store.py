"""Storing under concurrency: a double tap is one log, and no count is lost."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import select, text

from tests.logbook.make import decided, logged, prepared, stored_logs
from tests.support.databases import SqliteDatabases
from tests.support.hotel import Hotel
from topline.core.clock import FixedClock
from topline.core.ids import new_id
from topline.core.transaction import Database, Read
from topline.logbook import actions, queries, statements
from topline.logbook.actions import Entry, Recorded
from topline.logbook.events import LogRecorded
from topline.logbook.models import BehaviorLog
from topline.logbook.statements import worth
from topline.scoring.rules import points_for

THREADS = 20


def in_threads(database: Database, hotel: Hotel, entries: list[Entry]) -> list[Recorded]:
    """Store each entry in a thread of its own, all at the same moment, the way a handler does."""
    ready = Barrier(len(entries))

    def store(entry: Entry) -> Recorded:
        ready.wait()
        return asyncio.run(database.in_lane(actions.store_all, entry))

    with ThreadPoolExecutor(len(entries)) as pool:
        return list(pool.map(store, entries))


def test_twenty_taps_of_one_log_are_one_log(database: Database, hotel: Hotel) -> None:
    entry = prepared(database, hotel, hotel.sam, hotel.offer)
    told: list[Any] = []
    database.publish = told.append
    found = in_threads(database, hotel, [entry] * THREADS)
    assert sorted(recorded.is_new for recorded in found) == [False] * (THREADS - 1) + [True]
    assert {recorded.log.id for recorded in found} == {entry.asked.id}
    assert {recorded.count for recorded in found if not recorded.is_new} <= {0, 1}
    assert len(stored_logs(database, hotel)) == 1
    assert [event.log_id for event in told if isinstance(event, LogRecorded)] == [entry.asked.id]


def test_twenty_logs_at_once_are_twenty_logs(database: Database, hotel: Hotel) -> None:
    entries = [prepared(database, hotel, hotel.sam, hotel.offer) for _ in range(THREADS)]
    found = in_threads(database, hotel, entries)
    assert all(recorded.is_new for recorded in found)
    assert len(stored_logs(database, hotel)) == THREADS
    with database.read(hotel.sam.actor) as tx:
        (counted,) = queries.day_counts(tx, hotel.sam.id, entries[0].today)
    assert (counted.count, counted.points) == (THREADS, THREADS * 10)
    after = logged_count(database, hotel)
    assert after == (THREADS + 1, (THREADS + 1) * 10)


def logged_count(database: Database, hotel: Hotel) -> tuple[int, int]:
    """What the answer to one more log says of the day."""
    entry = prepared(database, hotel, hotel.sam, hotel.offer)
    recorded = asyncio.run(database.in_lane(actions.store_all, entry))
    return recorded.count, recorded.points


def test_one_refusal_does_not_take_those_beside_it_along(database: Database, hotel: Hotel) -> None:
    async def all_at_once() -> list[Any]:
        good = [prepared(database, hotel, hotel.sam, hotel.offer) for _ in range(5)]
        taken = prepared(database, hotel, hotel.cleo, hotel.offer, log_id=good[0].asked.id)
        # A person nobody knows: the database itself refuses the row.
        nobody = replace(
            good[0], asked=replace(good[0].asked, id=new_id()), by=replace(good[0].by, person_id=new_id())
        )
        entries = [good[0], taken, good[1], nobody, *good[2:]]
        return list(
            await asyncio.gather(
                *(database.in_lane(actions.store_all, entry) for entry in entries), return_exceptions=True
            )
        )

    found = asyncio.run(all_at_once())
    assert [type(one).__name__ for one in found] == [
        "Recorded",
        "Problem",
        "Recorded",
        "IntegrityError",
        "Recorded",
        "Recorded",
        "Recorded",
    ]
    assert found[1].code == "id_taken"
    assert len(stored_logs(database, hotel)) == 5


def test_a_group_is_counted_as_if_one_came_after_the_other(
    database: Database, hotel: Hotel, other_hotel: Hotel
) -> None:
    logged(database, hotel, hotel.sam, hotel.offer)
    entries = [prepared(database, hotel, hotel.sam, hotel.offer) for _ in range(6)]
    greet = prepared(database, hotel, hotel.sam, hotel.greet)
    yesterday = prepared(
        database, hotel, hotel.sam, hotel.offer, occurred_at=database.clock.now() - timedelta(days=1)
    )
    cleo = prepared(database, hotel, hotel.cleo, hotel.offer)
    far = prepared(database, other_hotel, other_hotel.sam, other_hotel.offer)
    group = [entries[0], greet, entries[0], yesterday, cleo, far, *entries[1:]]
    with database.write(hotel.sam.actor) as tx:
        found = [one for one in actions.store_all(tx, group) if isinstance(one, Recorded)]
    assert [(one.is_new, one.count, one.behavior_count, one.points) for one in found] == [
        (True, 2, 2, 20),
        (True, 3, 1, 30),
        (False, 3, 2, 30),
        (True, 3, 2, 30),
        (True, 1, 1, 10),
        (True, 1, 1, 10),
        (True, 4, 3, 40),
        (True, 5, 4, 50),
        (True, 6, 5, 60),
        (True, 7, 6, 70),
        (True, 8, 7, 80),
    ]
    assert [one.log.flags for one in found] == [
        (),
        (),
        (),
        ("offline",),
        (),
        (),
        (),
        (),
        (),
        ("burst",),
        ("burst",),
    ]
    flags = {row.id: row.flags for row in stored_logs(database, hotel)}
    assert all((flags[one.log.id] or []) == list(one.log.flags) for one in found if one is not found[5])
    assert len(stored_logs(database, hotel)) == 10
    assert len(stored_logs(database, other_hotel)) == 1


def test_what_fell_counts_nothing_and_what_was_verified_twice(database: Database, hotel: Hotel) -> None:
    for status in ("rejected", "undone", "expired", "verified"):
        decided(database, hotel, logged(database, hotel, hotel.sam, hotel.offer), status)
    assert logged_count(database, hotel) == (2, 30)


def test_points_in_the_statement_are_those_of_the_rule(database: Database, hotel: Hotel) -> None:
    expected = {}
    for behavior, level in (
        (hotel.offer, "manager"),
        (hotel.greet, "self_reported"),
        (hotel.clean, "evidence"),
    ):
        for status in ("pending", "verified", "rejected", "undone", "expired"):
            for has_evidence in (False, True):
                for points in (1, 7, 10):
                    log_id = logged(database, hotel, hotel.sam, behavior)
                    decided(database, hotel, log_id, status, has_evidence=has_evidence, points=points)
                    expected[log_id] = points_for(points, status, has_evidence, level)
    with database.read() as tx:
        found = {row.id: row.worth for row in tx.execute(select(BehaviorLog.id, worth().label("worth")))}
    assert found == expected


def test_a_persons_day_is_read_by_its_own_index_on_sqlite(
    sqlite_databases: SqliteDatabases, clock: FixedClock
) -> None:
    """Without statistics SQLite would walk every pending log of the house for each tap."""
    with sqlite_databases.fresh() as url:
        database = Database(url, clock)
        with database.read() as tx:
            assert "ix_behavior_logs_person_day" in plan_of_day(tx)
        database.close()


def plan_of_day(tx: Read) -> str:
    """How the database would count a person's day."""
    rows = tx.execute(text(f"EXPLAIN QUERY PLAN {statements.COUNTS.text}"), {"rows": "[]"})
    return " ".join(str(row) for row in rows)


def test_a_lane_that_is_closed_finishes_what_it_has(database: Database, hotel: Hotel) -> None:
    entries = [prepared(database, hotel, hotel.sam, hotel.offer) for _ in range(30)]

    async def fire_and_close() -> None:
        waiting = [asyncio.ensure_future(database.in_lane(actions.store_all, entry)) for entry in entries]
        await asyncio.sleep(0)
        await asyncio.to_thread(database.close)
        await asyncio.gather(*waiting)

    asyncio.run(fire_and_close())
    assert len(stored_logs(database, hotel)) == 30


def test_another_house_s_id_is_another_log(database: Database, hotel: Hotel, other_hotel: Hotel) -> None:
    log_id = new_id()
    logged(database, hotel, hotel.sam, hotel.offer, log_id=log_id)
    logged(database, other_hotel, other_hotel.sam, other_hotel.offer, log_id=log_id)
    assert len(stored_logs(database, hotel)) == len(stored_logs(database, other_hotel)) == 1
