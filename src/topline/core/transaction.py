"""Transactions: the only file that commits.

A request opens one `Write` (or `Read`), does its work, and the transaction is committed before the answer leaves.
What must happen afterwards (forget a cache, wake the wall) is registered with `after_commit` and runs only if the
commit succeeded.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Engine, Executable, Result
from sqlalchemy.exc import DBAPIError

from topline.core.actor import Actor
from topline.core.clock import Clock
from topline.core.db import Addresses, make_engine, make_single_engine
from topline.core.lane import Lane, Work
from topline.core.sight import SIGHT, Door, Sight, tell_sight

#: Rows as SQLAlchemy returns them, not tied to one statement's columns.
Rows: TypeAlias = Result[*tuple[Any, ...]]
Params = Mapping[str, Any] | Sequence[Mapping[str, Any]]
Item = TypeVar("Item")
T = TypeVar("T")

#: PostgreSQL connections of the lane for short writes: while one group is flushed, the next is on its way.
LANE_CONNECTIONS = 2


class Read:
    """A consistent view for reading. `now` was read once when it opened; `actor` says whose eyes these are.

    Without an actor it sees no organization's rows, until it says whose (`among`) or why (`through`).
    """

    def __init__(self, connection: Connection, now: datetime, actor: Actor | None, sight: Sight) -> None:
        self.connection = connection
        self.now = now
        self._actor = actor
        self._sight = sight

    @property
    def actor(self) -> Actor:
        """The caller. Only sign-in, set-up and the command line work without one."""
        if self._actor is None:
            raise RuntimeError("this transaction has no actor")
        return self._actor

    @property
    def organization_id(self) -> UUID:
        """The tenant every statement must be limited to."""
        return self.actor.organization_id

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.connection.dialect.name

    def execute(self, statement: Executable, params: Params | None = None) -> Rows:
        """Run a Core statement; rows come back as plain named tuples."""
        rows: Rows = self.connection.execute(statement, params)
        return rows

    def through(self, door: Door) -> AbstractContextManager[None]:
        """Read what comes before the organization is known: `with tx.through(Door.CREDENTIALS): …`."""
        return self._sight.through(door)

    def among(self, organizations: Iterable[UUID]) -> None:
        """Go on with the rows of exactly these organizations: for the few writes that serve several at once."""
        self._sight.narrow(organizations)


class Write(Read):
    """A transaction that may change rows."""

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        actor: Actor | None,
        sight: Sight,
        request_id: str = "",
        address: str = "",
        *,
        is_whole: bool = True,
    ) -> None:
        super().__init__(connection, now, actor, sight)
        self.request_id = request_id
        self.address = address
        self._is_whole = is_whole
        self._before: dict[Callable[[Write, list[Any]], None], list[Any]] = {}
        self._afterwards: list[Any] = []

    def change(self, statement: Executable, params: Params | None = None) -> int:
        """Run an insert, update or delete and tell how many rows it touched."""
        # Without the option PostgreSQL's count of an insert is gone once its implicit RETURNING was read.
        result = self.connection.execute(statement, params, execution_options={"preserve_rowcount": True})
        assert isinstance(result, CursorResult)
        return result.rowcount

    def before_commit(self, work: Callable[["Write", list[Any]], None], item: Any) -> None:
        """As the last thing of this transaction, call `work` once with every item it was given.

        For what holds a lock that others wait for. Not for a statement of the lane that is a transaction by itself.
        """
        if not self._is_whole:
            raise RuntimeError("a statement of its own has nothing before its commit")
        self._before.setdefault(work, []).append(item)

    def finish(self) -> None:
        """Do what was asked for before the commit."""
        for work, items in self._before.items():
            work(self, items)

    def after_commit(self, event: Any) -> None:
        """Publish `event` (a frozen dataclass of the domain) once the commit has succeeded."""
        self._afterwards.append(event)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A nested part that can fail alone: `with tx.savepoint(): …`. Used where each item of a batch is answered."""
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            self._sight.forget()
            raise

    def become(self, actor: Actor) -> None:
        """Go on as `actor`: sign-in and set-up learn who is calling only inside the transaction."""
        self._actor = actor
        self._sight.narrow([actor.organization_id])

    def events(self) -> list[Any]:
        """What was registered with `after_commit` so far."""
        return self._afterwards


class FairLock:
    """A lock that serves threads in the order they came.

    SQLite has one writer. Its own busy handler lets threads race, and the unlucky one can wait for seconds under
    load; a queue bounds everybody's wait by the length of the line.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class _NoLock:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class Database:
    """Both engines, the clock, and where events go after a commit.

    Without `row_security` its transactions see every organization's rows, and only their statements' own filters count.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        pool_size: int = 16,
        row_security: bool = True,
        addresses: Addresses | None = None,
    ) -> None:
        self.url = url
        self.clock = clock
        self.row_security = row_security
        more: dict[str, Any] = {"pool_size": pool_size, "addresses": addresses}
        self.reader: Engine = make_engine(url, writer=False, **more)
        self.writer: Engine = make_engine(url, writer=True, **more)
        self.publish: Callable[[Any], None] = lambda _event: None
        if self.writer.dialect.name == "sqlite":
            self._turn: FairLock | _NoLock = FairLock()
            self._single: Engine | None = None
            self._glancer = self.reader
            self._lane = Lane(self._run_together, threads=1)
        else:
            self._turn = _NoLock()
            self._single = make_single_engine(url, LANE_CONNECTIONS, addresses)
            for engine in (self.reader, self.writer, self._single):
                tell_sight(engine)
            self._glancer = self.reader.execution_options(isolation_level="AUTOCOMMIT")
            self._lane = Lane(self._run_together, threads=LANE_CONNECTIONS)

    @contextmanager
    def read(self, actor: Actor | None = None) -> Iterator[Read]:
        """A read-only transaction."""
        with self._connect(self.reader, actor) as (connection, sight):
            yield Read(connection, self.clock.now(), actor, sight)

    @contextmanager
    def glance(self) -> Iterator[Read]:
        """For one reading statement that is complete in itself: on PostgreSQL without the round trips around it."""
        with self._connect(self._glancer, None) as (connection, sight):
            yield Read(connection, self.clock.now(), None, sight)

    @contextmanager
    def write(self, actor: Actor | None = None, request_id: str = "", address: str = "") -> Iterator[Write]:
        """A writing transaction: committed when the block ends, rolled back when it raises.

        `request_id` and `address` say where it comes from; the audit trail keeps them.
        """
        with self._turn, self._connect(self.writer, actor) as (connection, sight):
            tx = Write(connection, self.clock.now(), actor, sight, request_id, address)
            with connection.begin():
                yield tx
                tx.finish()
        self._publish_of(tx)

    async def in_lane(
        self, work: Callable[[Write, Sequence[Item]], Sequence[T | Exception]], item: Item
    ) -> T:
        """Do a short write and wait until it is durable, without holding a thread of the caller.

        `work` is called with everything that waits for it, whoever asked, and tells a result or an exception for each.
        It writes with one statement, which on PostgreSQL is its own transaction. Its transaction has no actor: the work
        says whose rows they are (`tx.among`).
        """
        result: T = await self._lane.run(work, item)
        return result

    def _run_together(self, work: Work, items: list[Any]) -> Sequence[Any]:
        if self._single is None:
            with self.write() as tx:
                return work(tx, items)
        with self._connect(self._single, None) as (connection, sight):
            tx = Write(connection, self.clock.now(), None, sight, is_whole=False)
            outcomes = work(tx, items)
        self._publish_of(tx)
        return outcomes

    @contextmanager
    def _connect(self, engine: Engine, actor: Actor | None) -> Iterator[tuple[Connection, Sight]]:
        sight = self._sight_of(actor)
        with engine.connect() as connection:
            connection.execution_options(**{SIGHT: sight})
            yield connection, sight

    def _sight_of(self, actor: Actor | None) -> Sight:
        return Sight(
            [] if actor is None else [actor.organization_id],
            base=None if self.row_security else Door.EVERYWHERE,
        )

    def _publish_of(self, tx: Write) -> None:
        for event in tx.events():
            self.publish(event)

    def is_reachable(self) -> bool:
        """Whether the database answers. Costs one statement."""
        try:
            with self.reader.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except DBAPIError:
            return False
        return True

    def renew(self) -> None:
        """Let no connection live on with an old password: each is closed when its present work is done."""
        for engine in (self.reader, self.writer, self._single):
            if engine is not None and engine.dialect.name == "postgresql":
                engine.dispose()

    def close(self) -> None:
        """Finish the lane's work and give back every connection."""
        self._lane.close()
        for engine in (self.reader, self.writer, self._single):
            if engine is not None:
                engine.dispose()
