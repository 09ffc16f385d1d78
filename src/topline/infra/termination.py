"""Hear at once that the process is asked to end, beside what the server itself does about it.

A server that ends gracefully waits for its open requests first, and only then runs the application's own end. A stream
stays open for minutes: it has to hear of it when the signal comes. And a load balancer has to hear of it before the
server stops taking connections: it asks every few seconds, and until then sends people to a closed door.
"""

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType


def on_termination(callback: Callable[[], None], *, delay: float = 0.0) -> None:
    """Call `callback` in the main thread on SIGTERM and SIGINT, then whoever was there before.

    With `delay` the one before hears of SIGTERM only so many seconds later; meanwhile the process serves. SIGINT, a
    person at the keyboard, never waits. Does nothing outside of the main thread, where Python hears no signals: in
    tests the application runs in another.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        signal.signal(number, _Heard(callback, before, delay if number == signal.SIGTERM else 0.0))


class _Heard:
    """What is done about one kind of signal."""

    def __init__(self, callback: Callable[[], None], before: object, delay: float) -> None:
        self._callback = callback
        self._before = before
        self._delay = delay
        self._waiting: threading.Timer | None = None
        self._is_over = False

    def __call__(self, received: int, frame: FrameType | None) -> None:
        if self._delay and not self._is_over:
            # Asked again, by the server's main process as well as by the system: the time runs already.
            if self._waiting is None:
                self._callback()
                self._waiting = threading.Timer(self._delay, self._end, (received,))
                self._waiting.daemon = True
                self._waiting.start()
            return
        if not self._is_over:
            self._callback()
        if callable(self._before):
            self._before(received, frame)

    def _end(self, received: int) -> None:
        self._is_over = True
        os.kill(os.getpid(), received)
