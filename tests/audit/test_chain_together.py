"""Many who record at once: one chain, without a fork and without a gap."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.support.databases import LookingDatabase
from tests.support.hotel import Hotel, build_hotel
from topline.audit import actions
from topline.audit.models import AuditEvent, AuditSeal
from topline.audit.verify import verify
from topline.core.clock import FixedClock
from topline.core.transaction import Database

THREADS = 20
ACTS = 10


@pytest.fixture
def wide(database_url: str, clock: FixedClock) -> Iterator[Database]:
    """A connection for each thread."""
    database = LookingDatabase(database_url, clock, pool_size=THREADS + 1)
    yield database
    database.close()


def test_twenty_threads_make_one_chain(wide: Database) -> None:
    """Each third transaction records twice, each fifth is rolled back; the first of all of them begins the chain."""
    hotel = build_hotel(wide)
    ready = threading.Barrier(THREADS)

    def work(_: int) -> int:
        ready.wait()
        return sum(_act(wide, hotel, number) for number in range(ACTS))

    with ThreadPoolExecutor(THREADS) as pool:
        recorded = sum(pool.map(work, range(THREADS)))
    with wide.read(hotel.olive.actor) as tx:
        report = verify(tx)
        seqs = list(tx.execute(select(AuditSeal.seq).order_by(AuditSeal.seq)).scalars())
        events = set(tx.execute(select(AuditEvent.id)).scalars())
        sealed = set(tx.execute(select(AuditSeal.event_id)).scalars())
    assert report.broken is None
    assert (report.head.seq, report.waiting) == (recorded, 0)
    assert seqs == list(range(1, recorded + 1))
    assert events == sealed


def test_a_sweep_meanwhile_takes_nothing_twice(wide: Database) -> None:
    hotel = build_hotel(wide)
    ready = threading.Barrier(THREADS)

    def work(number: int) -> int:
        ready.wait()
        if number % 4:
            return sum(_act(wide, hotel, number) for number in range(ACTS))
        for _ in range(ACTS):
            with wide.write(hotel.olive.actor) as tx:
                actions.sweep(tx)
        return 0

    with ThreadPoolExecutor(THREADS) as pool:
        recorded = sum(pool.map(work, range(THREADS)))
    with wide.read(hotel.olive.actor) as tx:
        report = verify(tx)
    assert report.broken is None
    assert (report.head.seq, report.waiting) == (recorded, 0)


def _act(database: Database, hotel: Hotel, number: int) -> int:
    """One transaction; returns how many events it left."""
    try:
        with database.write(hotel.olive.actor) as tx:
            actions.record(tx, "person.changed", "person", hotel.sam.id, after={"n": number})
            if number % 3 == 0:
                actions.record(tx, "person.changed", "person", hotel.bea.id, after={"n": number})
            if number % 5 == 0:
                raise LookupError
    except LookupError:
        return 0
    return 2 if number % 3 == 0 else 1
