"""Signals: tiny "changed" messages between threads, open streams and processes. They carry a topic and nothing else."""

import asyncio
import contextlib
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Protocol

import redis
import structlog

log = structlog.get_logger("signals")


class Signals(Protocol):
    """Emit a topic here; every listener in every process hears it."""

    def emit(self, topic: str) -> None: ...

    def on_signal(self, callback: Callable[[str], None]) -> None: ...

    def subscribe(self, topic: str) -> "Subscription": ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Subscription:
    """One open stream waiting for its topic, on the event loop that made it."""

    def __init__(self, hub: "LocalSignals", topic: str) -> None:
        self._hub = hub
        self._topic = topic
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Called from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closing; nobody waits any more
            self._loop.call_soon_threadsafe(self._changed.set)

    async def wait(self, seconds: float) -> bool:
        """True when the topic was emitted, False when `seconds` went by. Several signals in between count as one."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        self._changed.clear()
        return True

    def close(self) -> None:
        """Stop listening."""
        self._hub.leave(self._topic, self)


class LocalSignals:
    """Signals inside one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listening: dict[str, set[Subscription]] = defaultdict(set)
        self._callbacks: list[Callable[[str], None]] = []

    def emit(self, topic: str) -> None:
        """Wake every subscription of the topic and tell every callback."""
        for callback in self._callbacks:
            callback(topic)
        with self._lock:
            listening = list(self._listening.get(topic, ()))
        for subscription in listening:
            subscription.wake()

    def on_signal(self, callback: Callable[[str], None]) -> None:
        """Call back for every topic, whoever emitted it."""
        self._callbacks.append(callback)

    def subscribe(self, topic: str) -> Subscription:
        """Listen to one topic; close the subscription when done."""
        subscription = Subscription(self, topic)
        with self._lock:
            self._listening[topic].add(subscription)
        return subscription

    def leave(self, topic: str, subscription: Subscription) -> None:
        with self._lock:
            self._listening[topic].discard(subscription)
            if not self._listening[topic]:
                del self._listening[topic]

    def start(self) -> None:
        """Nothing to start in one process."""

    def stop(self) -> None:
        """Nothing to stop in one process."""


class RedisSignals(LocalSignals):
    """The same, carried to the other processes by Redis pub/sub. Redis gone: signals stay inside the process, and the
    time limits of caches and the polling of screens bound how late the others are."""

    CHANNEL = "topline:signals"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._origin = secrets.token_hex(8)
        self._running = threading.Event()

    def emit(self, topic: str) -> None:
        super().emit(topic)
        try:
            self._client.publish(self.CHANNEL, f"{self._origin} {topic}")
        except redis.RedisError as error:
            log.warning("signal_not_shared", topic=topic, error=str(error))

    def start(self) -> None:
        self._running.set()
        threading.Thread(target=self._listen, name="signals", daemon=True).start()

    def stop(self) -> None:
        self._running.clear()
        self._client.close()

    def _listen(self) -> None:
        while self._running.is_set():
            try:
                with self._client.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
                    channel.subscribe(self.CHANNEL)
                    while self._running.is_set():
                        message = channel.get_message(timeout=1.0)
                        if message is not None:
                            self._heard(message["data"].decode())
            except (redis.RedisError, OSError, ValueError) as error:
                if self._running.is_set():
                    log.warning("signals_reconnecting", error=str(error))
                    threading.Event().wait(1.0)

    def _heard(self, message: str) -> None:
        origin, _, topic = message.partition(" ")
        if origin != self._origin:
            super().emit(topic)
