"""The lane for short writes that come by the hundred: what waits for the disk together is written together.

A commit is only done when the disk says so, and a statement only when the server has answered. Whoever waits for that
shares it: a thread of the lane takes everything that is queued, does it at once, and answers all. The more come, the
less each costs.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

#: Long enough a group to share the cost, short enough that nobody waits for strangers.
MOST_TOGETHER: Final = 64

Item = TypeVar("Item")
T = TypeVar("T")
#: Does the work for several items; for each a result, or the exception to raise there.
Work = Callable[[Any, Sequence[Any]], Sequence[Any]]


@dataclass(slots=True, eq=False)
class Job:
    """One item of some work, and where its outcome goes."""

    work: Work
    item: Any
    answers: "_Answers"
    future: asyncio.Future[Any]
    outcome: Any = None


class _Answers:
    """Carries outcomes back to an event loop, waking it once for all that are ready."""

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
            if isinstance(job.outcome, BaseException):
                job.future.set_exception(job.outcome)
            else:
                job.future.set_result(job.outcome)


class Lane:
    """Runs items on its own threads. `run_group(work, items)` opens the transaction and calls `work` in it."""

    def __init__(self, run_group: Callable[[Work, list[Any]], Sequence[Any]], threads: int) -> None:
        self._run_group = run_group
        self._count = threads
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._guard = threading.Lock()
        self._answers: _Answers | None = None

    async def run(self, work: Work, item: Any) -> Any:
        """Do `work` for `item` and wait for the durable result; raises what it raises."""
        loop = asyncio.get_running_loop()
        answers = self._answers
        if answers is None or answers.loop is not loop:
            answers = self._answers = _Answers(loop)
        if not self._threads:
            self._start()
        job = Job(work, item, answers, loop.create_future())
        self._jobs.put(job)
        return await job.future

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
            for work in dict.fromkeys(job.work for job in jobs):
                self._do(work, [job for job in jobs if job.work == work])
            for answers in {job.answers for job in jobs}:
                answers.send([job for job in jobs if job.answers is answers])
            if ended:
                return

    def _do(self, work: Work, jobs: list[Job]) -> None:
        try:
            outcomes = self._run_group(work, [job.item for job in jobs])
        except Exception as error:
            if len(jobs) == 1:
                jobs[0].outcome = error
                return
            # Nothing of the group is stored. One by one, whoever is to blame fails alone.
            for job in jobs:
                self._do(work, [job])
            return
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.outcome = outcome

    def _with_those_waiting(self, first: Job) -> tuple[list[Job], bool]:
        jobs = [first]
        while len(jobs) < MOST_TOGETHER:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False
