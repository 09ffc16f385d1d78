"""The lane for short writes that come by the hundred: one thread hop each, one commit for all that wait.

A commit is only done when the disk says so. On SQLite, which has one writer, whoever waits for that shares it: the
lane's thread takes everything that is queued, runs it in one transaction, each part behind its own savepoint, commits
once and then answers all. On PostgreSQL a few threads each run one statement at a time, and the server itself lets
commits share a flush.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

#: One turn of the SQLite writer: long enough to share a flush, short enough that nobody waits for strangers.
MOST_TOGETHER: Final = 64

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work: `work` is called with its transaction; then either `result` or `error` is set."""

    work: Callable[[Any], Any]
    context: Any
    answers: "_Answers"
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class _Answers:
    """Carries results back to an event loop, waking it once for all that are ready."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._guard = threading.Lock()
        self._ready: list[Job] = []

    def send(self, jobs: list[Job]) -> None:
        """Called by a lane's thread."""
        with self._guard:
            ring = not self._ready
            self._ready.extend(jobs)
        if ring:
            try:
                self.loop.call_soon_threadsafe(self._settle)
            except RuntimeError:  # the loop was closed while the write was under way: nobody waits any more
                self._ready.clear()

    def _settle(self) -> None:
        with self._guard:
            jobs, self._ready = self._ready, []
        for job in jobs:
            if job.future.done():  # the caller went away
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)


class Lane:
    """Runs jobs on its own threads. `run_group` gets at most `together` jobs and sets result or error of each."""

    def __init__(self, run_group: Callable[[list[Job]], None], threads: int, together: int) -> None:
        self._run_group = run_group
        self._count = threads
        self._together = together
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._guard = threading.Lock()
        self._answers: _Answers | None = None

    async def run(self, work: Callable[[Any], T], context: Any) -> T:
        """Do `work` on the lane and wait for its durable result; raises what it raises."""
        loop = asyncio.get_running_loop()
        # Kept in a local: with several loops another thread may put its own in the attribute at any moment.
        answers = self._answers
        if answers is None or answers.loop is not loop:
            answers = self._answers = _Answers(loop)
        if not self._threads:
            self._start()
        job = Job(work, context, answers, loop.create_future())
        self._jobs.put(job)
        result: T = await job.future
        return result

    def close(self) -> None:
        """Finish what is queued, then end the threads."""
        with self._guard:
            for _ in self._threads:
                self._jobs.put(None)
            for thread in self._threads:
                thread.join(timeout=10)
            self._threads = []

    def _start(self) -> None:
        with self._guard:
            if self._threads:
                return
            self._threads = [
                threading.Thread(target=self._serve, name=f"lane-{number}", daemon=True)
                for number in range(self._count)
            ]
            for thread in self._threads:
                thread.start()

    def _serve(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs, ended = self._with_those_waiting(first)
            try:
                self._run_group(jobs)
            except BaseException as error:
                for job in jobs:
                    job.error = error
            for answers in {job.answers for job in jobs}:
                answers.send([job for job in jobs if job.answers is answers])
            if ended:
                return

    def _with_those_waiting(self, first: Job) -> tuple[list[Job], bool]:
        jobs = [first]
        while len(jobs) < self._together:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False
