"""A statement compiled once and run straight on the driver: for the one or two hottest statements only.

SQLAlchemy builds a cache key, a context and a result for every execution, about 200 µs each time; where a statement
runs more than a thousand times a second that is a third of everything. The statement is still written with Core, so
tables, columns and types stay in one place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    positional: bool
    binds: tuple[tuple[str, Callable[[Any], Any] | None], ...]


class Prepared:
    """A Core statement in which every value is a `bindparam` with a type. Results come as the driver gives them."""

    def __init__(self, statement: Executable) -> None:
        self._statement: Any = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def one(self, connection: Connection, values: Mapping[str, Any]) -> Row:
        """Run it and return its only row. Errors are SQLAlchemy's."""
        row: Row | None = self._run(connection, values).fetchone()
        assert row is not None
        return row

    def change(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it and tell how many rows it touched."""
        return int(self._run(connection, values).rowcount)

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        dialect = connection.dialect
        compiled = self._by_dialect.get(dialect.name) or self._compile(dialect)
        pairs = [
            (name, values[name] if make is None else make(values[name])) for name, make in compiled.binds
        ]
        driver: Any = connection.connection.driver_connection
        try:
            return driver.execute(
                compiled.sql, [value for _, value in pairs] if compiled.positional else dict(pairs)
            )
        except dialect.loaded_dbapi.Error as error:
            lost = dialect.is_disconnect(error, driver, None)
            if lost:
                connection.invalidate(error)
            raise DBAPIError.instance(
                compiled.sql,
                None,
                error,
                dialect.loaded_dbapi.Error,
                connection_invalidated=lost,
                dialect=dialect,
            ) from error

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = self._statement.compile(dialect=dialect)
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        binds = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
        ]
        made = _Compiled(str(compiled), bool(compiled.positional), tuple(binds))
        self._by_dialect[dialect.name] = made
        return made
