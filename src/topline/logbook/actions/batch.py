"""Take in the queue of a tablet: each log and each undo is answered by itself, and may come again.

The device's own cookie suffices, because a queue is often sent after its person has left. Whose log it is follows
from the PIN session it was tapped under: opened on this very device, and open at the claimed instant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from topline.access.rules import session_covers
from topline.behaviors.queries import Catalog
from topline.core.errors import FieldError, Problem
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.logbook import queries
from topline.logbook.actions.record import Asked, Logger, prepare, seen_before
from topline.logbook.actions.store import store
from topline.logbook.actions.trail import locked
from topline.logbook.actions.undo import undo_for
from topline.logbook.house import House
from topline.logbook.queries import LogView, TabletSession

Kind = Literal["log", "undo"]
Outcome = Literal["stored", "already_stored", "refused", "undone"]

REFUSALS = {
    "session_unknown": "This was tapped under a sign-in that this tablet never had.",
    "session_not_open": "This was tapped when its person was not signed in on this tablet.",
}


@dataclass(frozen=True, slots=True)
class LateLog:
    """A tap that waited on the tablet, and the PIN session it was made under."""

    session_id: UUID
    asked: Asked


@dataclass(frozen=True, slots=True)
class LateUndo:
    """An undo that waited on the tablet."""

    id: UUID
    session_id: UUID
    undone_at: datetime


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one item. `code` and `detail` say why it was refused; it will be refused again."""

    id: UUID
    kind: Kind
    result: Outcome
    code: str | None = None
    detail: str | None = None
    log: LogView | None = None


def log_batch(
    tx: Write, house: House, catalog: Catalog, logs: Sequence[LateLog], undos: Sequence[LateUndo]
) -> list[ItemResult]:
    """Store and undo, in the order of the tablet's own time; results in the order given, logs first.

    The caller is a tablet. An item that cannot be stored changes nothing and does not
    hold back the others.
    """
    tx.actor.must(P.TABLET_USE)
    device_id = tx.actor.device_id
    if device_id is None:
        raise Problem("device_unknown")
    named = {log.session_id for log in logs} | {undo.session_id for undo in undos}
    sessions = queries.tablet_sessions(tx, device_id, named)
    results: dict[tuple[Kind, UUID], ItemResult] = {}
    # Undos last: an undo may come in the same parcel as its log.
    for log in sorted(logs, key=lambda item: item.asked.occurred_at or tx.now):
        act = partial(_log, tx, house, catalog, device_id, sessions, log)
        results["log", log.asked.id] = _try(tx, "log", log.asked.id, act)
    for undo in sorted(undos, key=lambda item: item.undone_at):
        results["undo", undo.id] = _try(tx, "undo", undo.id, partial(_undo, tx, sessions, undo))
    return [results["log", log.asked.id] for log in logs] + [results["undo", undo.id] for undo in undos]


def _log(
    tx: Write,
    house: House,
    catalog: Catalog,
    device_id: UUID,
    sessions: dict[UUID, TabletSession],
    item: LateLog,
) -> ItemResult:
    session = _session(sessions, item.session_id)
    by = Logger(tx.organization_id, session.person_id, session.role_id, device_id, session.id)
    if not session_covers(session.created_at, session.ended_at, item.asked.occurred_at or tx.now):
        raise _refusal("session_not_open")
    try:
        entry = prepare(by, house.place_of(tx.actor), house.digits, catalog, item.asked, tx.now)
    except Problem:
        # It may have been stored the first time, and only its answer was lost.
        before = seen_before(tx, by, item.asked)
        if before is None:
            raise
        return ItemResult(item.asked.id, "log", "already_stored", log=before)
    recorded = store(tx, entry)
    return ItemResult(
        item.asked.id, "log", "stored" if recorded.is_new else "already_stored", log=recorded.log
    )


def _undo(tx: Write, sessions: dict[UUID, TabletSession], item: LateUndo) -> ItemResult:
    session = _session(sessions, item.session_id)
    if not session_covers(session.created_at, session.ended_at, item.undone_at):
        raise _refusal("session_not_open")
    log = undo_for(tx, locked(tx, item.id), session.person_id, undone_at=item.undone_at)
    return ItemResult(item.id, "undo", "undone", log=log)


def _try(tx: Write, kind: Kind, item_id: UUID, act: Callable[[], ItemResult]) -> ItemResult:
    try:
        with tx.savepoint():
            return act()
    except Problem as refusal:
        if refusal.status >= 500:
            raise
        first = refusal.fields[0] if refusal.fields else None
        return ItemResult(
            item_id,
            kind,
            "refused",
            code=first.code if first else refusal.code,
            detail=first.message if first else refusal.detail,
        )


def _session(sessions: dict[UUID, TabletSession], session_id: UUID) -> TabletSession:
    found = sessions.get(session_id)
    if found is None:
        raise _refusal("session_unknown")
    return found


def _refusal(code: str) -> Problem:
    return Problem("invalid_input", REFUSALS[code], fields=(FieldError("session_id", code, REFUSALS[code]),))
