"""Log a behavior: everything that can be known beforehand is decided in memory, before `store.py` writes it.

`prepare` needs no database: who calls, the catalog and the house are held in the process.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from topline.behaviors.queries import Catalog, CatalogEntry
from topline.core.actor import Actor
from topline.core.errors import Problem, invalid, invalid_fields
from topline.core.permissions import Permission as P
from topline.core.transaction import Read
from topline.logbook import queries
from topline.logbook.house import Place
from topline.logbook.queries import LogView
from topline.logbook.rules import (
    REFUSALS,
    Asks,
    Details,
    Flag,
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
        occurred_at=time.occurred_at.astimezone(UTC),
        received_at=now,
        points=term.points,
        flags=time.flags,
        today=business_date if asked.occurred_at is None else place.business_date(now),
    )


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


def _refused(field: str, code: str) -> Problem:
    return invalid(field, code, REFUSALS[code])
