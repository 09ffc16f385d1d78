"""Somebody with all rights on the database server: the triggers are off, and any statement may be sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from topline.audit.models import AuditChain, AuditEvent, AuditSeal
from topline.audit.rules import Event, Head, link
from topline.core.transaction import Database, Write

TABLES = ("audit_events", "audit_seals", "audit_chains")


class Intruder:
    """Changes rows behind the program's back."""

    def __init__(self, tx: Write, house: UUID) -> None:
        self.tx = tx
        self.house = house

    def event_at(self, seq: int) -> UUID:
        rows = self.tx.execute(
            select(AuditSeal.event_id).where(AuditSeal.organization_id == self.house, AuditSeal.seq == seq)
        )
        found: UUID = rows.scalar_one()
        return found

    def edit(self, seq: int, **values: Any) -> None:
        """Change the event of a link."""
        of = (AuditEvent.organization_id == self.house, AuditEvent.id == self.event_at(seq))
        assert self.tx.change(update(AuditEvent).where(*of).values(**values)) == 1

    def edit_seal(self, seq: int, **values: Any) -> None:
        of = (AuditSeal.organization_id == self.house, AuditSeal.seq == seq)
        assert self.tx.change(update(AuditSeal).where(*of).values(**values)) == 1

    def remove(self, seq: int, *, seal: bool = True) -> None:
        """Delete the event of a link, and the link."""
        of = (AuditEvent.organization_id == self.house, AuditEvent.id == self.event_at(seq))
        assert self.tx.change(delete(AuditEvent).where(*of)) == 1
        if seal:
            mine = (AuditSeal.organization_id == self.house, AuditSeal.seq == seq)
            assert self.tx.change(delete(AuditSeal).where(*mine)) == 1

    def insert(self, event: Event) -> None:
        values = {name: getattr(event, name) for name in Event.__dataclass_fields__}
        self.tx.change(insert(AuditEvent).values(organization_id=self.house, **values))

    def event(self, seq: int) -> Event:
        columns = [getattr(AuditEvent, name) for name in Event.__dataclass_fields__]
        of = (AuditEvent.organization_id == self.house, AuditEvent.id == self.event_at(seq))
        return Event(*self.tx.execute(select(*columns).where(*of)).one())

    def seal(self, head: Head, event: Event) -> Head:
        """A link that is right in itself."""
        made = link(self.house, head, event, "00", "11")
        values = {name: getattr(made, name) for name in made.__dataclass_fields__}
        self.tx.change(insert(AuditSeal).values(organization_id=self.house, **values))
        return Head(made.seq, made.hash)

    def set_head(self, head: Head) -> None:
        of = AuditChain.organization_id == self.house
        self.tx.change(update(AuditChain).where(of).values(seq=head.seq, hash=head.hash))

    def head_at(self, seq: int) -> Head:
        rows = self.tx.execute(
            select(AuditSeal.hash).where(AuditSeal.organization_id == self.house, AuditSeal.seq == seq)
        )
        return Head(seq, rows.scalar_one())


@contextmanager
def intruder(database: Database, house: UUID) -> Iterator[Intruder]:
    """The triggers are off while the block runs."""
    with database.write() as tx:
        if tx.dialect == "postgresql":
            for table in TABLES:
                tx.connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield Intruder(tx, house)
            for table in TABLES:
                tx.connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        else:
            kept = tx.connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"
            ).all()
            for name, _ in kept:
                tx.connection.exec_driver_sql(f"DROP TRIGGER {name}")
            yield Intruder(tx, house)
            for _, sql in kept:
                tx.connection.exec_driver_sql(sql)
