"""Recurring work inside the process: a few named jobs on one thread, each at its own pace."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger("jobs")


@dataclass
class _Job:
    name: str
    seconds: float
    run: Callable[[], object]
    due: float


class Jobs:
    """Runs each job every so many seconds. A job that fails is logged and tried again at its next turn."""

    def __init__(self) -> None:
        self._jobs: list[_Job] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def every(self, seconds: float, name: str, run: Callable[[], object]) -> None:
        """Register a job; its first run comes after `seconds`."""
        self._jobs.append(_Job(name, seconds, run, time.monotonic() + seconds))

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the job that is running."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def _loop(self) -> None:
        while not self._stop.wait(0.5):
            for job in self._jobs:
                if time.monotonic() >= job.due:
                    job.due = time.monotonic() + job.seconds
                    try:
                        job.run()
                    except Exception:
                        log.exception("job_failed", job=job.name)
