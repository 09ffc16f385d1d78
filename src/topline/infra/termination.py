"""Hear at once that the process is asked to end, beside what the server itself does about it.

A server that ends gracefully waits for its open requests first, and only then runs the application's own end. A stream
stays open for minutes: it has to hear of it when the signal comes.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType


def on_termination(callback: Callable[[], None]) -> None:
    """Call `callback` in the main thread on SIGTERM and SIGINT, then whoever was there before.

    Does nothing outside of the main thread, where Python hears no signals: in tests the application runs in another.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def heard(received: int, frame: FrameType | None, before: object = before) -> None:
            callback()
            if callable(before):
                before(received, frame)

        signal.signal(number, heard)
