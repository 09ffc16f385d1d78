"""Read the chain: its head, its links, and what stands outside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select

from topline.audit.models import AuditChain, AuditEvent, AuditSeal
from topline.audit.rules import MOST_BACKDATED, REMOVED, Event, Head, Seal
from topline.core.transaction import Read

EVENT: Final = tuple(getattr(AuditEvent, name) for name in Event.__dataclass_fields__)
_SEAL: Final = tuple(getattr(AuditSeal, name) for name in Seal.__dataclass_fields__)
_OF_EVENT: Final = and_(
    AuditSeal.organization_id == AuditEvent.organization_id, AuditSeal.event_id == AuditEvent.id
)


@dataclass(frozen=True, slots=True)
class Chain:
    """An organization's chain; `exists` from its first event on.

    `swept_at` is when events without a seal were last looked for, None: never, there may be any number of them.
    """

    exists: bool
    head: Head
    swept_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outside:
    """Events without a seal: how many, when the oldest of them happened, and how many speak of a removal."""

    count: int
    oldest_at: datetime | None
    removals: int


def chain(tx: Read, organization_id: UUID, *, hold: bool = False) -> Chain:
    """The chain's head. With `hold` nobody else gets it until the transaction ends."""
    query = select(AuditChain.seq, AuditChain.hash, AuditChain.swept_at).where(
        AuditChain.organization_id == organization_id
    )
    row = tx.execute(query.with_for_update() if hold else query).one_or_none()
    return Chain(False, Head(), None) if row is None else Chain(True, Head(row[0], row[1]), row[2])


def events(tx: Read, organization_id: UUID, ids: Sequence[UUID]) -> list[Event]:
    """These events as they are stored, in the order of their ids, which is the order they were recorded in."""
    rows = tx.execute(
        select(*EVENT)
        .where(AuditEvent.organization_id == organization_id, AuditEvent.id.in_(ids))
        .order_by(AuditEvent.id)
    )
    return [Event(*row) for row in rows]


def has_others(tx: Read, organization_id: UUID, ids: Sequence[UUID]) -> bool:
    """Whether the organization has events besides these."""
    rows = tx.execute(
        select(AuditEvent.id).where(AuditEvent.organization_id == organization_id).limit(len(ids) + 1)
    )
    return not set(ids).issuperset(rows.scalars())


def unsealed(tx: Read, *, limit: int, swept: datetime | None) -> list[Event]:
    """Events that stand outside the chain, oldest first: all of them, or those since shortly before `swept`.

    Without those that say a part was removed. No release wrote one without its seal, and taken in it would explain a
    part that somebody else blanked.
    """
    query = (
        select(*EVENT)
        .outerjoin(AuditSeal, _OF_EVENT)
        .where(
            AuditEvent.organization_id == tx.organization_id,
            AuditSeal.seq.is_(None),
            AuditEvent.act != REMOVED,
        )
    )
    if swept is not None:
        query = query.where(AuditEvent.at >= swept - MOST_BACKDATED)
    rows = tx.execute(query.order_by(AuditEvent.at, AuditEvent.id).limit(limit))
    return [Event(*row) for row in rows]


def outside(tx: Read) -> Outside:
    """How many events stand outside the chain. Looks at every event."""
    rows = tx.execute(
        select(func.count(), func.min(AuditEvent.at), func.count().filter(AuditEvent.act == REMOVED))
        .select_from(AuditEvent)
        .outerjoin(AuditSeal, _OF_EVENT)
        .where(AuditEvent.organization_id == tx.organization_id, AuditSeal.seq.is_(None))
    )
    return Outside(*rows.one())


def links(tx: Read, after: int, limit: int) -> list[tuple[Seal, Event | None]]:
    """The links after that number, in order, each with its event; None for one that is no longer there."""
    rows = tx.execute(
        select(*_SEAL, *EVENT)
        .outerjoin(AuditEvent, _OF_EVENT)
        .where(AuditSeal.organization_id == tx.organization_id, AuditSeal.seq > after)
        .order_by(AuditSeal.seq)
        .limit(limit)
    )
    width = len(_SEAL)
    return [
        (Seal(*row[:width]), None if row[width] is None else Event(*row[width:])) for row in map(tuple, rows)
    ]
