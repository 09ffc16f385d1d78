"""Organizations as the plain rows that tests of transactions write, read and count up."""

import time
from uuid import UUID

from sqlalchemy import insert, select, update

from topline.core.ids import new_id
from topline.core.transaction import Database, Read, Write
from topline.organizations.models import Organization

THREADS = 20


def a_house(tx: Write, house_id: UUID | None = None) -> UUID:
    """An organization, as the row that these tests write."""
    house_id = house_id or new_id()
    plain = {"name": "House", "currency": "EUR", "locale": "en", "settings": {}, "created_at": tx.now}
    tx.change(insert(Organization).values(id=house_id, version=1, **plain))
    return house_id


def houses(tx: Read) -> set[UUID]:
    """The organizations there are."""
    return {row.id for row in tx.execute(select(Organization.id))}


def add_one(tx: Write, house_id: UUID) -> None:
    """Read, add, write: the classic that loses updates where writers do not wait for each other."""
    statement = select(Organization.version).where(Organization.id == house_id).with_for_update()
    version = tx.execute(statement).scalar_one()
    time.sleep(0.002)
    tx.change(update(Organization).where(Organization.id == house_id).values(version=version + 1))


def version_of(database: Database, house_id: UUID) -> int:
    """How far an organization has been counted up."""
    with database.read() as tx:
        found: int = tx.execute(select(Organization.version).where(Organization.id == house_id)).scalar_one()
        return found
