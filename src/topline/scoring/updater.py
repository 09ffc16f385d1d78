"""Keeps day totals up to date behind the requests: many logs, few rebuilds.

A log is stored within its own transaction and nothing more is asked of it. Which person's day it touched is remembered
here; a moment later one transaction rebuilds everything that was touched meanwhile, then the leaderboard's cache is
forgotten and the open screens are told. Totals lost in a crash are made up for at the next start.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

import structlog

from topline.core.actor import system
from topline.core.transaction import Database
from topline.infra.cache import Cache
from topline.infra.signals import Signals
from topline.organizations import queries as organizations
from topline.organizations.queries import organization_ids
from topline.scoring.actions import rebuild, rebuild_days
from topline.scoring.events import board_group, board_topic

log = structlog.get_logger("scoring")

Pair = tuple[date, UUID]

#: The least time between two rebuilds, in seconds.
PACE: Final = 0.15
#: Rebuilding may take at most one part in so many of the time: the writers of logs come first.
PATIENCE: Final = 8
#: But a screen never waits longer than this for its turn, in seconds.
LONGEST: Final = 0.8
#: A failed rebuild is tried again after so many seconds.
RETRY: Final = 1.0
#: How many people's days are rebuilt in one transaction.
AT_ONCE: Final = 20
#: How many business dates, today included, are rebuilt at the start.
START_DAYS: Final = 3


class DayTotalsUpdater:
    """Remembers which days changed and rebuilds them on a thread of its own. Any thread may call any method."""

    def __init__(self, db: Database, cache: Cache, signals: Signals, pace: float = PACE) -> None:
        self._db = db
        self._cache = cache
        self._signals = signals
        self._pace = pace
        self._guard = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._dirty: dict[UUID, set[Pair]] = defaultdict(set)
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def mark(self, organization_id: UUID, pairs: Iterable[Pair] = ()) -> None:
        """Rebuild these (business date, person id) pairs soon; without any, something else on the board changed."""
        with self._guard:
            self._dirty[organization_id].update(pairs)
        self._wake.set()

    def flush(self) -> None:
        """Rebuild what is marked, now. What fails stays marked, and the failure is raised."""
        with self._one_at_a_time:
            with self._guard:
                taken, self._dirty = self._dirty, defaultdict(set)
            try:
                while taken:
                    organization_id, pairs = next(iter(taken.items()))
                    self._rebuild(organization_id, pairs)
                    del taken[organization_id]
            finally:
                for organization_id, pairs in taken.items():
                    self.mark(organization_id, pairs)

    def announce(self, organization_id: UUID) -> None:
        """Forget what was cached and tell the screens, in this order: a screen that is told asks at once."""
        self._cache.forget(board_group(organization_id))
        self._signals.emit(board_topic(organization_id))

    def catch_up(self) -> None:
        """Rebuild the last business dates of every organization: what a crash may have left undone."""
        with self._db.read() as tx:
            everybody = organization_ids(tx)
        for organization_id in everybody:
            with self._db.write(system(organization_id, "day totals")) as tx:
                days = [organizations.today(tx, house) for house in organizations.locations(tx)]
                if days:
                    rebuild(tx, min(days) - timedelta(days=START_DAYS - 1), max(days))
            self.announce(organization_id)

    def start(self) -> None:
        """Start the thread."""
        self._ending.clear()
        self._thread = threading.Thread(target=self._run, name="day-totals", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Rebuild what is marked, then end the thread."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def _rebuild(self, organization_id: UUID, pairs: set[Pair]) -> None:
        waiting = iter(sorted(pairs))
        # A few people at a time: on SQLite nobody can log while this writes.
        while part := list(islice(waiting, AT_ONCE)):
            with self._db.write(system(organization_id, "day totals")) as tx:
                rebuild_days(tx, part)
        self.announce(organization_id)

    def _run(self) -> None:
        self._try(self.catch_up)
        while True:
            self._wake.wait()
            self._wake.clear()
            started = time.monotonic()
            done = self._try(self.flush)
            if self._ending.is_set():
                return
            took = time.monotonic() - started
            self._ending.wait(min(LONGEST, max(self._pace, took * PATIENCE)) if done else RETRY)

    def _try(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except Exception:
            log.exception("day_totals_failed")
            return False
        return True
