"""Fresh migrated databases, made once and copied for each test.

Copying is what keeps the suite quick: a SQLite file is copied, a PostgreSQL database is created from a template.
"""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.servers import PostgresServer
from topline.core.migrations import upgrade

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
        self._run(sql.SQL("CREATE DATABASE migrated"))
        upgrade(self.server.url("migrated"))

    @contextmanager
    def fresh(self, template: str = "migrated") -> Iterator[str]:
        """The address of a database that nobody else uses; it is gone afterwards, open connections or not."""
        name = f"test_{next(self._count)}"
        self._copy(template, name)
        try:
            yield self.server.url(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Keep a migrated database with more in it, to be copied by `fresh(name)`."""
        self._copy("migrated", name)
        fill(self.server.url(name))
        return name

    def _copy(self, template: str, name: str) -> None:
        words = map(sql.Identifier, (name, template))
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*words))

    def _run(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)
