"""Which PINs are allowed, and how Topline makes one.

A PIN never identifies anybody, so there is no rule that it be unique: such a rule would tell a person what a
colleague's PIN is.
"""

import re
from itertools import pairwise
from typing import Final, Protocol

from topline.access.rules.lists import COMMON_PINS

PIN_MIN: Final = 4
PIN_MAX: Final = 8
_PIN: Final = re.compile(r"[0-9]{4,8}", re.ASCII)
_YEARS: Final = range(1900, 2100)

PIN_MESSAGES: Final[dict[str, str]] = {
    "pin_format": "A PIN has 4 to 8 digits.",
    "pin_common": "This PIN is too easy to guess. Choose one without a pattern, a run or a year.",
}


class RandomSource(Protocol):
    """Something that draws whole numbers; the `secrets` module is one."""

    def randbelow(self, exclusive_upper_bound: int, /) -> int: ...


def is_pin(text: str) -> bool:
    """Whether the text has the form of a PIN: 4 to 8 ASCII digits and nothing else."""
    return _PIN.fullmatch(text) is not None


def pin_problems(pin: str) -> list[str]:
    """What is wrong with a new PIN: `pin_format`, `pin_common`, or nothing.

    Refused as common: one digit repeated, a short block repeated (1212, 123123), a run up or down, also past zero
    (6789, 8901, 4321), a year, eight digits that are a date, and the shipped list.
    """
    if not is_pin(pin):
        return ["pin_format"]
    if _is_repeat(pin) or _is_run(pin) or _is_year(pin) or pin in COMMON_PINS:
        return ["pin_common"]
    return []


def generate_pin(source: RandomSource, length: int = PIN_MIN) -> str:
    """A random PIN of `length` digits that `pin_problems` accepts. Raises ValueError for a length outside 4–8."""
    if not PIN_MIN <= length <= PIN_MAX:
        raise ValueError("a PIN has 4 to 8 digits")
    while True:
        # Drawing again keeps every allowed PIN equally likely; more than nine in ten draws are allowed.
        pin = str(source.randbelow(10**length)).zfill(length)
        if not pin_problems(pin):
            return pin


def _is_repeat(pin: str) -> bool:
    """Whether the PIN is a block of at most half its length written again and again."""
    return any(
        pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1) if len(pin) % size == 0
    )


def _is_run(pin: str) -> bool:
    """Whether each digit is the one before plus one, or each minus one, with 9 beside 0 as on a keypad."""
    steps = {(int(second) - int(first)) % 10 for first, second in pairwise(pin)}
    return steps in ({1}, {9})


def _is_year(pin: str) -> bool:
    """Whether the PIN is a year, or eight digits that are a date with its year in front or at the end."""
    if len(pin) == 4:
        return int(pin) in _YEARS
    if len(pin) == 8:
        return _is_date(pin[:4], pin[4:6], pin[6:]) or _is_date(pin[4:], pin[:2], pin[2:4])
    return False


def _is_date(year: str, first: str, second: str) -> bool:
    """Whether these could be a year with a month and a day, in either order."""
    low, high = sorted((int(first), int(second)))
    return int(year) in _YEARS and 1 <= low <= 12 and 1 <= high <= 31
