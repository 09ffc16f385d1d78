"""Whose rows a transaction sees: the second wall, behind the filter that every statement carries itself.

On PostgreSQL each tenant table has policies (`protect_rows` of the migrations) that show the rows of the organizations
named in `topline.organizations` and, beyond those, what the door named in `topline.door` opens. Both are told to the
server for the present transaction only, as PgBouncer needs it, and travel together with the next statement: no round
trip of their own. Whoever told nothing sees nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

#: The execution option that carries a transaction's sight to its statements.
SIGHT: Final = "topline_sight"

# `true`: until the end of the transaction.
_TELL: Final = "SELECT set_config('topline.organizations', %s, true), set_config('topline.door', %s, true)"


class Door(StrEnum):
    """What may be read before the organization is known. Which tables a door opens stands in their policies."""

    CREDENTIALS = "credentials"
    CODES = "codes"
    ADDRESSES = "addresses"
    HOUSES = "houses"
    EVERYWHERE = "everywhere"


REASONS: Final[dict[Door, str]] = {
    Door.CREDENTIALS: "a session, key, device, passkey or link is found by its secret's hash, and with it whose it is",
    Door.CODES: "a new tablet shows a single-use code; the code says which house it belongs to",
    Door.ADDRESSES: "signing in by e-mail: one address may have accounts in several houses",
    Door.HOUSES: "the program's own recurring work needs the ids of all houses, to act for each in turn; and a stranger"
    " is turned away unheard where every one of them is shut",
    Door.EVERYWHERE: "migrations, restores and an operator's own psql; nothing that serves a request",
}


class Sight:
    """What one transaction may see at the moment, and what its server was told last."""

    __slots__ = ("_base", "_door", "_organizations", "_told")

    def __init__(self, organizations: Iterable[UUID] = (), *, base: Door | None = None) -> None:
        """`base` is a door that stays open throughout."""
        self._base = base
        self._door = base
        self._told: tuple[str, str] | None = None
        self.narrow(organizations)

    def narrow(self, organizations: Iterable[UUID]) -> None:
        """From now on the rows of these organizations, and of no other."""
        self._organizations = f"{{{','.join(map(str, organizations))}}}"

    @contextmanager
    def through(self, door: Door) -> Iterator[None]:
        """See what the door opens, too, until the block ends."""
        before, self._door = self._door, self._base or door
        try:
            yield
        finally:
            self._door = before

    def forget(self) -> None:
        """Tell the server anew: it went back to what it was told before."""
        self._told = None

    def untold(self) -> tuple[str, str] | None:
        """What the server has to be told before the next statement, if anything."""
        wanted = (self._organizations, self._door or "")
        return None if wanted == self._told else wanted

    def told(self, what: tuple[str, str]) -> None:
        """The server knows."""
        self._told = what


def tell_sight(engine: Engine) -> None:
    """Send the sight of a transaction ahead of its statements, in the same round trip. For an engine of PostgreSQL."""

    def telling(send: str) -> Any:
        def tell(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
            sight: Sight | None = context.execution_options.get(SIGHT)
            what = sight.untold() if sight is not None else None
            if sight is None or what is None:
                return False
            raw: Connection = cursor.connection
            if raw.info.transaction_status is TransactionStatus.INERROR:
                return False  # only a rollback is possible, which needs no sight
            with raw.pipeline():
                raw.execute(_TELL, what)
                getattr(cursor, send)(statement, parameters)
            if not raw.autocommit:  # else it is forgotten together with the statement
                sight.told(what)
            return True

        return tell

    event.listen(engine, "do_execute", telling("execute"))
    event.listen(engine, "do_executemany", telling("executemany"))
    event.listen(
        engine,
        "do_execute_no_params",
        lambda cursor, sql, context: telling("execute")(cursor, sql, None, context),
    )
