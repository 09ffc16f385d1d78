"""Many writers at once: no update is lost between threads, and everybody gets a turn."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import update

from tests.core.make import THREADS, a_house, add_one, version_of
from topline.core.errors import Problem
from topline.core.transaction import Database, FairLock
from topline.organizations.models import Organization


def test_twenty_threads_lose_no_update(database: Database) -> None:
    with database.write() as tx:
        house_id = a_house(tx)

    def add(_number: int) -> None:
        with database.write() as tx:
            add_one(tx, house_id)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, range(THREADS * 5)))
    assert version_of(database, house_id) == 1 + THREADS * 5


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
