"""The settings as they are now: read again at intervals, and whenever a secret turns out to be an old one."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

import structlog

from topline.core.peppers import Peppers
from topline.core.secrets.check import must_be_ready
from topline.core.settings import Settings, SettingsError

log = structlog.get_logger("secrets")

#: Many threads find out at the same moment that a password is old; one look is enough for all of them.
_NOT_AGAIN_WITHIN: Final = 0.2
#: How long a new database connection waits for the store to hear of a changed password.
_PATIENCE: Final = 5.0


class Keeper:
    """Holds the settings and tells who asked for it when a secret changed.

    What cannot be read, or would not be accepted at a start, changes nothing: the program goes on with what it knows
    and says so in the log, each time. Without `read` everything stays as it is. Only secrets are taken over.
    """

    def __init__(self, settings: Settings, read: Callable[[], Settings] | None = None) -> None:
        self._now = settings
        self._values = settings.secret_values()
        self._before: Settings | None = None
        self._read = read
        self._read_at = time.monotonic()
        self._lock = threading.Lock()
        self._told: list[Callable[[Settings], object]] = []
        self.away_since: float | None = None

    @property
    def settings(self) -> Settings:
        """As of the last time it could be read."""
        return self._now

    def session_keys(self) -> list[bytes]:
        """The keys that sign, as they are now."""
        return self._now.session_keys()

    def peppers(self) -> Peppers:
        """The versions of the pepper, as they are now."""
        return self._now.peppers()

    def on_change(self, tell: Callable[[Settings], object]) -> None:
        """Call `tell` with the new settings after a secret changed, on the thread that found out."""
        self._told.append(tell)

    def refresh(self) -> None:
        """Read again, unless that was done a moment ago. Never raises."""
        if self._read is None:
            return
        with self._lock:
            if time.monotonic() - self._read_at < _NOT_AGAIN_WITHIN:
                return
            self._look(self._read)
            self._read_at = time.monotonic()

    def _look(self, read: Callable[[], Settings]) -> None:
        try:
            found = read()
            must_be_ready(found)
            values = found.secret_values()
        except SettingsError as error:
            self.away_since = self.away_since or time.monotonic()
            stale = round(time.monotonic() - self.away_since)
            log.error("secrets_not_refreshed", reason=str(error), stale_seconds=stale)
            return
        self.away_since = None
        changed = sorted(name for name, value in values.items() if value != self._values.get(name))
        if not changed:
            return
        self._before, self._now, self._values = self._now, found, values
        log.info("secrets_changed", settings=changed)
        for tell in self._told:
            tell(found)

    def database_addresses(self) -> Iterator[str]:
        """What a new connection tries, one after the other, while the server refuses it: the address as it is known and
        as it was before, then what is known after another look, for some seconds. A password is changed in two places
        and never at once.
        """
        end = time.monotonic() + _PATIENCE
        known: tuple[str, ...] = ()
        while True:
            now, before = self._now, self._before
            urls = (now.url(),) if before is None or before.url() == now.url() else (now.url(), before.url())
            if urls == known:
                threading.Event().wait(_NOT_AGAIN_WITHIN)
            known = urls
            yield from urls
            if self._read is None or time.monotonic() > end:
                return
            self.refresh()
