"""Store logs that were prepared: those that wait for the disk together, together.

It may be repeated, because the tablet made the ids: what is there already is found and answered as it stands.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from topline.core.actor import system
from topline.core.errors import Problem
from topline.core.transaction import Write
from topline.logbook import queries, statements
from topline.logbook.actions.record import Entry, Recorded
from topline.logbook.events import LogRecorded
from topline.logbook.queries import LogView
from topline.logbook.rules import BURST_COUNT, BURST_WINDOW, Flag, LogStatus

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Before:
    """What the database counted before this group, and whether it did not have the log."""

    count: int
    behavior_count: int
    points: int
    recent: int
    is_new: bool


@dataclass(slots=True)
class _Group:
    """What the logs of one group add to each other's counts, in their order."""

    count: Counter[Key] = field(default_factory=Counter)
    behavior_count: Counter[Key] = field(default_factory=Counter)
    points: Counter[Key] = field(default_factory=Counter)
    ids: set[Key] = field(default_factory=set)


def store(tx: Write, entry: Entry) -> Recorded:
    """Store one log, or find it there already. Raises 409 `id_taken` when the id belongs to another log."""
    (stored,) = _store(tx, [entry])
    if isinstance(stored, Problem):
        raise stored
    return stored


def store_all(tx: Write, entries: Sequence[Entry]) -> list[Recorded | Problem]:
    """Store logs of any people and houses, as if one after the other; a refusal concerns its own log only.

    For the lane, whose transaction belongs to nobody.
    """
    tx.among({entry.by.organization_id for entry in entries})
    return _store(tx, entries)


def _store(tx: Write, entries: Sequence[Entry]) -> list[Recorded | Problem]:
    ahead = _ahead(entries)
    found = _write(tx, [_row(entry, n, ahead[n], tx.dialect) for n, entry in enumerate(entries)])
    group = _Group()
    return [_recorded(tx, entry, found[n], ahead[n], group) for n, entry in enumerate(entries)]


def _write(tx: Write, rows: list[dict[str, Any]]) -> dict[int, _Before]:
    if tx.dialect == "postgresql":
        counted = tx.execute(statements.IN_ONE, _document(rows))
        return {number: _Before(*rest) for number, *rest in counted}
    # Nobody else writes between these two: what the first does not see, the second stores.
    counted = msgspec.json.decode(tx.execute(statements.COUNTS, _document(rows)).scalar_one())
    found = {number: _Before(*rest) for number, *rest in counted}
    for row in rows:
        if found[row["number"]].recent + row["ahead"] >= BURST_COUNT - 1:
            row["flags"] = row["burst_flags"]
    tx.change(statements.STORE, _document(rows))
    return found


def _recorded(tx: Write, entry: Entry, before: _Before, ahead: int, group: _Group) -> Recorded | Problem:
    key = (entry.by.organization_id, entry.asked.id)
    person = (entry.by.organization_id, entry.by.person_id, entry.today)
    behavior = (*person, entry.behavior.id)
    is_new = before.is_new and key not in group.ids
    if is_new:
        group.ids.add(key)
        if entry.business_date == entry.today:
            group.count[person] += 1
            group.behavior_count[behavior] += 1
            group.points[person] += entry.points
        tx.after_commit(_event(entry))
        log = _view(entry, is_burst=before.recent + ahead >= BURST_COUNT - 1)
    else:
        tx.become(system(entry.by.organization_id, "logbook"))
        log = queries.log(tx, entry.asked.id)
        if (log.person_id, log.behavior_id) != (entry.by.person_id, entry.behavior.id):
            return Problem("id_taken")
    return Recorded(
        log,
        is_new,
        before.count + group.count[person],
        before.points + group.points[person],
        before.behavior_count + group.behavior_count[behavior],
    )


def _ahead(entries: Sequence[Entry]) -> list[int]:
    """How many earlier ones of the group lie in the minute before each, by the same person of the same behavior."""
    instants: dict[Key, dict[UUID, datetime]] = {}
    ahead = []
    for entry in entries:
        key = (entry.by.organization_id, entry.by.person_id, entry.behavior.id, entry.business_date)
        others = instants.setdefault(key, {})
        first = entry.occurred_at - BURST_WINDOW
        ahead.append(
            sum(first <= at <= entry.occurred_at for log_id, at in others.items() if log_id != entry.asked.id)
        )
        others[entry.asked.id] = entry.occurred_at
    return ahead


def _row(entry: Entry, number: int, ahead: int, dialect: str) -> dict[str, Any]:
    details = entry.details
    instant = _INSTANTS[dialect]
    text = _as_is if dialect == "postgresql" else _as_text
    return {
        "number": number,
        "organization_id": entry.by.organization_id.hex,
        "id": entry.asked.id.hex,
        "person_id": entry.by.person_id.hex,
        "behavior_id": entry.behavior.id.hex,
        "location_id": entry.location_id.hex,
        "device_id": None if entry.by.device_id is None else entry.by.device_id.hex,
        "sign_in_id": None if entry.by.sign_in_id is None else entry.by.sign_in_id.hex,
        "business_date": entry.business_date.isoformat(),
        "occurred_at": instant(entry.occurred_at),
        "received_at": instant(entry.received_at),
        "status": LogStatus.PENDING.value,
        "verification": entry.behavior.verification,
        "points": entry.points,
        "outcome": details.outcome,
        "place": details.place,
        "amount_minor": details.amount_minor,
        "covers": details.covers,
        "note": details.note,
        "metadata": text(details.metadata),
        "flags": text(list(entry.flags) or None),
        "has_evidence": False,
        "today": entry.today.isoformat(),
        "burst_from": instant(entry.occurred_at - BURST_WINDOW),
        "burst_flags": text([*entry.flags, Flag.BURST]),
        "ahead": ahead,
    }


def _document(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {"rows": msgspec.json.encode(rows).decode()}


def _as_is(value: Any) -> Any:
    return value


def _as_text(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _naive(instant: datetime) -> str:
    """As SQLAlchemy keeps instants in SQLite, so that texts compare like the moments they are."""
    return instant.replace(tzinfo=None).isoformat(" ", "microseconds")


def _aware(instant: datetime) -> str:
    return instant.isoformat()


_INSTANTS: dict[str, Callable[[datetime], str]] = {"postgresql": _aware, "sqlite": _naive}


def _event(entry: Entry) -> LogRecorded:
    return LogRecorded(
        entry.by.organization_id,
        entry.asked.id,
        entry.by.person_id,
        entry.behavior.id,
        entry.business_date,
        entry.behavior.verification,
    )


def _view(entry: Entry, *, is_burst: bool) -> LogView:
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
        flags=(*entry.flags, Flag.BURST) if is_burst else tuple(entry.flags),
        has_evidence=False,
        reject_reason=None,
        reject_note=None,
        answer=None,
        answered_at=None,
    )
