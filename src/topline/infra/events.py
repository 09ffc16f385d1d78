"""The event bus: what happened, told after the commit to whoever subscribed.

Handlers registered `inline` run at once in the committing thread and must be cheap (forget a cache key). The others
run one after the other on one background thread, in the order of the commits.
"""

import queue
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import structlog

log = structlog.get_logger("events")

_STOP = object()


class Bus:
    """In-process publish and subscribe by event class."""

    def __init__(self) -> None:
        self._inline: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
        self._later: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def subscribe(self, event: type, handler: Callable[[Any], None], *, inline: bool = False) -> None:
        """Call `handler` with every published instance of `event`."""
        (self._inline if inline else self._later)[event].append(handler)

    def publish(self, event: Any) -> None:
        """Tell everybody. Never raises: the change is committed, and a listener's failure must not hide that."""
        for handler in self._inline[type(event)]:
            _call(handler, event)
        if self._later.get(type(event)):
            self._queue.put(event)

    def start(self) -> None:
        """Start the background thread."""
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Work off what is queued, then end the thread."""
        if self._thread is not None:
            self._queue.put(_STOP)
            self._thread.join(timeout=10)
            self._thread = None

    def drain(self) -> None:
        """Work off what is queued in the calling thread: for tests and commands that run without the thread."""
        while not self._queue.empty():
            self._deliver(self._queue.get())

    def _run(self) -> None:
        while (event := self._queue.get()) is not _STOP:
            self._deliver(event)

    def _deliver(self, event: Any) -> None:
        for handler in self._later[type(event)]:
            _call(handler, event)


def _call(handler: Callable[[Any], None], event: Any) -> None:
    try:
        handler(event)
    except Exception:
        log.exception("event_handler_failed", event_type=type(event).__name__, handler=handler.__qualname__)
