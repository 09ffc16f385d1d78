"""What wrong PINs lead to. One state per person *and* device: a pause here does not lock the person elsewhere.

Three wrong in a row pause for 30 s, four for 60 s, five for 15 min, each further one for twice as long, and at ten
the PIN is disabled until a manager resets it. A success forgets everything; successes are never counted, so sixty
people at shift change pass.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

DISABLED_AT: Final = 10
_SHORT_FROM: Final = 3
_SHORT: Final = timedelta(seconds=30)
_LONG_FROM: Final = 5
_LONG: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PinFailures:
    """Wrong PINs in a row of one person on one device, until when the next try must wait, and whether it is over."""

    consecutive: int
    paused_until: datetime | None
    disabled: bool


NO_FAILURES: Final = PinFailures(consecutive=0, paused_until=None, disabled=False)


def pause_of(consecutive: int) -> timedelta:
    """How long to wait after that many wrong PINs in a row; zero when there is no pause."""
    if consecutive >= _LONG_FROM:
        return _LONG * (1 << (min(consecutive, DISABLED_AT) - _LONG_FROM))
    if consecutive >= _SHORT_FROM:
        return _SHORT * (1 << (consecutive - _SHORT_FROM))
    return timedelta(0)


def after_failure(state: PinFailures, now: datetime) -> PinFailures:
    """The state after one more wrong PIN that was really compared.

    A try refused because of a pause is not a failure and must not be passed here. One that was already being compared
    when another failure began the pause must be: tries sent side by side count like tries sent in turn. A pause never
    gets shorter.
    """
    if state.disabled:
        return state
    consecutive = state.consecutive + 1
    pause = pause_of(consecutive)
    ends = [now + pause] if pause else []
    if state.paused_until is not None:
        ends.append(state.paused_until)
    return PinFailures(consecutive, max(ends, default=None), consecutive >= DISABLED_AT)


def after_success(state: PinFailures) -> PinFailures:
    """The state after the right PIN: nothing remembered. A disabled PIN stays disabled, however right it is."""
    return state if state.disabled else NO_FAILURES


def pause_left(state: PinFailures, now: datetime) -> int:
    """Whole seconds, rounded up, until the next try is allowed on this device; 0 when it is allowed now."""
    if state.paused_until is None:
        return 0
    return max(0, ceil((state.paused_until - now).total_seconds()))


def is_disabled_over_devices(states: Iterable[PinFailures]) -> bool:
    """Whether one person's failures on all devices together disable the PIN.

    Counting each device alone would give somebody with three tablets three times as many guesses.
    """
    states = list(states)
    return (
        any(state.disabled for state in states) or sum(state.consecutive for state in states) >= DISABLED_AT
    )
