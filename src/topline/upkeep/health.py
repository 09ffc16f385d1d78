"""Is this process fit to serve? What load balancers and people on call ask."""

import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from topline.core import schema
from topline.core.transaction import Database

REMEMBER_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 1.0
LEAST_FREE_BYTES: Final = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `is_vital` ones decide whether the process takes requests."""

    name: str
    is_ok: bool
    detail: str
    is_vital: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """All checks together."""

    checks: tuple[Check, ...]

    @property
    def is_ready(self) -> bool:
        """Whether every vital check passed."""
        return all(check.is_ok for check in self.checks if check.is_vital)


class Doctor:
    """Runs the checks, each at most a second, and remembers the answer for one."""

    def __init__(
        self, db: Database, data: Path, revisions: tuple[str, ...], workers: Mapping[str, Callable[[], bool]]
    ) -> None:
        self._db = db
        self._data = data
        self._revisions = revisions
        self._workers = workers
        self._lock = threading.Lock()
        self._known: tuple[float, Health] | None = None
        self.draining = False

    def examine(self) -> Health:
        """The present health."""
        with self._lock:
            if self._known is not None and self._known[0] > time.monotonic():
                return self._known[1]
            found: list[Check] = []
            # A frozen database server answers nothing at all: its check is left behind after a second.
            asking = threading.Thread(target=lambda: found.append(self._database()), daemon=True)
            asking.start()
            asking.join(PATIENCE_SECONDS)
            database = found[0] if found else Check("database", False, "no answer within a second")
            health = Health(
                (
                    Check("serving", not self.draining, "draining" if self.draining else "ok"),
                    database,
                    self._disk(),
                    *(
                        Check(name, alive(), "background work", is_vital=False)
                        for name, alive in self._workers.items()
                    ),
                )
            )
            self._known = (time.monotonic() + REMEMBER_SECONDS, health)
            return health

    def _database(self) -> Check:
        try:
            with self._db.reader.connect() as connection:
                found = schema.look(connection, self._revisions)
        except SQLAlchemyError:
            return Check("database", False, "no connection")
        return Check("database", not found.trouble, found.trouble or f"schema at {found.current}")

    def _disk(self) -> Check:
        free = shutil.disk_usage(self._data).free
        return Check("disk", free >= LEAST_FREE_BYTES, f"{free // (1024 * 1024)} MB free")
