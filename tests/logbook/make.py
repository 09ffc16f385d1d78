"""Logs, photos and queues for the tests of the logbook."""

import io
from datetime import datetime
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy import select, update

from tests.support.hotel import Hotel, Member
from topline.access.models import SignIn
from topline.behaviors.queries.remembered import load as load_catalog
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.logbook import actions
from topline.logbook.actions import Asked, Entry
from topline.logbook.house import load as load_house
from topline.logbook.models import BehaviorLog, LogEvent
from topline.logbook.rules import Details
from topline.organizations.models import Location


def log_body(behavior_id: UUID, **values: Any) -> dict[str, Any]:
    """The body of a POST with an id of its own."""
    return {"id": str(new_id()), "behavior_id": str(behavior_id), **values}


def stored_logs(database: Database, hotel: Hotel) -> list[Any]:
    """Every log of the hotel as it stands in the table, oldest id first."""
    table = BehaviorLog.__table__
    with database.read() as tx:
        query = select(table).where(table.c.organization_id == hotel.organization_id).order_by(table.c.id)
        return list(tx.execute(query))


def trail(database: Database, log_id: UUID | str) -> list[tuple[str, str, str]]:
    """What happened to a log: act, status before and after."""
    with database.read() as tx:
        query = select(LogEvent.act, LogEvent.status_before, LogEvent.status_after)
        return [tuple(row) for row in tx.execute(query.where(LogEvent.log_id == UUID(str(log_id))))]


def prepared(
    database: Database,
    hotel: Hotel,
    who: Member,
    behavior_id: UUID,
    *,
    log_id: UUID | None = None,
    occurred_at: datetime | None = None,
    details: Details | None = None,
) -> Entry:
    """A log that may be stored, decided with a catalog read just now."""
    house = load_house(database, hotel.organization_id)
    asked = Asked(log_id or new_id(), behavior_id, occurred_at, details or Details())
    return actions.prepare(
        actions.logger_of(who.actor),
        house.place_of(who.actor),
        house.digits,
        load_catalog(database, hotel.organization_id),
        asked,
        database.clock.now(),
    )


def logged(database: Database, hotel: Hotel, who: Member, behavior_id: UUID, **more: Any) -> UUID:
    """A stored log; its id."""
    entry = prepared(database, hotel, who, behavior_id, **more)
    with database.write(who.actor) as tx:
        return actions.store(tx, entry).log.id


def decided(database: Database, hotel: Hotel, log_id: UUID | str, status: str, **more: Any) -> None:
    """Make a log as a manager's decision would have left it."""
    with database.write() as tx:
        mine = (BehaviorLog.organization_id == hotel.organization_id, BehaviorLog.id == UUID(str(log_id)))
        tx.change(update(BehaviorLog).where(*mine).values(status=status, decided_at=tx.now, **more))


def moved_to(database: Database, hotel: Hotel, zone: str, turning_hour: int = 4) -> None:
    """Put the hotel's house into another time zone."""
    with database.write() as tx:
        mine = Location.organization_id == hotel.organization_id
        tx.change(update(Location).where(mine).values(zone=zone, turning_hour=turning_hour))


def renewed_sessions(database: Database) -> None:
    """The clock jumped: everybody signed in just now."""
    with database.write() as tx:
        tx.change(update(SignIn).values(created_at=tx.now, last_seen_at=tx.now))


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A small picture, red at the left and blue at the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
