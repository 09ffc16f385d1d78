"""Being asked to end is heard at once, and whoever listened before still hears it."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from topline.infra.termination import on_termination


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What was heard; the signals of the test run itself are put back afterwards."""
    if threading.current_thread() is not threading.main_thread():
        pytest.fail("signals are heard in the main thread only; run this test there")
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    found: list[str] = []
    signal.signal(signal.SIGTERM, lambda *_: found.append("server"))
    yield found
    for number, handler in before.items():
        signal.signal(number, handler)


def test_both_the_application_and_the_server_hear_it(heard: list[str]) -> None:
    on_termination(lambda: heard.append("application"))
    os.kill(os.getpid(), signal.SIGTERM)
    assert heard == ["application", "server"]


def test_another_thread_leaves_the_signals_alone(heard: list[str]) -> None:
    thread = threading.Thread(target=on_termination, args=(lambda: heard.append("application"),))
    thread.start()
    thread.join()
    os.kill(os.getpid(), signal.SIGTERM)
    assert heard == ["server"]


def test_a_process_that_drains_serves_on_for_a_while(heard: list[str]) -> None:
    ended = threading.Event()

    def end(*_: object) -> None:
        heard.append("server")
        ended.set()

    signal.signal(signal.SIGTERM, end)
    on_termination(lambda: heard.append("application"), delay=0.2)
    for _ in range(3):  # the system and the server's main process both say it
        os.kill(os.getpid(), signal.SIGTERM)
    assert heard == ["application"]
    assert ended.wait(10)
    assert heard == ["application", "server"]
