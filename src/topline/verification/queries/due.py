"""What the program itself decides: logs whose time is over, and logs the house lets a rule decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog, LogEvent
from topline.verification.queries.filters import is_waiting


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A waiting log as the rule needs it."""

    id: UUID
    person_id: UUID
    behavior_id: UUID
    business_date: date
    verification: str
    flags: tuple[str, ...]
    has_evidence: bool
    amount_minor: int | None


def due(tx: Read, received_before: datetime, limit: int) -> list[UUID]:
    """Waiting logs that came in before that instant, and were not reopened since it."""
    reopened = select(LogEvent.id).where(
        LogEvent.organization_id == BehaviorLog.organization_id,
        LogEvent.log_id == BehaviorLog.id,
        LogEvent.act == "reopened",
        LogEvent.at >= received_before,
    )
    query = (
        select(BehaviorLog.id)
        .where(
            BehaviorLog.organization_id == tx.organization_id,
            is_waiting(),
            BehaviorLog.received_at < received_before,
            ~reopened.exists(),
        )
        .order_by(BehaviorLog.business_date, BehaviorLog.id)
        .limit(limit)
    )
    return list(tx.execute(query).scalars())


def waiting_for_rule(
    tx: Read, received_before: datetime, limit: int, after: tuple[date, UUID] | None
) -> list[RuleRow]:
    """Waiting logs that came in before that instant, oldest business date first."""
    query = select(
        BehaviorLog.id,
        BehaviorLog.person_id,
        BehaviorLog.behavior_id,
        BehaviorLog.business_date,
        BehaviorLog.verification,
        BehaviorLog.flags,
        BehaviorLog.has_evidence,
        BehaviorLog.amount_minor,
    ).where(
        BehaviorLog.organization_id == tx.organization_id,
        is_waiting(),
        BehaviorLog.received_at < received_before,
    )
    if after is not None:
        query = query.where(tuple_(BehaviorLog.business_date, BehaviorLog.id) > tuple_(*after))
    rows: Any = tx.execute(query.order_by(BehaviorLog.business_date, BehaviorLog.id).limit(limit))
    return [RuleRow(**{**row._asdict(), "flags": tuple(row.flags or ())}) for row in rows]


def decided_counts(tx: Read, people: Collection[UUID], since: date) -> dict[UUID, tuple[int, int]]:
    """How many logs of each of these people were verified and rejected since a business date."""
    verified = func.count().filter(BehaviorLog.status == "verified")
    rejected = func.count().filter(BehaviorLog.status == "rejected")
    query = (
        select(BehaviorLog.person_id, verified, rejected)
        .where(
            BehaviorLog.organization_id == tx.organization_id,
            BehaviorLog.person_id.in_(list(people)),
            BehaviorLog.business_date >= since,
            BehaviorLog.verification != "self_reported",
        )
        .group_by(BehaviorLog.person_id)
    )
    return {row[0]: (row[1], row[2]) for row in tx.execute(query)}


def day_counts(
    tx: Read, people: Collection[UUID], days: Collection[date]
) -> dict[tuple[UUID, UUID, date], int]:
    """How many logs that still stand each of these people has on each of these dates, by (person, behavior, date)."""
    query = (
        select(BehaviorLog.person_id, BehaviorLog.behavior_id, BehaviorLog.business_date, func.count())
        .where(
            BehaviorLog.organization_id == tx.organization_id,
            BehaviorLog.person_id.in_(list(people)),
            BehaviorLog.business_date.in_(list(days)),
            BehaviorLog.status.in_(("pending", "verified")),
        )
        .group_by(BehaviorLog.person_id, BehaviorLog.behavior_id, BehaviorLog.business_date)
    )
    return {(row[0], row[1], row[2]): row[3] for row in tx.execute(query)}
