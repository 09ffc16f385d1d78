"""Is this process fit to serve? What load balancers and people on call ask.

Everything is looked at side by side, each on a thread of its own, apart from those that serve: a database that hangs
keeps one of ours and none of theirs. Who does not answer within a second is not waited for, and not asked anew before
the first answer came. What was found counts for a second, however many ask.
"""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from topline.core import schema
from topline.core.clock import Clock
from topline.infra.cache import RedisCache
from topline.infra.certificates import read_pem
from topline.infra.tls import CertificateError, CertificateFiles
from topline.web.services import Services

log = structlog.get_logger("health")

REMEMBER_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 1.0
LEAST_FREE_BYTES: Final = 200 * 1024 * 1024
#: A nightly backup that is two hours late.
OLDEST_BACKUP: Final = timedelta(hours=26)


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

    @property
    def is_degraded(self) -> bool:
        """Whether it serves, but somebody should look."""
        return self.is_ready and not all(check.is_ok for check in self.checks)


#: Looks at one thing: whether it is well, and what there is to say. May take its time, or raise.
Ask = Callable[[], tuple[bool, str]]


class Look:
    """One thing to look at, on a thread of its own."""

    def __init__(self, name: str, ask: Ask, *, is_vital: bool = True) -> None:
        self.name = name
        self.is_vital = is_vital
        self._ask = ask
        self._under_way: Future[Check] | None = None

    async def check(self) -> Check:
        """What there is to say within a second."""
        if self._under_way is None or self._under_way.done():
            self._under_way = Future()
            threading.Thread(
                target=self._answer, args=(self._under_way,), name=self.name, daemon=True
            ).start()
        try:
            # Shielded: the thread goes on, and its answer is what the next one waits for.
            return await asyncio.wait_for(
                asyncio.shield(asyncio.wrap_future(self._under_way)), PATIENCE_SECONDS
            )
        except TimeoutError:
            return Check(self.name, False, "no answer within a second", self.is_vital)

    def _answer(self, future: "Future[Check]") -> None:
        try:
            is_ok, detail = self._ask()
        except Exception as error:  # a check that breaks is a check that failed
            log.warning("check_failed", check=self.name, exc_info=error)
            is_ok, detail = False, "could not be looked at"
        future.set_result(Check(self.name, is_ok, detail, self.is_vital))


class Doctor:
    """Looks at everything, at most once a second. Lives on the event loop."""

    def __init__(self, looks: Iterable[Look]) -> None:
        self._looks = tuple(looks)
        self._known: tuple[float, tuple[Check, ...]] = (0.0, ())
        self._looking: asyncio.Task[tuple[Check, ...]] | None = None
        self.draining = False

    async def examine(self) -> Health:
        """The present health. Whether the process is ending is always of this moment."""
        until, checks = self._known
        if until <= time.monotonic():
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            checks = await asyncio.shield(self._looking)
        serving = Check("serving", not self.draining, "draining" if self.draining else "ok")
        return Health((serving, *checks))

    async def _look(self) -> tuple[Check, ...]:
        checks = tuple(await asyncio.gather(*(look.check() for look in self._looks)))
        self._known = (time.monotonic() + REMEMBER_SECONDS, checks)
        return checks


def database(engine: Engine, revisions: tuple[str, ...]) -> Ask:
    """Whether the database answers, and has a schema this release can work on.

    `engine` has a connection for this alone: those that serve may all be taken while the database is well.
    """

    def ask() -> tuple[bool, str]:
        try:
            with engine.connect() as connection:
                found = schema.look(connection, revisions)
        except SQLAlchemyError:
            return False, "no connection"
        return not found.trouble, found.trouble or f"schema at {found.current}"

    return ask


def disk(folder: Path) -> Ask:
    """Whether there is room for files and, with SQLite, for the database."""

    def ask() -> tuple[bool, str]:
        free = shutil.disk_usage(folder).free
        return free >= LEAST_FREE_BYTES, f"{free // (1024 * 1024)} MB free"

    return ask


class Verified(msgspec.Struct):
    """What is written into `backups/verified.json` of the data folder when a backup was made and read back."""

    verified_at: datetime


def backup(data: Path, clock: Clock) -> Ask:
    """Whether a backup was verified lately."""

    def ask() -> tuple[bool, str]:
        try:
            content = (data / "backups" / "verified.json").read_bytes()
        except FileNotFoundError:
            return False, "no backup yet"
        try:
            at = msgspec.json.decode(content, type=Verified).verified_at
            age = clock.now() - at
        except (msgspec.DecodeError, TypeError):
            return False, "the record of the last backup cannot be read"
        hours = int(age / timedelta(hours=1))
        return timedelta(0) <= age <= OLDEST_BACKUP, f"last verified backup {hours} hours ago"

    return ask


def answers(is_reachable: Callable[[], bool]) -> Ask:
    """Whether something that is only asked yes or no says yes."""

    def ask() -> tuple[bool, str]:
        return (True, "ok") if is_reachable() else (False, "no answer")

    return ask


def certificate(files: CertificateFiles, least_days: int, clock: Clock) -> Ask:
    """Whether the certificate `topline serve` shows lives on, and the files of its successor can be used."""

    def ask() -> tuple[bool, str]:
        try:
            files.check()
            found = read_pem(files.certificate.read_bytes())
        except (CertificateError, OSError, ValueError):
            return False, "the files cannot be used; what was served before still is, until a restart"
        now = clock.now()
        trouble = found.trouble(now, least_days)
        return not trouble, trouble or f"ends in {found.days_left(now)} days"

    return ask


def looks_of(
    services: Services, probe: Engine, revisions: tuple[str, ...], workers: Mapping[str, Callable[[], bool]]
) -> list[Look]:
    """What the running program looks at. `workers` are its background threads by name."""
    settings, cache = services.settings, services.cache
    looks = [
        Look("database", database(probe, revisions)),
        Look("disk", disk(settings.data)),
        *(Look(name, answers(is_alive), is_vital=False) for name, is_alive in workers.items()),
        Look("backup", backup(settings.data, services.clock), is_vital=False),
    ]
    if settings.tls_certificate is not None and settings.tls_key is not None:
        files = CertificateFiles(settings.tls_certificate, settings.tls_key)
        ask = certificate(files, settings.certificate_days, services.clock)
        looks.append(Look("certificate", ask, is_vital=False))
    if isinstance(cache, RedisCache):
        looks.append(Look("shared cache", answers(cache.is_reachable), is_vital=False))
    return looks
