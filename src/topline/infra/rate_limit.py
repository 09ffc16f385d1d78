"""Rate limits: how often a key may do something, counted in memory or, for several processes, in Redis.

The counting is the `limits` library's moving window. When the shared store is gone, `hit` says "allowed" and
`degraded`; callers for whom that is not good enough (sign-in) keep their own durable count.
"""

import re
import time
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import structlog
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

log = structlog.get_logger("rate_limit")


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


class Limiter:
    """Named policies over one storage. `policies` maps a name to a text such as `100/minute`."""

    def __init__(self, policies: dict[str, str], storage: Storage | None = None) -> None:
        self._policies = {name: parse_policy(text) for name, text in policies.items()}
        self._storage = storage or MemoryStorage()
        self._strategy = SlidingWindowCounterRateLimiter(self._storage)

    @classmethod
    def in_redis(cls, policies: dict[str, str], url: str) -> "Limiter":
        """Counts shared by every process that uses the same Redis."""
        return cls(policies, RedisStorage(url, wrap_exceptions=True, socket_timeout=0.5, socket_connect_timeout=0.5))

    def hit(self, policy: str, key: str) -> Verdict:
        """Count one attempt and tell whether it is within every window of the policy."""
        return self._ask(policy, key, count=True)

    def check(self, policy: str, key: str) -> Verdict:
        """Tell whether one more attempt would be allowed, without counting it."""
        return self._ask(policy, key, count=False)

    def clear(self, policy: str, key: str) -> None:
        """Forget what was counted for the key."""
        for item in self._policies[policy]:
            self._strategy.clear(item, policy, key)

    def _ask(self, policy: str, key: str, *, count: bool) -> Verdict:
        tightest: Verdict | None = None
        try:
            for item in self._policies[policy]:
                ask = self._strategy.hit if count else self._strategy.test
                allowed = ask(item, policy, key)
                stats = self._strategy.get_window_stats(item, policy, key)
                reset = max(1, ceil(stats.reset_time - time.time()))
                verdict = Verdict(allowed, item.amount, max(0, stats.remaining), reset, 0 if allowed else reset)
                if tightest is None or not verdict.allowed or verdict.remaining < tightest.remaining:
                    tightest = verdict
                if not allowed:
                    break
        except Exception as error:  # the store is gone: whatever its driver raises
            log.warning("limit_store_unavailable", policy=policy, error=type(error).__name__)
            return Verdict(True, self._policies[policy][0].amount, 0, 1, degraded=True)
        assert tightest is not None
        return tightest
