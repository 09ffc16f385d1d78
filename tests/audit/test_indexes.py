"""A search does not read the whole trail: each way of asking has its index, in the order the list is shown in."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event, text

from tests.support.hotel import Hotel
from topline.audit import actions, queries
from topline.audit.queries import Wanted
from topline.core.transaction import Database, Read

SINCE = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("how", ["everything", "by", "about", "act", "since"])
def test_each_search_walks_an_index(database: Database, hotel: Hotel, how: str) -> None:
    ways = {
        "everything": (Wanted(), "ix_audit_events_time"),
        "by": (Wanted(actor_id=hotel.olive.id), "ix_audit_events_actor"),
        "about": (Wanted(subject_id=hotel.sam.id), "ix_audit_events_about"),
        "act": (Wanted(act="person.changed"), "ix_audit_events_act"),
        "since": (Wanted(since=SINCE), "ix_audit_events_time"),
    }
    wanted, index = ways[how]
    rare, common = ("person.changed", hotel.sam.id), ("pin.reset", hotel.bea.id)
    for who, (act, subject), count in ((hotel.max, common, 390), (hotel.olive, rare, 10)):
        with database.write(who.actor) as tx:
            for _ in range(count):
                actions.record(tx, act, "person", subject)
    if database.url.startswith("postgresql"):
        with database.write() as tx:
            tx.execute(text("ANALYZE audit_events"))
    with database.read(hotel.olive.actor) as tx:
        if tx.dialect == "postgresql":
            # So few rows are sorted faster than walked in order; a real trail has a thousand times as many.
            for other in ("seqscan", "bitmapscan", "sort"):
                tx.execute(text(f"SET LOCAL enable_{other} = off"))
        plan = _plan(tx, wanted)
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def _plan(tx: Read, wanted: Wanted) -> str:
    """How the database would find the rows of this search."""
    found: list[str] = []
    word = "EXPLAIN" if tx.dialect == "postgresql" else "EXPLAIN QUERY PLAN"

    def explain(_conn: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        cursor.execute(f"{word} {statement}", parameters)  # type: ignore[attr-defined]
        found.extend(str(row) for row in cursor.fetchall())  # type: ignore[attr-defined]

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        queries.newest(tx, wanted)
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
    return "\n".join(found)
