"""How often something may happen, as operators write it: `"30/15minute;100/day"`.

The notation is that of the `limits` library. Wrong ones stop the start: a policy nobody can read would limit nothing.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from limits import parse_many


@dataclass(frozen=True, slots=True)
class Window:
    """At most `amount` in `length`."""

    amount: int
    length: timedelta

    @property
    def milliseconds(self) -> int:
        """The length as counters take it."""
        return self.length // timedelta(milliseconds=1)


Policy = tuple[Window, ...]


@lru_cache(maxsize=64)
def parse_policy(text: str) -> Policy:
    """`"30/15minute;100/day"` as windows. Raises ValueError for anything else."""
    spaced = re.sub(r"(\d+)/(\d*)\s*([a-z]+)", lambda m: f"{m[1]} per {m[2] or 1} {m[3]}", text.strip())
    return tuple(Window(item.amount, timedelta(seconds=item.get_expiry())) for item in parse_many(spaced))


def readable_policy(text: str) -> str:
    """The text itself. Raises ValueError, in words for an operator, when it is no policy."""
    try:
        windows = parse_policy(text)
    except ValueError as error:
        raise ValueError(
            f"`{text}` is no limit; write it like `100/minute` or `30/15minute;100/day`"
        ) from error
    if any(window.amount < 1 for window in windows):
        raise ValueError(f"`{text}` allows nothing at all")
    return text


def readable_pause(text: str) -> str:
    """The same for a policy of one window: after so many in a row, so long a pause."""
    if len(parse_policy(readable_policy(text))) != 1:
        raise ValueError(f"`{text}` is no pause; write it like `5/15minute`")
    return text
