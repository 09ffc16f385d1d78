"""Logs for the tests of verification, written straight into the table, requests, and a count of statements."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from litestar.testing import TestClient
from sqlalchemy import event, insert, select

from tests.support.hotel import Hotel, Member, headers
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.logbook.models import BehaviorLog, LogEvent
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
QUEUE = "/api/behavior-logs/queue"
HTMX = {"HX-Request": "true"}
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


def get(client: Client, who: Any, path: str = QUEUE, **params: Any) -> Any:
    """What the API answers somebody, as JSON."""
    answer = client.get(path, params=params, headers=headers(who))
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(client: Client, who: Any, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask the API for a change as somebody; the answer."""
    return client.post(f"/api/behavior-logs/{path}", json=body, headers=headers(who))


def ids_of(page: Any) -> list[str]:
    """The logs on a page of the queue."""
    return [item["id"] for item in page["items"]]


def page(client: Client, who: Any, path: str = "/verify", **params: Any) -> str:
    """The text of a page as somebody sees it."""
    answer = client.get(path, params=params, headers={**headers(who), "Accept": "text/html"})
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


def send(client: Client, who: Any, path: str, fields: dict[str, Any] | None = None, **more: str) -> Any:
    """Send a form as the page does; the answer."""
    return client.post(path, data=fields or {}, headers={**headers(who), **HTMX, **more})


def said(answer: Any) -> dict[str, Any]:
    """What the answer tells the page's scripts."""
    found: dict[str, Any] = json.loads(answer.headers["hx-trigger"])
    return found


def hidden(text: str, name: str) -> str:
    """The value of a hidden field of the list's form."""
    form = text[text.index('id="queue-form"') :]
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    assert found is not None
    return found[1].replace("&amp;", "&")
