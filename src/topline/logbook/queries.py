"""Read the logbook: one log, lists with filters, a person's day, and what decides about a late batch."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, func, select, tuple_

from topline.access.models import SignIn
from topline.behaviors.models import Behavior
from topline.core.errors import not_found
from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog, Evidence
from topline.logbook.rules import Flag
from topline.logbook.statements import is_standing, worth
from topline.people.models import Person


@dataclass(frozen=True, slots=True)
class LogView:
    """One log. `worth` is what it counts in points now; `points` the behavior's on that business date."""

    id: UUID
    person_id: UUID
    behavior_id: UUID
    behavior_name: str
    business_date: date
    occurred_at: datetime
    received_at: datetime
    status: str
    verification: str
    points: int
    worth: int
    outcome: str | None
    place: str | None
    amount_minor: int | None
    covers: int | None
    note: str | None
    metadata: dict[str, Any] | None
    flags: tuple[str, ...]
    has_evidence: bool
    reject_reason: str | None
    reject_note: str | None
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which logs; None leaves a question open. Dates are business dates, both included."""

    person_id: UUID | None = None
    behavior_id: UUID | None = None
    department_id: UUID | None = None
    status: str | None = None
    first: date | None = None
    last: date | None = None
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class DayCount:
    """How often a person did one behavior on a business date, as far as it stands, and what that counts."""

    behavior_id: UUID
    count: int
    points: int


@dataclass(frozen=True, slots=True)
class TabletSession:
    """A PIN sign-in on one device, ended or not, with the role its person has today."""

    id: UUID
    person_id: UUID
    role_id: UUID
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Where a log's photo is kept and whose log it is."""

    log_id: UUID
    person_id: UUID
    file_key: str
    content_type: str
    sha256: str


def log(tx: Read, log_id: UUID) -> LogView:
    """One log of the organization, whosever it is. Raises 404 for a foreign or unknown id."""
    found = find(tx, log_id)
    if found is None:
        raise not_found("log")
    return found


def find(tx: Read, log_id: UUID) -> LogView | None:
    """Like `log`, with None for a foreign or unknown id."""
    row = tx.execute(_logs(tx).where(BehaviorLog.id == log_id)).one_or_none()
    return None if row is None else _view(row)


def logs(tx: Read, wanted: LogFilter, *, limit: int, after: tuple[date, UUID] | None = None) -> list[LogView]:
    """Logs by business date and id, newest first. `after` is the last one of the page before."""
    query = _logs(tx).order_by(BehaviorLog.business_date.desc(), BehaviorLog.id.desc()).limit(limit)
    for column, value in (
        (BehaviorLog.person_id, wanted.person_id),
        (BehaviorLog.behavior_id, wanted.behavior_id),
        (BehaviorLog.status, wanted.status),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.first is not None:
        query = query.where(BehaviorLog.business_date >= wanted.first)
    if wanted.last is not None:
        query = query.where(BehaviorLog.business_date <= wanted.last)
    if wanted.department_id is not None:
        query = query.join(
            Person,
            and_(Person.organization_id == BehaviorLog.organization_id, Person.id == BehaviorLog.person_id),
        ).where(Person.department_id == wanted.department_id)
    if wanted.flag is not None:
        query = query.where(has_flag(wanted.flag))
    if after is not None:
        query = query.where(tuple_(BehaviorLog.business_date, BehaviorLog.id) < tuple_(*after))
    return [_view(row) for row in tx.execute(query)]


def has_flag(flag: Flag) -> Any:
    """Whether a log carries the flag, as a condition. Flags are few words of our own, so the text can be searched."""
    return cast(BehaviorLog.flags, String).like(f'%"{flag.value}"%')


def person_day(tx: Read, person_id: UUID, day: date, *, limit: int = 200) -> list[LogView]:
    """A person's logs of a business date, newest first, undone ones too."""
    query = (
        _logs(tx)
        .where(BehaviorLog.person_id == person_id, BehaviorLog.business_date == day)
        .order_by(BehaviorLog.occurred_at.desc(), BehaviorLog.id.desc())
        .limit(limit)
    )
    return [_view(row) for row in tx.execute(query)]


def day_counts(tx: Read, person_id: UUID, day: date) -> list[DayCount]:
    """A person's logs that stand on a business date, by behavior."""
    query = (
        select(BehaviorLog.behavior_id, func.count(), func.sum(worth()))
        .where(
            BehaviorLog.organization_id == tx.organization_id,
            BehaviorLog.person_id == person_id,
            BehaviorLog.business_date == day,
            is_standing(),
        )
        .group_by(BehaviorLog.behavior_id)
    )
    return [DayCount(behavior_id, count, int(points)) for behavior_id, count, points in tx.execute(query)]


def tablet_sessions(tx: Read, device_id: UUID, ids: Collection[UUID]) -> dict[UUID, TabletSession]:
    """The PIN sign-ins among `ids` that were opened on this very device. Ended ones are here too."""
    query = (
        select(SignIn.id, SignIn.person_id, Person.role_id, SignIn.created_at, SignIn.ended_at)
        .join(Person, and_(Person.organization_id == SignIn.organization_id, Person.id == SignIn.person_id))
        .where(
            SignIn.organization_id == tx.organization_id,
            SignIn.device_id == device_id,
            SignIn.kind == "tablet",
            SignIn.id.in_(list(ids)),
        )
    )
    return {row.id: TabletSession(*row) for row in tx.execute(query)} if ids else {}


def evidence(tx: Read, log_id: UUID) -> EvidenceView:
    """Where the photo of a log is. Raises 404 where there is none."""
    row = tx.execute(
        select(
            Evidence.log_id,
            BehaviorLog.person_id,
            Evidence.file_key,
            Evidence.content_type,
            Evidence.sha256,
        )
        .join(
            BehaviorLog,
            and_(BehaviorLog.organization_id == Evidence.organization_id, BehaviorLog.id == Evidence.log_id),
        )
        .where(Evidence.organization_id == tx.organization_id, Evidence.log_id == log_id)
    ).one_or_none()
    if row is None:
        raise not_found("photo")
    return EvidenceView(*row)


def _logs(tx: Read) -> Any:
    return (
        select(
            BehaviorLog.id,
            BehaviorLog.person_id,
            BehaviorLog.behavior_id,
            Behavior.name.label("behavior_name"),
            BehaviorLog.business_date,
            BehaviorLog.occurred_at,
            BehaviorLog.received_at,
            BehaviorLog.status,
            BehaviorLog.verification,
            BehaviorLog.points,
            worth().label("worth"),
            BehaviorLog.outcome,
            BehaviorLog.place,
            BehaviorLog.amount_minor,
            BehaviorLog.covers,
            BehaviorLog.note,
            BehaviorLog.metadata_.label("metadata"),
            BehaviorLog.flags,
            BehaviorLog.has_evidence,
            BehaviorLog.reject_reason,
            BehaviorLog.reject_note,
            BehaviorLog.answer,
            BehaviorLog.answered_at,
        )
        .join(
            Behavior,
            and_(
                Behavior.organization_id == BehaviorLog.organization_id,
                Behavior.id == BehaviorLog.behavior_id,
            ),
        )
        .where(BehaviorLog.organization_id == tx.organization_id)
    )


def _view(row: Any) -> LogView:
    values = row._asdict()
    values["flags"] = tuple(values["flags"] or ())
    return LogView(**values)
