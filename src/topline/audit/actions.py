"""Write the audit trail: called by every action that changes money, settings, people, access or decisions."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Update, insert, update

from topline.audit import queries
from topline.audit.models import AuditChain, AuditEvent, AuditSeal
from topline.audit.rules import BEGINNING, REMOVED, Event, Head, blank_parts, link
from topline.core.db import upsert
from topline.core.ids import new_id
from topline.core.transaction import Write

#: So many events are taken into the chain at once.
SWEEP_LIMIT: Final = 500
#: How often it is noted that none was found; each look goes back to an hour before that.
SWEPT_AGAIN: Final = timedelta(hours=1)
_SALT_BYTES: Final = 16


def record(
    tx: Write,
    act: str,
    subject_type: str,
    subject_id: UUID | None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one row in the caller's transaction; the last thing before its commit is to put it into the chain.

    `act` reads `subject.verb` (`person.deactivated`). `before` and `after` hold the changed fields as JSON values and
    never a PIN, token or password.
    """
    actor = tx.actor
    event_id = new_id()
    tx.execute(
        insert(AuditEvent).values(
            organization_id=actor.organization_id,
            id=event_id,
            at=tx.now,
            act=act,
            actor_kind=actor.kind.value,
            actor_id=actor.person_id or actor.device_id,
            actor_label=actor.label,
            subject_type=subject_type,
            subject_id=subject_id,
            before=before,
            after=after,
            address=tx.address,
            request_id=tx.request_id,
        )
    )
    tx.before_commit(_seal_recorded, (actor.organization_id, event_id))


def sweep(tx: Write) -> int:
    """Take events into the chain that stand outside it: those of the release before this one. Returns how many.

    Looks back to an hour before the last time it found nothing. At most 500; fewer means that none is left.
    """
    held = _hold(tx, tx.organization_id)
    events = queries.unsealed(tx, limit=SWEEP_LIMIT, swept=held.swept_at)
    _append(tx, tx.organization_id, held.head, events)
    if len(events) < SWEEP_LIMIT:
        tx.change(_chain(tx.organization_id).values(swept_at=tx.now))
    return len(events)


def remove_personal(tx: Write, *, who: Collection[UUID] = (), what: Collection[UUID] = ()) -> None:
    """Blank personal parts of events: name and address of the events `who`, before and after of the events `what`.

    The chain stays whole, and a new event in it says which parts were removed; a part that is blank without one counts
    as tampering. The caller has checked that somebody is to be erased.
    """
    mine = AuditEvent.organization_id == tx.organization_id
    seals = AuditSeal.organization_id == tx.organization_id
    if who:
        tx.change(update(AuditEvent).where(mine, AuditEvent.id.in_(who)).values(actor_label="", address=""))
        tx.change(update(AuditSeal).where(seals, AuditSeal.event_id.in_(who)).values(who_salt=None))
    if what:
        tx.change(update(AuditEvent).where(mine, AuditEvent.id.in_(what)).values(before=None, after=None))
        tx.change(update(AuditSeal).where(seals, AuditSeal.event_id.in_(what)).values(what_salt=None))
    record(tx, REMOVED, "audit", None, after=blank_parts(who, what))


def _seal_recorded(tx: Write, recorded: list[tuple[UUID, UUID]]) -> None:
    """Seal what this transaction recorded: read back as it is stored, and without what a savepoint took back.

    As long as older events wait for the first sweep, the new ones wait behind them.
    """
    houses: dict[UUID, list[UUID]] = {}
    for organization_id, event_id in recorded:
        houses.setdefault(organization_id, []).append(event_id)
    for organization_id, ids in houses.items():
        held = _hold(tx, organization_id)
        if held.swept_at is None:
            if queries.has_others(tx, organization_id, ids):
                continue
            tx.change(_chain(organization_id).values(swept_at=tx.now))
        head = held.head
        for start in range(0, len(ids), SWEEP_LIMIT):
            part = queries.events(tx, organization_id, ids[start : start + SWEEP_LIMIT])
            head = _append(tx, organization_id, head, part)


def _hold(tx: Write, organization_id: UUID) -> queries.Chain:
    """The head of the chain, which is this transaction's alone until it ends."""
    found = queries.chain(tx, organization_id, hold=True)
    if not found.exists:
        first = {"organization_id": organization_id, "seq": 0, "hash": BEGINNING}
        tx.change(upsert(tx.dialect)(AuditChain).values(**first).on_conflict_do_nothing())
        found = queries.chain(tx, organization_id, hold=True)
    return found


def _append(tx: Write, organization_id: UUID, head: Head, events: Iterable[Event]) -> Head:
    rows = []
    for event in events:
        seal = link(
            organization_id, head, event, secrets.token_hex(_SALT_BYTES), secrets.token_hex(_SALT_BYTES)
        )
        rows.append({"organization_id": organization_id, **asdict(seal)})
        head = Head(seal.seq, seal.hash)
    if rows:
        tx.change(insert(AuditSeal), rows)
        tx.change(_chain(organization_id).values(seq=head.seq, hash=head.hash))
    return head


def _chain(organization_id: UUID) -> Update:
    return update(AuditChain).where(AuditChain.organization_id == organization_id)
