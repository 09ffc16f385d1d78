"""Logs for the tests of verification, written straight into the table, and a count of what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import event, insert, select

from tests.support.hotel import Hotel, Member
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.logbook.models import BehaviorLog, LogEvent

LEVELS: Final = {"offer": "manager", "greet": "self_reported", "clean": "evidence", "shake": "manager"}


def make_logs(
    database: Database, hotel: Hotel, who: Member, count: int = 1, behavior: str = "offer", **values: Any
) -> list[UUID]:
    """Pending logs of somebody, a minute apart, the last one just now; returns their ids, oldest first."""
    now: datetime = values.pop("at", database.clock.now())
    ids = [new_id() for _ in range(count)]
    rows = [
        {
            "organization_id": hotel.organization_id,
            "id": log_id,
            "person_id": who.id,
            "behavior_id": getattr(hotel, behavior),
            "location_id": hotel.location_id,
            "business_date": now.date(),
            "occurred_at": now - timedelta(minutes=count - number),
            "received_at": now - timedelta(minutes=count - number),
            "status": "pending",
            "verification": LEVELS[behavior],
            "points": 10,
            "has_evidence": False,
            **values,
        }
        for number, log_id in enumerate(ids, start=1)
    ]
    with database.write() as tx:
        tx.change(insert(BehaviorLog), rows)
    return ids


def statuses(database: Database, ids: list[UUID]) -> list[str]:
    """How these logs stand, in the order given."""
    with database.read() as tx:
        rows = tx.execute(select(BehaviorLog.id, BehaviorLog.status).where(BehaviorLog.id.in_(ids)))
        found = {row.id: row.status for row in rows}
    return [found[log_id] for log_id in ids]


def stored(database: Database, log_id: UUID) -> Any:
    """One log's row."""
    with database.read() as tx:
        return tx.execute(select(BehaviorLog.__table__).where(BehaviorLog.id == log_id)).one()


def trail(database: Database, log_id: UUID) -> list[Any]:
    """What happened to a log, oldest first."""
    with database.read() as tx:
        query = select(LogEvent.__table__).where(LogEvent.log_id == log_id)
        return list(tx.execute(query.order_by(LogEvent.at, LogEvent.id)))


@contextmanager
def counted_statements(*databases: Database) -> Iterator[list[str]]:
    """Every statement sent to these databases inside the block; an executemany counts once."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engines = [engine for database in databases for engine in (database.reader, database.writer)]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
