"""The rows of the queue with everything a decision needs to see."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from topline.behaviors.models import Behavior
from topline.core.errors import not_found
from topline.core.text import initials
from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog
from topline.logbook.rules import Flag
from topline.organizations.models import Department
from topline.people.models import Person
from topline.verification.queries.filters import BEHAVIOR, PERSON, Key, QueueFilter, Sample, keys
from topline.verification.rules import repeats

#: Logs of one person and behavior in a day are few; this only bounds the read.
_MOST_NEIGHBORS: Final = 5_000


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One log as the person who decides sees it.

    `blocked` is why it cannot be verified by the caller (`own_log`, `evidence_missing`), else None. `repeats` is how
    many the same person logged of it within one minute, 0 where nothing was noticed.
    """

    id: UUID
    person_id: UUID
    person_name: str
    color: int
    department_name: str
    behavior_id: UUID
    behavior_name: str
    icon: str
    place_label: str | None
    business_date: date
    occurred_at: datetime
    received_at: datetime
    status: str
    verification: str
    points: int
    outcome: str | None
    place: str | None
    amount_minor: int | None
    covers: int | None
    note: str | None
    flags: tuple[str, ...]
    has_evidence: bool
    decided_at: datetime | None
    decided_by_name: str | None
    reject_reason: str | None
    reject_note: str | None
    answer: str | None
    answered_at: datetime | None
    blocked: str | None
    repeats: int = 0

    @property
    def initials(self) -> str:
        """For the avatar."""
        return initials(self.person_name)

    @property
    def key(self) -> Key:
        """Where it stands in its list."""
        return Key(self.decided_at or self.business_date, self.id)


def page(
    tx: Read, wanted: QueueFilter, *, limit: int, after: Key | None = None, sample: Sample | None = None
) -> list[QueueItem]:
    """At most `limit` rows of the queue in its order."""
    return items(tx, [key.id for key in keys(tx, wanted, limit=limit, after=after, sample=sample)])


def item(tx: Read, log_id: UUID) -> QueueItem:
    """One log, in whatever state. Raises 404 for a foreign or unknown id."""
    found = items(tx, [log_id])
    if not found:
        raise not_found("log")
    return found[0]


def items(tx: Read, ids: Iterable[UUID]) -> list[QueueItem]:
    """The logs of these ids in the order given; unknown ones are left out."""
    wanted = list(ids)
    if not wanted:
        return []
    decider = aliased(Person)
    query = (
        select(
            BehaviorLog.id,
            BehaviorLog.person_id,
            Person.name.label("person_name"),
            Person.color,
            Department.name.label("department_name"),
            BehaviorLog.behavior_id,
            Behavior.name.label("behavior_name"),
            Behavior.icon,
            Behavior.place_label,
            BehaviorLog.business_date,
            BehaviorLog.occurred_at,
            BehaviorLog.received_at,
            BehaviorLog.status,
            BehaviorLog.verification,
            BehaviorLog.points,
            BehaviorLog.outcome,
            BehaviorLog.place,
            BehaviorLog.amount_minor,
            BehaviorLog.covers,
            BehaviorLog.note,
            BehaviorLog.flags,
            BehaviorLog.has_evidence,
            BehaviorLog.decided_at,
            decider.name.label("decided_by_name"),
            BehaviorLog.reject_reason,
            BehaviorLog.reject_note,
            BehaviorLog.answer,
            BehaviorLog.answered_at,
        )
        .join(Person, PERSON)
        .join(
            Department,
            and_(Department.organization_id == Person.organization_id, Department.id == Person.department_id),
        )
        .join(Behavior, BEHAVIOR)
        .outerjoin(
            decider,
            and_(
                decider.organization_id == BehaviorLog.organization_id, decider.id == BehaviorLog.decided_by
            ),
        )
        .where(BehaviorLog.organization_id == tx.organization_id, BehaviorLog.id.in_(wanted))
    )
    found = {row.id: _item(tx, row) for row in tx.execute(query)}
    return _with_repeats(tx, [found[log_id] for log_id in wanted if log_id in found])


def _item(tx: Read, row: Any) -> QueueItem:
    values = row._asdict()
    values["flags"] = tuple(values["flags"] or ())
    values["decided_at"] = None if row.status == "pending" else row.decided_at
    blocked = None
    if row.person_id == tx.actor.person_id:
        blocked = "own_log"
    elif row.verification == "evidence" and not row.has_evidence:
        blocked = "evidence_missing"
    return QueueItem(**values, blocked=blocked)


def _with_repeats(tx: Read, found: list[QueueItem]) -> list[QueueItem]:
    """Say of those that came in a burst how many there were. One statement for all, none when there is no burst."""
    bursts = [one for one in found if Flag.BURST in one.flags]
    if not bursts:
        return found
    query = (
        select(
            BehaviorLog.id,
            BehaviorLog.person_id,
            BehaviorLog.behavior_id,
            BehaviorLog.business_date,
            BehaviorLog.occurred_at,
        )
        .where(
            BehaviorLog.organization_id == tx.organization_id,
            BehaviorLog.person_id.in_({one.person_id for one in bursts}),
            BehaviorLog.business_date.in_({one.business_date for one in bursts}),
            BehaviorLog.behavior_id.in_({one.behavior_id for one in bursts}),
            BehaviorLog.status != "undone",
        )
        .limit(_MOST_NEIGHBORS)
    )
    near = list(tx.execute(query))

    def counted(one: QueueItem) -> QueueItem:
        same = (one.person_id, one.behavior_id, one.business_date)
        others = [row.occurred_at for row in near if tuple(row[1:4]) == same and row.id != one.id]
        return replace(one, repeats=repeats(others, one.occurred_at))

    return [counted(one) if Flag.BURST in one.flags else one for one in found]
