"""What the logs of a day add up to, as SQL: the same table of points as `scoring.rules`, for many logs at once."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog
from topline.scoring.models import DayTotal
from topline.scoring.rules import STANDING

#: The columns of `totals`, in its order.
COLUMNS: Final = (
    DayTotal.organization_id,
    DayTotal.business_date,
    DayTotal.person_id,
    DayTotal.behavior_id,
    DayTotal.standing,
    DayTotal.verified,
    DayTotal.accepted,
    DayTotal.points,
    DayTotal.amount_minor,
)


def log_stands() -> ColumnElement[bool]:
    """Whether a log still counts, as a condition."""
    return BehaviorLog.status.in_(sorted(STANDING))


def points_counted() -> ColumnElement[int]:
    """What one log counts: `scoring.rules.points_for` as a CASE. A test holds the two equal for every combination."""
    doubled = and_(BehaviorLog.status == "verified", BehaviorLog.verification != "self_reported")
    worth = BehaviorLog.points * case((doubled, 2), else_=1)
    # Half a point is rounded up: points are positive, so adding one before the whole division does it.
    return case(
        (and_(log_stands(), BehaviorLog.has_evidence), (worth * 3 + 1) // 2),
        (log_stands(), worth),
        else_=0,
    )


def totals(
    tx: Read, first: date, last: date, people: Collection[UUID] | None = None
) -> Select[*tuple[Any, ...]]:
    """A select of what each person's logs add up to by date and behavior, in the order of `COLUMNS`.

    `amount_minor` is what was sold: amounts of offers that were not accepted are left out.
    """
    sold = or_(BehaviorLog.outcome.is_(None), BehaviorLog.outcome == "accepted")
    query = (
        select(
            BehaviorLog.organization_id,
            BehaviorLog.business_date,
            BehaviorLog.person_id,
            BehaviorLog.behavior_id,
            func.count(),
            func.sum(case((BehaviorLog.status == "verified", 1), else_=0)),
            func.sum(case((BehaviorLog.outcome == "accepted", 1), else_=0)),
            func.sum(points_counted()),
            func.coalesce(func.sum(case((sold, BehaviorLog.amount_minor), else_=0)), 0),
        )
        .where(
            BehaviorLog.organization_id == tx.organization_id,
            BehaviorLog.business_date.between(first, last),
            log_stands(),
        )
        .group_by(
            BehaviorLog.organization_id,
            BehaviorLog.business_date,
            BehaviorLog.person_id,
            BehaviorLog.behavior_id,
        )
    )
    return query if people is None else query.where(BehaviorLog.person_id.in_(people))
