"""Remember what the database said: typed values in this process, by key, for a time, forgotten when told.

For small things that the hottest requests need and that change a few times a day. Unlike `infra/cache.py` nothing is
encoded, so a look costs a dictionary access; values must be immutable.
"""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Values made by `make(key)`, kept `seconds`. One computation per key at once.

    A value whose making began before a `forget` is never kept after it.
    """

    def __init__(
        self,
        make: Callable[[Key], Value],
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._generation = 0
        self._guard = threading.Lock()
        self._making: dict[Key, threading.Lock] = {}

    def peek(self, key: Key) -> Value | None:
        """The value if it is there and fresh. Never computes, so the event loop may ask."""
        found = self._kept.get(key)
        return found[1] if found is not None and found[0] > self._clock() else None

    def get(self, key: Key) -> Value:
        """The value, made now when there is none. Others who ask meanwhile wait for this one."""
        found = self.peek(key)
        if found is not None:
            return found
        with self._guard:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self.peek(key)
            if found is not None:
                return found
            generation = self._generation
            value = self._make(key)
            with self._guard:
                if generation == self._generation:
                    self._kept[key] = (self._clock() + self._seconds, value)
            return value

    def forget(self, key: Key) -> None:
        """Ask anew from now on."""
        with self._guard:
            self._generation += 1
            self._kept.pop(key, None)
