"""Events after a commit, signals between screens and processes, and recurring jobs: in order, and failing alone."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import anyio
import pytest

from tests.support import parts, servers
from topline.infra.events import Bus
from topline.infra.jobs import Jobs
from topline.infra.signals import LocalSignals, RedisSignals, Subscription


@dataclass(frozen=True)
class Happened:
    number: int


@dataclass(frozen=True)
class Other:
    number: int


@pytest.fixture
def bus() -> Iterator[Bus]:
    bus = Bus()
    bus.start()
    yield bus
    bus.stop()


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def test_events_are_delivered_in_their_order_on_one_thread(bus: Bus) -> None:
    heard: list[int] = []
    threads: set[str] = set()

    def listen(event: Happened) -> None:
        threads.add(threading.current_thread().name)
        heard.append(event.number)

    bus.subscribe(Happened, listen)
    for number in range(500):
        bus.publish(Happened(number))
    bus.stop()
    assert heard == list(range(500))
    assert threads == {"events"}


def test_only_the_event_one_subscribed_to_is_heard(bus: Bus) -> None:
    heard: list[object] = []
    bus.subscribe(Happened, heard.append, inline=True)
    bus.publish(Other(1))
    bus.publish(Happened(2))
    assert heard == [Happened(2)]


def test_an_inline_listener_is_called_before_publish_returns() -> None:
    bus = Bus()
    heard: list[Happened] = []
    bus.subscribe(Happened, heard.append, inline=True)
    bus.publish(Happened(1))
    assert heard == [Happened(1)]


@pytest.mark.parametrize("inline", [True, False])
def test_a_listener_that_fails_stops_nobody(bus: Bus, inline: bool) -> None:
    heard: list[int] = []

    def fail(_event: Happened) -> None:
        raise RuntimeError("a listener's own trouble")

    bus.subscribe(Happened, fail, inline=inline)
    bus.subscribe(Happened, lambda event: heard.append(event.number), inline=inline)
    bus.publish(Happened(1))
    bus.publish(Happened(2))
    bus.stop()
    assert heard == [1, 2]


def test_stopping_works_off_what_is_queued() -> None:
    bus = Bus()
    heard: list[int] = []

    def slow(event: Happened) -> None:
        time.sleep(0.005)
        heard.append(event.number)

    bus.subscribe(Happened, slow)
    bus.start()
    for number in range(20):
        bus.publish(Happened(number))
    bus.stop()
    assert heard == list(range(20))


def test_without_the_thread_a_command_can_drain() -> None:
    bus = Bus()
    heard: list[Happened] = []
    bus.subscribe(Happened, heard.append)
    bus.publish(Happened(1))
    assert heard == []
    bus.drain()
    assert heard == [Happened(1)]


def test_a_signal_wakes_its_topic_and_no_other() -> None:
    async def listen() -> tuple[bool, bool]:
        signals = LocalSignals()
        ours, theirs = signals.subscribe("board:1"), signals.subscribe("board:2")
        threading.Thread(target=signals.emit, args=("board:1",)).start()
        return await ours.wait(5), await theirs.wait(0.05)

    assert anyio.run(listen) == (True, False)


def test_signals_that_come_while_nobody_waits_count_as_one() -> None:
    async def listen() -> list[bool]:
        signals = LocalSignals()
        subscription = signals.subscribe("board:1")
        for _ in range(5):
            signals.emit("board:1")
        await anyio.sleep(0.02)
        return [await subscription.wait(1), await subscription.wait(0.05)]

    assert anyio.run(listen) == [True, False]


def test_a_closed_subscription_hears_and_costs_nothing() -> None:
    async def listen() -> bool:
        signals = LocalSignals()
        subscription: Subscription = signals.subscribe("board:1")
        subscription.close()
        assert signals._listening == {}
        signals.emit("board:1")
        return await subscription.wait(0.05)

    assert not anyio.run(listen)


def test_a_signal_to_a_loop_that_has_ended_is_harmless() -> None:
    signals = LocalSignals()

    async def leave_open() -> None:
        signals.subscribe("board:1")

    anyio.run(leave_open)
    signals.emit("board:1")


def test_callbacks_hear_every_topic() -> None:
    signals = LocalSignals()
    heard: list[str] = []
    signals.on_signal(heard.append)
    signals.start()
    signals.emit("board:1")
    signals.emit("identity")
    signals.stop()
    assert heard == ["board:1", "identity"]


@pytest.mark.redis
def test_two_processes_hear_each_other_once_through_redis(redis_server: servers.RedisServer) -> None:
    here, there = RedisSignals(redis_server.url), RedisSignals(redis_server.url)
    heard_here: list[str] = []
    heard_there: list[str] = []
    here.on_signal(heard_here.append)
    there.on_signal(heard_there.append)
    for signals in (here, there):
        signals.start()
    try:
        until(lambda: _said(here, heard_there, "hello") and _said(there, heard_here, "hello back"))
        heard_here.clear()
        heard_there.clear()
        here.emit("board:1")
        there.emit("board:2")
        until(lambda: len(heard_here) == 2 and len(heard_there) == 2)
        assert sorted(heard_here) == sorted(heard_there) == ["board:1", "board:2"]
    finally:
        for signals in (here, there):
            signals.stop()


def _said(speaker: RedisSignals, heard: list[str], topic: str) -> bool:
    """Listening begins a moment after the start: say it until it arrives."""
    if topic not in heard:
        speaker.emit(topic)
        time.sleep(0.02)
    return topic in heard


@pytest.mark.redis
def test_without_redis_signals_stay_inside_the_process_and_nothing_fails() -> None:
    with servers.redis(parts.need(parts.REDIS)) as server:
        signals = RedisSignals(server.url)
        signals.start()
    heard: list[str] = []
    signals.on_signal(heard.append)
    signals.emit("board:1")
    signals.stop()
    assert heard == ["board:1"]


def test_a_job_that_fails_is_tried_again_and_stops_no_other() -> None:
    jobs = Jobs()
    runs: list[str] = []

    def fail() -> None:
        runs.append("failing")
        raise RuntimeError("tonight's trouble")

    jobs.every(0.1, "failing", fail)
    jobs.every(0.1, "other", lambda: runs.append("other"))
    assert not jobs.is_alive()
    jobs.start()
    until(lambda: runs.count("failing") >= 2 and runs.count("other") >= 2)
    assert jobs.is_alive()
    jobs.stop()
    assert not jobs.is_alive()
