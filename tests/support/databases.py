"""Fresh migrated databases, made once and copied for each test.

Copying is what keeps the suite quick: a SQLite file is copied, a PostgreSQL database is created from a template.
"""

import itertools
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from psycopg import sql

from tests.support.servers import PostgresServer
from topline.core.actor import Actor
from topline.core.migrations import upgrade
from topline.core.sight import Door, Sight
from topline.core.transaction import Database

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class SqliteDatabases:
    """Copies of one migrated file."""

    folder: Path
    _count: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        upgrade(f"sqlite:///{self.folder / 'migrated.db'}")

    @contextmanager
    def fresh(self, template: str = "migrated") -> Iterator[str]:
        """The address of a database that nobody else uses; it is gone afterwards."""
        path = self.folder / f"test-{next(self._count)}.db"
        shutil.copyfile(self.folder / f"{template}.db", path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for leftover in self.folder.glob(path.name + "*"):
                leftover.unlink()

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Keep a migrated database with more in it, to be copied by `fresh(name)`."""
        path = self.folder / f"{name}.db"
        shutil.copyfile(self.folder / "migrated.db", path)
        fill(f"sqlite:///{path}")
        return name


@dataclass
class PostgresDatabases:
    """Databases created from one migrated template."""

    server: PostgresServer
    _count: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        upgrade(self.server.make_database("migrated"))

    @contextmanager
    def fresh(self, template: str = "migrated") -> Iterator[str]:
        """The address of a database that nobody else uses; it is gone afterwards, open connections or not."""
        name = f"test_{next(self._count)}"
        try:
            yield self.server.make_database(name, template)
        finally:
            with self.server.admin() as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Keep a migrated database with more in it, to be copied by `fresh(name)`."""
        fill(self.server.make_database(name, "migrated"))
        return name


class LookingDatabase(Database):
    """A test's own way in: what the test itself writes and reads without an actor may be anybody's.

    With an actor, and for whatever the program opens with this object, it is as strict as the program's.
    """

    def _sight_of(self, actor: Actor | None) -> Sight:
        if actor is None and _asked_by_a_test():
            return Sight(base=Door.EVERYWHERE)
        return super()._sight_of(actor)


def _asked_by_a_test() -> bool:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if path != __file__ and ("/tests/" in path or ("/topline/" in path and "/topline/core/" not in path)):
            return "/tests/" in path
        frame = frame.f_back
    return False
