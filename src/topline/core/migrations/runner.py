"""Runs revisions one by one, each whole or not at all."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from alembic import command
from sqlalchemy.exc import DBAPIError, OperationalError

from topline.core import schema
from topline.core.db import ensure_folder
from topline.core.migrations.alone import Occupied, Say, alone
from topline.core.migrations.connection import Limits, connect, unharmed
from topline.core.migrations.losses import Loss, dropped, losses
from topline.core.migrations.revisions import (
    Revision,
    RevisionError,
    config_for,
    postgres_sql,
    read_revisions,
)

BASE: Final = "base"
#: SQLSTATE of a lock that was not given in time, and of a deadlock that was broken.
_TRY_AGAIN: Final = {"55P03", "40P01"}


class MigrationFailed(Exception):
    """A sentence for the operator: what failed, where the schema stands, and what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The revisions between where a database stands and where it should go, in the order they would run."""

    start: str
    end: str
    is_up: bool
    revisions: tuple[Revision, ...]


class Migrations:
    """The revisions of one folder and one database. `say` hears what happens, sentence by sentence."""

    def __init__(
        self,
        url: str,
        *,
        say: Say = lambda _: None,
        folder: Path | None = None,
        limits: Limits = Limits(),
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._url = url
        self._say = say
        self._folder = folder or schema.folder()
        self._limits = limits
        self._sleep = sleep
        try:
            self._revisions = read_revisions(self._folder)
        except RevisionError as error:
            raise MigrationFailed(str(error)) from error

    def up(self, target: str = "head") -> None:
        """Run what is missing up to `target`. Does nothing where the database is there already, or harmlessly newer."""
        ensure_folder(self._url)
        found = schema.position(self._url)
        if found.ahead and not found.trouble:
            self._say(f"a newer release was here: the schema is at {found.current}, nothing to run")
            return
        self._run(target, up=True)

    def down(self, target: str) -> None:
        """Go back to `target`. What would be lost, `losses` tells before; here nobody is asked any more."""
        self._run(target, up=False)

    def plan(self, target: str = "head") -> Plan:
        """What would run to bring the database to `target`, up or down. Changes nothing."""
        return self._plan(self._current(), target)

    def losses(self, plan: Plan) -> tuple[Loss, ...]:
        """What running this plan would throw away, counted now."""
        if plan.is_up or not plan.revisions:
            return ()
        with connect(self._url, self._limits) as connection:
            return losses(connection, self.sql(plan.start, plan.end))

    def sql(self, start: str, end: str) -> str:
        """The SQL between two revisions, as PostgreSQL gets it."""
        return postgres_sql(self._folder, start, end)

    def way_back(self, number: str) -> str:
        """What going down from this revision would throw away, in words."""
        tables, columns = dropped(self.sql(number, self.before(number)))
        names = [*tables, *(f"{table}.{column}" for table, column in columns)]
        return f"that drops {', '.join(names)}" if names else "nothing is lost by it"

    def before(self, number: str) -> str:
        """The revision before `number`, or `base`."""
        numbers = [BASE, *(revision.number for revision in self._revisions)]
        return numbers[numbers.index(number) - 1]

    def _run(self, target: str, *, up: bool) -> None:
        try:
            with alone(self._url, self._say, self._limits.wait_for_other):
                plan = self._plan(self._current(), target)
                for revision in plan.revisions if plan.is_up is up else ():
                    self._step(revision, plan)
        except Occupied as error:
            raise MigrationFailed(str(error)) from error

    def _step(self, revision: Revision, plan: Plan) -> None:
        """One revision, tried again while somebody else holds what it needs."""
        limits, number = self._limits, revision.number
        started = time.perf_counter()
        for attempt in range(1, limits.attempts + 1):
            try:
                if plan.is_up and revision.portion:
                    self._fill(revision, revision.portion)
                self._once(revision, up=plan.is_up)
            except OperationalError as error:
                if not _is_busy(error):
                    raise MigrationFailed(self._account(revision, plan, error)) from error
                if attempt == limits.attempts:
                    raise MigrationFailed(
                        f"{number}: others held what it needs in each of {attempt} attempts. "
                        + self._standing(plan)
                    ) from error
                pause = min(limits.first_pause * 2 ** (attempt - 1), limits.longest_pause)
                pause *= random.uniform(0.5, 1.0)
                self._say(
                    f"{number}: somebody holds a table it needs; it was taken back,"
                    f" attempt {attempt + 1} of {limits.attempts} in {pause:.1f} s"
                )
                self._sleep(pause)
            except Exception as error:
                raise MigrationFailed(self._account(revision, plan, error)) from error
            else:
                took = time.perf_counter() - started
                self._say(f"{number} {'up' if plan.is_up else 'down'}: {revision.summary}, {took:.1f} s")
                return

    def _once(self, revision: Revision, *, up: bool) -> None:
        with connect(self._url, self._limits) as connection, unharmed(connection, revision.changes_rows_of):
            config = config_for(self._folder, self._url)
            config.attributes["connection"] = connection
            if up:
                command.upgrade(config, revision.number)
            else:
                command.downgrade(config, self.before(revision.number))

    def _fill(self, revision: Revision, portion: Callable[[Any], int]) -> None:
        """Portion by portion, each its own short transaction. What was interrupted goes on where it was."""
        filled = 0
        with connect(self._url, self._limits) as connection:
            while True:
                with connection.begin():
                    count = portion(connection)
                if not count:
                    return
                filled += count
                self._say(f"{revision.number}: {filled:,} rows filled")

    def _current(self) -> str:
        with connect(self._url, self._limits) as connection:
            return schema.current(connection) or BASE

    def _plan(self, start: str, target: str) -> Plan:
        numbers = [BASE, *(revision.number for revision in self._revisions)]
        if start not in numbers:
            raise MigrationFailed(
                f"the database is at {start}, which this release does not know; run the release that brought it there"
            )
        at = numbers.index(start)
        to = self._place(numbers, at, target)
        between = self._revisions[min(at, to) : max(at, to)]
        return Plan(start, numbers[to], to >= at, between if to >= at else between[::-1])

    @staticmethod
    def _place(numbers: list[str], at: int, target: str) -> int:
        if target == "head":
            return len(numbers) - 1
        if target in numbers:
            return numbers.index(target)
        if target.startswith("-") and target[1:].isdigit():
            return max(at - int(target[1:]), 0)
        raise MigrationFailed(f"there is no revision {target}; this release has {', '.join(numbers[1:])}")

    def _account(self, revision: Revision, plan: Plan, error: Exception) -> str:
        reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        said = reason.strip().partition("\n")[0] or type(error).__name__
        return f"{revision.number} failed and was taken back: {said}. " + self._standing(plan)

    def _standing(self, plan: Plan) -> str:
        now = self._current()
        if not plan.is_up:
            return f"The schema stands at {now}."
        standing = f"The schema stands at {now}; the release before keeps running on it, nothing is lost."
        return standing if now == plan.start else f"{standing} Back: topline migrate down {plan.start}"


def _is_busy(error: OperationalError) -> bool:
    """Whether somebody else was in the way, so that trying again makes sense."""
    return getattr(error.orig, "sqlstate", None) in _TRY_AGAIN or "database is locked" in str(error.orig)
