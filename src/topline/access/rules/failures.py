"""What wrong PINs lead to. One state per person *and* device: a pause here does not lock the person elsewhere.

As it is set at first, three wrong in a row pause for 30 s, four for 60 s, five for 15 min, each further one for twice
as long, and at ten the PIN is disabled until a manager resets it. A success forgets everything; successes are never
counted, so sixty people at shift change pass.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

#: A pause grows to so many times the first one (five doublings), and never beyond a day.
_MOST_TIMES: Final = 32
_LONGEST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pauses:
    """How patient the doors are with one person: from `short_from` wrong in a row on a moment's pause, from `long_from`
    on a long one, each doubling; at `off` a PIN is disabled. Passwords have the long pause alone."""

    short_from: int
    short: timedelta
    long_from: int
    long: timedelta
    off: int

    def after(self, consecutive: int) -> timedelta:
        """How long to wait after that many wrong PINs in a row; zero when there is no pause."""
        if consecutive >= self.long_from:
            return self.after_passwords(consecutive)
        return _doubled(self.short, consecutive - self.short_from)

    def after_passwords(self, consecutive: int) -> timedelta:
        """The same for passwords and codes."""
        return _doubled(self.long, consecutive - self.long_from)


@dataclass(frozen=True, slots=True)
class PinFailures:
    """Wrong PINs in a row of one person on one device, until when the next try must wait, and whether it is over."""

    consecutive: int
    paused_until: datetime | None
    disabled: bool


NO_FAILURES: Final = PinFailures(consecutive=0, paused_until=None, disabled=False)


def after_failure(state: PinFailures, pauses: Pauses, now: datetime) -> PinFailures:
    """The state after one more wrong PIN that was really compared.

    A try refused because of a pause is not a failure and must not be passed here. One that was already being compared
    when another failure began the pause must be: tries sent side by side count like tries sent in turn. A pause never
    gets shorter.
    """
    if state.disabled:
        return state
    consecutive = state.consecutive + 1
    pause = pauses.after(consecutive)
    ends = [now + pause] if pause else []
    if state.paused_until is not None:
        ends.append(state.paused_until)
    return PinFailures(consecutive, max(ends, default=None), consecutive >= pauses.off)


def after_success(state: PinFailures) -> PinFailures:
    """The state after the right PIN: nothing remembered. A disabled PIN stays disabled, however right it is."""
    return state if state.disabled else NO_FAILURES


def pause_left(state: PinFailures, now: datetime) -> int:
    """Whole seconds, rounded up, until the next try is allowed on this device; 0 when it is allowed now."""
    if state.paused_until is None:
        return 0
    return max(0, ceil((state.paused_until - now).total_seconds()))


def is_disabled_over_devices(states: Iterable[PinFailures], pauses: Pauses) -> bool:
    """Whether one person's failures on all devices together disable the PIN.

    Counting each device alone would give somebody with three tablets three times as many guesses.
    """
    states = list(states)
    return any(state.disabled for state in states) or sum(s.consecutive for s in states) >= pauses.off


def _doubled(first: timedelta, times: int) -> timedelta:
    return min(first * min(1 << times, _MOST_TIMES), _LONGEST) if times >= 0 else timedelta(0)
