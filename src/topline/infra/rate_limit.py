"""Rate limits: how often a key may do something, counted in this process or, for several processes, in Redis.

Every request passes here, on the event loop: counting here costs microseconds, counting in Redis one round trip shared
with whoever asks at the same moment, and neither ever blocks the loop. While Redis is away each process counts for
itself, by the rule's `alone` policy, and an alert is logged; nobody is refused because a store is gone. Sign-in does
not depend on any of this: wrong tries are counted in the database (`access/limits.py`).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, Protocol

from topline.core.policies import Policy
from topline.infra.counting import Answer, Count, ask, lasts_until

#: How many hits between two sweeps of what nobody asked about lately.
SWEEP_EVERY: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rule:
    """How often one kind of request may come. `alone` is for one process while the shared store is away.

    An empty policy counts nothing.
    """

    policy: Policy
    alone: Policy

    @classmethod
    def always(cls, policy: Policy) -> "Rule":
        """The same whether the shared store is there or not."""
        return cls(policy, policy)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one request. `retry_after` is whole seconds, at least 1 when refused."""

    allowed: bool
    limit: int
    remaining: int
    reset_after: int
    retry_after: int = 0


class SharedCounts(Protocol):
    """Counts that several processes share."""

    @property
    def is_away(self) -> bool: ...

    async def ask(self, name: str, policy: Policy) -> Answer | None: ...

    async def close(self) -> None: ...


class Limiter:
    """Named rules over one way of counting. Lives on the event loop, so it needs no lock."""

    def __init__(self, rules: Mapping[str, Rule], shared: SharedCounts | None = None) -> None:
        self._rules = dict(rules)
        self._shared = shared
        self._local = LocalCounts()

    @property
    def is_alone(self) -> bool:
        """Whether the shared store is away, and this process counts for itself."""
        return self._shared is not None and self._shared.is_away

    async def hit(self, rule: str, key: str) -> Verdict | None:
        """Count one request of `key`; None when nothing is counted for the rule now."""
        given = self._rules[rule]
        policy = given.policy
        if self._shared is not None:
            answer = await self._shared.ask(f"{rule}:{key}", policy) if policy else None
            if answer is not None:
                return _verdict(answer, policy)
            policy = given.alone if self._shared.is_away else ()
        return _verdict(self._local.ask(f"{rule}:{key}", policy), policy) if policy else None

    async def close(self) -> None:
        """Leave the shared store."""
        if self._shared is not None:
            await self._shared.close()


class LocalCounts:
    """Counts in this process. What was not asked about for two windows is forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: dict[tuple[str, Policy], tuple[Count, ...]] = {}
        self._until_sweep = SWEEP_EVERY

    def ask(self, name: str, policy: Policy) -> Answer:
        """Count one hit."""
        now = int(self._clock() * 1000)
        key = (name, policy)
        self._counts[key], answer = ask(self._counts.get(key, ()), policy, now)
        self._until_sweep -= 1
        if self._until_sweep <= 0:
            self._sweep(now)
        return answer

    def _sweep(self, now: int) -> None:
        self._until_sweep = SWEEP_EVERY
        for key in [key for key, counts in self._counts.items() if lasts_until(counts, key[1]) <= now]:
            del self._counts[key]


def _verdict(answer: Answer, policy: Policy) -> Verdict:
    return Verdict(
        answer.allowed,
        policy[answer.window].amount,
        answer.left,
        max(1, ceil(answer.ends / 1000)),
        0 if answer.allowed else max(1, ceil(answer.wait / 1000)),
    )
