"""Cache: finished bytes under a key, for a time, with one computation per key at once.

Keys belong to a group such as `leaderboard:<organization>`; a write forgets the whole group after its commit. A value
computed before the forgetting is never stored after it, so a slow reader cannot bring back yesterday's truth.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import redis
import structlog

log = structlog.get_logger("cache")


class Cache(Protocol):
    """What callers need of a cache."""

    def fetch(self, group: str, key: str, seconds: float, make: Callable[[], bytes]) -> bytes: ...

    def peek(self, group: str, key: str) -> bytes | None: ...

    def forget(self, group: str) -> None: ...


@dataclass(slots=True)
class _Entry:
    value: bytes
    expires: float
    generation: int


class LocalCache:
    """In-process cache of at most `size` values."""

    def __init__(self, size: int = 2000, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._generation: dict[str, int] = {}
        self._making: dict[tuple[str, str], threading.Lock] = {}

    def peek(self, group: str, key: str) -> bytes | None:
        """The fresh value, or None. Never computes, so it may be called on the event loop."""
        entry = self._entries.get((group, key))
        if (
            entry is None
            or entry.expires < self._clock()
            or entry.generation != self._generation.get(group, 0)
        ):
            return None
        return entry.value

    def fetch(self, group: str, key: str, seconds: float, make: Callable[[], bytes]) -> bytes:
        """The value, computed by `make` when there is no fresh one. Others asking meanwhile wait for that one."""
        found = self.peek(group, key)
        if found is not None:
            return found
        with self._lock:
            making = self._making.setdefault((group, key), threading.Lock())
        with making:
            found = self.peek(group, key)
            if found is not None:
                return found
            generation = self._generation.get(group, 0)
            try:
                value = make()
                with self._lock:
                    self._entries[(group, key)] = _Entry(value, self._clock() + seconds, generation)
                    self._entries.move_to_end((group, key))
                    while len(self._entries) > self._size:
                        self._entries.popitem(last=False)
            finally:
                # Also after a failure: asking for what is not there must not fill the memory.
                with self._lock:
                    self._making.pop((group, key), None)
            return value

    def forget(self, group: str) -> None:
        """Every value of the group is stale from now on."""
        with self._lock:
            self._generation[group] = self._generation.get(group, 0) + 1


class RedisCache:
    """Values in Redis, shared by processes, in front of it a local cache that lives one second at most.

    Redis gone: every process computes for itself; nothing fails.
    """

    LOCAL_SECONDS = 1.0

    def __init__(self, url: str, namespace: str = "topline") -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._namespace = namespace
        self._local = LocalCache()

    def peek(self, group: str, key: str) -> bytes | None:
        """Only what this process holds: no network."""
        return self._local.peek(group, key)

    def fetch(self, group: str, key: str, seconds: float, make: Callable[[], bytes]) -> bytes:
        return self._local.fetch(
            group, key, min(seconds, self.LOCAL_SECONDS), lambda: self._shared(group, key, seconds, make)
        )

    def forget(self, group: str) -> None:
        self._local.forget(group)
        try:
            self._client.incr(self._generation_key(group))
        except redis.RedisError as error:
            log.warning("cache_forget_failed", group=group, error=str(error))

    def is_reachable(self) -> bool:
        """Whether Redis answers. Costs a round trip."""
        try:
            return bool(self._client.ping())
        except redis.RedisError:
            return False

    def forget_locally(self, group: str) -> None:
        """Another process changed the group."""
        self._local.forget(group)

    def _generation_key(self, group: str) -> str:
        return f"{self._namespace}:generation:{group}"

    def _get(self, name: str) -> bytes | None:
        found = self._client.get(name)
        return found.encode() if isinstance(found, str) else found

    def _shared(self, group: str, key: str, seconds: float, make: Callable[[], bytes]) -> bytes:
        try:
            generation = self._get(self._generation_key(group)) or b"0"
            name = f"{self._namespace}:{group}:{generation.decode()}:{key}"
            found = self._get(name)
            if found is not None:
                return found
            value = make()
            self._client.set(name, value, px=int(seconds * 1000))
        except redis.RedisError as error:
            log.warning("cache_unavailable", error=str(error))
            return make()
        return value
