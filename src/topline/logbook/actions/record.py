"""Log a behavior: everything that can be known beforehand is decided in memory, then one statement stores it.

`prepare` needs no database: who calls, the catalog and the house are held in the process. `store` is the one round
trip; it may be repeated, because the tablet made the id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from topline.behaviors.queries import Catalog, CatalogEntry
from topline.core.actor import Actor
from topline.core.errors import Problem, invalid, invalid_fields
from topline.core.permissions import Permission as P
from topline.core.prepared import Prepared
from topline.core.transaction import Read, Write
from topline.logbook import queries, statements
from topline.logbook.events import LogRecorded
from topline.logbook.house import Place
from topline.logbook.queries import LogView
from topline.logbook.rules import (
    BURST_COUNT,
    BURST_WINDOW,
    REFUSALS,
    Asks,
    Details,
    Flag,
    LogStatus,
    Refused,
    accept_time,
    behavior_problem,
    check_details,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to log. `occurred_at` None means now."""

    id: UUID
    behavior_id: UUID
    occurred_at: datetime | None
    details: Details


@dataclass(frozen=True, slots=True)
class Logger:
    """In whose name and through what a log comes in."""

    organization_id: UUID
    person_id: UUID
    role_id: UUID | None
    device_id: UUID | None
    sign_in_id: UUID | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A log that may be stored: checked, dated, priced. `today` is the business date at its location now."""

    by: Logger
    behavior: CatalogEntry
    asked: Asked
    details: Details
    location_id: UUID
    business_date: date
    occurred_at: datetime
    received_at: datetime
    points: int
    flags: tuple[Flag, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored log and the person's day with it. `is_new` is False for one that was there already."""

    log: LogView
    is_new: bool
    count: int
    points: int
    behavior_count: int


_IN_ONE: Final = Prepared(statements.IN_ONE)
_DAY: Final = Prepared(statements.DAY)
_STORE: Final = Prepared(statements.STORE)


def logger_of(actor: Actor) -> Logger:
    """The caller as the person who logs. Raises 403 for who may not log."""
    actor.must(P.LOGS_CREATE)
    sign_in = None if actor.is_api_key else actor.credential_id
    return Logger(actor.organization_id, actor.person(), actor.role_id, actor.device_id, sign_in)


def prepare(by: Logger, place: Place, digits: int, catalog: Catalog, asked: Asked, now: datetime) -> Entry:
    """Decide whether it may be logged and how it counts. Raises 400 naming the field; touches no database."""
    behavior = catalog.get(asked.behavior_id)
    if behavior is None:
        raise invalid("behavior_id", "behavior_unknown", "There is no such behavior.")
    code = behavior_problem(behavior.active, behavior.role_ids, by.role_id)
    if code is not None:
        raise _refused("behavior_id", code)
    time = accept_time(asked.occurred_at, now)
    if isinstance(time, Refused):
        raise _refused("occurred_at", time.code)
    asks = Asks(
        behavior.place_label is not None, behavior.asks_amount, behavior.asks_covers, behavior.asks_outcome
    )
    details, errors = check_details(asked.details, asks, digits)
    if errors:
        raise invalid_fields(errors)
    business_date = place.business_date(time.occurred_at)
    term = behavior.term_on(business_date)
    if term is None:
        raise _refused("behavior_id", "behavior_inactive")
    return Entry(
        by=by,
        behavior=behavior,
        asked=asked,
        details=details,
        location_id=place.id,
        business_date=business_date,
        occurred_at=time.occurred_at,
        received_at=now,
        points=term.points,
        flags=time.flags,
        today=business_date if asked.occurred_at is None else place.business_date(now),
    )


def store(tx: Write, entry: Entry) -> Recorded:
    """Store it, or find it there already. Raises 409 `id_taken` when the id belongs to another log."""
    values = _values(entry)
    if tx.dialect == "postgresql":
        count, behavior_count, points, recent, inserted = _IN_ONE.one(tx.connection, values)
    else:
        count, behavior_count, points, recent = _DAY.one(tx.connection, values)
        values["flags"] = values["burst_flags"] if recent >= BURST_COUNT - 1 else values["flags"]
        inserted = _STORE.change(tx.connection, values)
    if not inserted:
        found = _same(queries.log(tx, entry.asked.id), entry.by.person_id, entry.behavior.id)
        return Recorded(found, False, count, points, behavior_count)
    flags = values["burst_flags"] if recent >= BURST_COUNT - 1 else values["flags"]
    tx.after_commit(
        LogRecorded(
            entry.by.organization_id,
            entry.asked.id,
            entry.by.person_id,
            entry.behavior.id,
            entry.business_date,
            entry.behavior.verification,
        )
    )
    if entry.business_date == entry.today:
        # The statement counted what was there before the new row.
        count, behavior_count, points = count + 1, behavior_count + 1, points + entry.points
    return Recorded(_view(entry, tuple(flags or ())), True, count, points, behavior_count)


def seen_before(tx: Read, by: Logger, asked: Asked) -> LogView | None:
    """The log of this id, where the same person logged the same before: a retry gets the answer of the first time,
    also when the behavior was switched off or the time ran out in between."""
    found = queries.find(tx, asked.id)
    if found is None or (found.person_id, found.behavior_id) != (by.person_id, asked.behavior_id):
        return None
    return found


def recount(tx: Read, log: LogView, today: date) -> Recorded:
    """The answer for a log that was stored earlier: as it stands now, with the person's day."""
    counts = queries.day_counts(tx, log.person_id, today)
    behavior_count = sum(one.count for one in counts if one.behavior_id == log.behavior_id)
    return Recorded(
        log, False, sum(one.count for one in counts), sum(one.points for one in counts), behavior_count
    )


def _same(found: LogView, person_id: UUID, behavior_id: UUID) -> LogView:
    if (found.person_id, found.behavior_id) != (person_id, behavior_id):
        raise Problem("id_taken")
    return found


def _refused(field: str, code: str) -> Problem:
    return invalid(field, code, REFUSALS[code])


def _values(entry: Entry) -> dict[str, Any]:
    details = entry.details
    metadata: Mapping[str, object] | None = details.metadata
    flags = list(entry.flags) or None
    return {
        "organization_id": entry.by.organization_id,
        "id": entry.asked.id,
        "person_id": entry.by.person_id,
        "behavior_id": entry.behavior.id,
        "location_id": entry.location_id,
        "device_id": entry.by.device_id,
        "sign_in_id": entry.by.sign_in_id,
        "business_date": entry.business_date,
        "occurred_at": entry.occurred_at,
        "received_at": entry.received_at,
        "status": LogStatus.PENDING.value,
        "verification": entry.behavior.verification,
        "points": entry.points,
        "outcome": details.outcome,
        "place": details.place,
        "amount_minor": details.amount_minor,
        "covers": details.covers,
        "note": details.note,
        "metadata": None if metadata is None else dict(metadata),
        "flags": flags,
        "has_evidence": False,
        "today": entry.today,
        "burst_from": entry.occurred_at - BURST_WINDOW,
        "burst_flags": [*entry.flags, Flag.BURST],
    }


def _view(entry: Entry, flags: tuple[str, ...]) -> LogView:
    details = entry.details
    return LogView(
        id=entry.asked.id,
        person_id=entry.by.person_id,
        behavior_id=entry.behavior.id,
        behavior_name=entry.behavior.name,
        business_date=entry.business_date,
        occurred_at=entry.occurred_at,
        received_at=entry.received_at,
        status=LogStatus.PENDING.value,
        verification=entry.behavior.verification,
        points=entry.points,
        worth=entry.points,
        outcome=details.outcome,
        place=details.place,
        amount_minor=details.amount_minor,
        covers=details.covers,
        note=details.note,
        metadata=None if details.metadata is None else dict(details.metadata),
        flags=flags,
        has_evidence=False,
        reject_reason=None,
        reject_note=None,
        answer=None,
        answered_at=None,
    )
