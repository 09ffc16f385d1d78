"""Rate limits: how often a key may do something, counted in memory or, for several processes, in Redis.

Both count with a sliding window: this window's hits plus the share of the last one's that still overlaps. In Redis the
`limits` library counts; in memory a dictionary does, because every single request passes here (the library's memory
storage starts a timer thread every few milliseconds). When the shared store is gone, `hit` says "allowed" and
`degraded`; callers for whom that is not good enough (sign-in) keep their own durable count.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final, Protocol

import structlog
from limits import RateLimitItem, parse_many
from limits.storage import RedisStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

log = structlog.get_logger("rate_limit")

#: How many hits between two sweeps of what nobody asked about lately.
SWEEP_EVERY: Final = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one attempt. `retry_after` is whole seconds, at least 1 when refused."""

    allowed: bool
    limit: int
    remaining: int
    reset_after: int
    retry_after: int = 0
    degraded: bool = False


class RateLimiter(Protocol):
    """Counts attempts by policy and key."""

    def hit(self, policy: str, key: str) -> Verdict: ...

    def check(self, policy: str, key: str) -> Verdict: ...

    def clear(self, policy: str, key: str) -> None: ...


def parse_policy(text: str) -> tuple[RateLimitItem, ...]:
    """`"30/15minute;100/day"` → its windows. Raises ValueError for anything else."""
    spaced = re.sub(r"(\d+)/(\d*)\s*([a-z]+)", lambda m: f"{m[1]} per {m[2] or 1} {m[3]}", text.strip())
    return tuple(parse_many(spaced))


class _Windows(Protocol):
    def ask(self, item: RateLimitItem, policy: str, key: str, *, count: bool) -> Verdict: ...

    def clear(self, item: RateLimitItem, policy: str, key: str) -> None: ...


class Limiter:
    """Named policies over one way of counting. `policies` maps a name to a text such as `100/minute`."""

    def __init__(self, policies: dict[str, str], storage: Storage | None = None) -> None:
        self._policies = {name: parse_policy(text) for name, text in policies.items()}
        self._windows: _Windows = LocalWindows() if storage is None else StoredWindows(storage)

    @classmethod
    def in_redis(cls, policies: dict[str, str], url: str) -> "Limiter":
        """Counts shared by every process that uses the same Redis."""
        return cls(
            policies, RedisStorage(url, wrap_exceptions=True, socket_timeout=0.5, socket_connect_timeout=0.5)
        )

    def hit(self, policy: str, key: str) -> Verdict:
        """Count one attempt and tell whether it is within every window of the policy."""
        return self._ask(policy, key, count=True)

    def check(self, policy: str, key: str) -> Verdict:
        """Tell whether one more attempt would be allowed, without counting it."""
        return self._ask(policy, key, count=False)

    def clear(self, policy: str, key: str) -> None:
        """Forget what was counted for the key."""
        for item in self._policies[policy]:
            self._windows.clear(item, policy, key)

    def _ask(self, policy: str, key: str, *, count: bool) -> Verdict:
        tightest: Verdict | None = None
        try:
            for item in self._policies[policy]:
                verdict = self._windows.ask(item, policy, key, count=count)
                if tightest is None or not verdict.allowed or verdict.remaining < tightest.remaining:
                    tightest = verdict
                if not verdict.allowed:
                    break
        except Exception as error:  # the store is gone: whatever its driver raises
            log.warning("limit_store_unavailable", policy=policy, error=type(error).__name__)
            return Verdict(True, self._policies[policy][0].amount, 0, 1, degraded=True)
        assert tightest is not None
        return tightest


class StoredWindows:
    """Counts in a storage of the `limits` library."""

    def __init__(self, storage: Storage) -> None:
        self._strategy = SlidingWindowCounterRateLimiter(storage)

    def ask(self, item: RateLimitItem, policy: str, key: str, *, count: bool) -> Verdict:
        """One window's answer."""
        allowed = (self._strategy.hit if count else self._strategy.test)(item, policy, key)
        stats = self._strategy.get_window_stats(item, policy, key)
        reset = max(1, ceil(stats.reset_time - time.time()))
        return Verdict(allowed, item.amount, max(0, stats.remaining), reset, 0 if allowed else reset)

    def clear(self, item: RateLimitItem, policy: str, key: str) -> None:
        """Forget one window."""
        self._strategy.clear(item, policy, key)


@dataclass(slots=True)
class _Window:
    """Hits since `start`, and in the window just before it."""

    start: float
    seconds: int
    hits: int = 0
    before: int = 0


class LocalWindows:
    """Counts in this process. What was not asked about for two windows is forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._windows: dict[tuple[str, str, int], _Window] = {}
        self._until_sweep = SWEEP_EVERY

    def ask(self, item: RateLimitItem, policy: str, key: str, *, count: bool) -> Verdict:
        """One window's answer."""
        seconds = item.get_expiry()
        name = (policy, key, seconds)
        now = self._clock()
        with self._guard:
            window = self._windows.get(name)
            if window is None:
                window = self._windows[name] = _Window(now, seconds)
            passed = now - window.start
            if passed >= seconds:
                # Windows follow each other without a gap; after a pause of a whole one nothing is left.
                window.before = window.hits if passed < 2 * seconds else 0
                window.hits = 0
                window.start = window.start + seconds if passed < 2 * seconds else now
                passed = now - window.start
            weighted = int(window.before * (1 - passed / seconds)) + window.hits
            allowed = weighted < item.amount
            if allowed and count:
                window.hits += 1
                weighted += 1
            self._sweep(now)
        reset = max(1, ceil(seconds - passed))
        return Verdict(allowed, item.amount, max(0, item.amount - weighted), reset, 0 if allowed else reset)

    def clear(self, item: RateLimitItem, policy: str, key: str) -> None:
        """Forget one window."""
        with self._guard:
            self._windows.pop((policy, key, item.get_expiry()), None)

    def _sweep(self, now: float) -> None:
        self._until_sweep -= 1
        if self._until_sweep > 0:
            return
        self._until_sweep = SWEEP_EVERY
        old = [name for name, window in self._windows.items() if now - window.start >= 2 * window.seconds]
        for name in old:
            del self._windows[name]
