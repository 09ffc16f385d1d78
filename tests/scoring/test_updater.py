"""The updater behind the requests: coalescing, in order, nothing lost when a rebuild fails."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest

from tests.factories import make_house
from tests.scoring.make import TODAY, add_logs, stored_totals
from tests.support.cast import Cast
from topline.core.transaction import Database
from topline.infra.cache import LocalCache
from topline.infra.signals import LocalSignals
from topline.scoring import updater
from topline.scoring.events import board_group, board_topic
from topline.scoring.updater import DayTotalsUpdater


class Heard(LocalSignals):
    """Signals that remember what was emitted, and whether the cache was empty by then."""

    def __init__(self, cache: LocalCache, group: str) -> None:
        super().__init__()
        self.topics: list[str] = []
        self.was_cached: list[bool] = []
        self.on_signal(lambda topic: self._note(topic, cache, group))

    def _note(self, topic: str, cache: LocalCache, group: str) -> None:
        self.topics.append(topic)
        self.was_cached.append(cache.peek(group, "key") is not None)


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_house(database)


@pytest.fixture
def cache() -> LocalCache:
    return LocalCache()


@pytest.fixture
def heard(cast: Cast, cache: LocalCache) -> Heard:
    return Heard(cache, board_group(cast.organization_id))


@pytest.fixture
def totals(database: Database, cache: LocalCache, heard: Heard) -> Iterator[DayTotalsUpdater]:
    made = DayTotalsUpdater(database, cache, heard, pace=0.02)
    yield made
    made.stop()


def log(database: Database, cast: Cast, count: int = 1) -> None:
    with database.write(cast.fred.actor) as tx:
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], count)


def standing(database: Database, organization_id: UUID) -> int:
    return sum(total[0] for total in stored_totals(database, organization_id).values())


def test_many_marks_are_one_rebuild_one_forgetting_and_one_signal(
    database: Database, cast: Cast, cache: LocalCache, heard: Heard, totals: DayTotalsUpdater
) -> None:
    group = board_group(cast.organization_id)
    cache.fetch(group, "key", 30, lambda: b"old")
    log(database, cast, 7)
    for _ in range(50):
        totals.mark(cast.organization_id, [(TODAY, cast.fred.id)])
    totals.flush()
    assert standing(database, cast.organization_id) == 7
    assert cache.peek(group, "key") is None
    assert heard.topics == [board_topic(cast.organization_id)]
    assert heard.was_cached == [False], "a screen that is told must not find the old answer"


def test_nothing_marked_is_nothing_done(heard: Heard, totals: DayTotalsUpdater) -> None:
    totals.flush()
    assert heard.topics == []


def test_something_else_that_changed_is_told_without_a_rebuild(
    database: Database, cast: Cast, heard: Heard, totals: DayTotalsUpdater
) -> None:
    log(database, cast)
    totals.mark(cast.organization_id)
    totals.flush()
    assert heard.topics == [board_topic(cast.organization_id)]
    assert standing(database, cast.organization_id) == 0


def test_what_fails_stays_marked(
    database: Database, cast: Cast, totals: DayTotalsUpdater, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(database, cast, 3)
    totals.mark(cast.organization_id, [(TODAY, cast.fred.id)])
    with monkeypatch.context() as broken:
        broken.setattr(updater, "rebuild_days", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            totals.flush()
    totals.flush()
    assert standing(database, cast.organization_id) == 3


def test_the_start_makes_up_for_what_a_crash_left_undone(
    database: Database, cast: Cast, totals: DayTotalsUpdater
) -> None:
    log(database, cast, 4)
    totals.start()
    until(lambda: standing(database, cast.organization_id) == 4)


def test_the_thread_rebuilds_within_a_moment_and_works_off_what_is_left_at_the_end(
    database: Database, cast: Cast, totals: DayTotalsUpdater
) -> None:
    totals.start()
    for count in range(1, 4):
        log(database, cast)
        totals.mark(cast.organization_id, [(TODAY, cast.fred.id)])
        until(partial(stands, database, cast.organization_id, count))
    log(database, cast)
    totals.mark(cast.organization_id, [(TODAY, cast.fred.id)])
    totals.stop()
    assert standing(database, cast.organization_id) == 4
    assert not totals.is_alive()


def stands(database: Database, organization_id: UUID, count: int) -> bool:
    return standing(database, organization_id) == count


def until(done: Callable[[], bool]) -> None:
    """Wait for at most two seconds: what a screen may be behind."""
    end = time.monotonic() + 2
    while not done():
        assert time.monotonic() < end, "not within two seconds"
        threading.Event().wait(0.02)
