"""Counting with a sliding window: this window's hits plus the share of the last one's that still overlaps.

Whole milliseconds and whole numbers, so that this and `counting.lua`, which does the same inside Redis, never differ.
A policy of several windows is counted in all of them or, when one is full, in none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from topline.core.policies import Policy, Window


@dataclass(frozen=True, slots=True)
class Count:
    """Hits since `start`, and in the window just before it."""

    start: int
    hits: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one ask came to. `window` is the place in the policy of the window that tells most: the one that keeps the
    caller waiting longest, else the one with the fewest left. `ends` and `wait` are milliseconds."""

    window: int
    allowed: bool
    left: int
    ends: int
    wait: int


def ask(counts: Sequence[Count], policy: Policy, now: int) -> tuple[tuple[Count, ...], Answer]:
    """Count one hit at `now`. `counts` is what the last ask returned, empty at first."""
    seen = (
        [_moved(count, window, now) for count, window in zip(counts, policy, strict=True)] if counts else []
    )
    seen = seen or [Count(now) for _ in policy]
    waits = [_wait(count, window, now) for count, window in zip(seen, policy, strict=True)]
    allowed = not any(waits)
    if allowed:
        seen = [Count(count.start, count.hits + 1, count.before) for count in seen]
    left = [window.amount - _used(count, window, now) for count, window in zip(seen, policy, strict=True)]
    telling = left.index(min(left)) if allowed else waits.index(max(waits))
    ends = policy[telling].milliseconds - _passed(seen[telling], now)
    return tuple(seen), Answer(telling, allowed, max(0, left[telling]), ends, waits[telling])


def lasts_until(counts: Sequence[Count], policy: Policy) -> int:
    """When nothing of it matters any more."""
    return max(count.start + 2 * window.milliseconds for count, window in zip(counts, policy, strict=True))


def _passed(count: Count, now: int) -> int:
    return max(0, now - count.start)


def _moved(count: Count, window: Window, now: int) -> Count:
    """Windows follow each other without a gap; after a pause of a whole one nothing is left."""
    length = window.milliseconds
    passed = _passed(count, now)
    if passed < length:
        return count
    return Count(count.start + length, 0, count.hits) if passed < 2 * length else Count(now)


def _used(count: Count, window: Window, now: int) -> int:
    length = window.milliseconds
    return count.before * (length - _passed(count, now)) // length + count.hits


def _wait(count: Count, window: Window, now: int) -> int:
    """Until one more is allowed; 0 when it is now."""
    if _used(count, window, now) < window.amount:
        return 0
    length = window.milliseconds
    if count.hits >= window.amount:
        free = length
    else:
        free = length * (count.before - window.amount + count.hits) // count.before
    return free + 1 - _passed(count, now)
