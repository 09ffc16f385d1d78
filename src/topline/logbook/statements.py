"""The statements of the hottest path: store a log and count the person's day.

Round trips decide how many logs a second the house can take, so PostgreSQL gets counts and insert as one statement
that needs no transaction around it. SQLite knows no insert inside a `WITH`, but asking it again costs no trip.
"""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from topline.core.db import Document, Instant
from topline.logbook.models import BehaviorLog
from topline.logbook.rules import BURST_COUNT, LogStatus

#: What a new row is made of; the other columns are for those who decide later.
INSERTED: Final = (
    "organization_id",
    "id",
    "person_id",
    "behavior_id",
    "location_id",
    "device_id",
    "sign_in_id",
    "business_date",
    "occurred_at",
    "received_at",
    "status",
    "verification",
    "points",
    "outcome",
    "place",
    "amount_minor",
    "covers",
    "note",
    "metadata",
    "flags",
    "has_evidence",
)
_TABLE: Final = BehaviorLog.__table__
_KEY: Final = [_TABLE.c.organization_id, _TABLE.c.id]


def worth() -> ColumnElement[int]:
    """What a log counts in points, as a column: the same as `scoring.rules.points_for`, which has the table."""
    return case((is_standing(), _worth_standing()), else_=_number(0))


def is_standing() -> ColumnElement[bool]:
    """Whether a log still counts."""
    # Constants are written into the statement: fewer parameters to carry on the hottest path.
    return or_(
        BehaviorLog.status == _word(LogStatus.PENDING), BehaviorLog.status == _word(LogStatus.VERIFIED)
    )


def _worth_standing() -> Any:
    doubled = (BehaviorLog.status == _word(LogStatus.VERIFIED)) & (
        BehaviorLog.verification != _word("self_reported")
    )
    base: Any = BehaviorLog.points * case((doubled, _number(2)), else_=_number(1))
    return case((BehaviorLog.has_evidence, (base * _number(3) + _number(1)) // _number(2)), else_=base)


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), Integer())


def _word(value: str) -> ColumnElement[str]:
    return literal_column(f"'{value}'", String())


def _bound(name: str) -> Any:
    return bindparam(name, type_=_TABLE.c[name].type)


def _day() -> Any:
    """Counts of the person's day, and how many logs of this behavior came in the minute before (a burst?).

    The log may belong to another business date than today: the burst is looked for there, the counts are today's.
    """
    today = bindparam("today", type_=_TABLE.c.business_date.type)
    is_today = and_(is_standing(), BehaviorLog.business_date == today)
    same = BehaviorLog.behavior_id == _bound("behavior_id")
    near = and_(
        is_standing(),
        same,
        BehaviorLog.business_date == _bound("business_date"),
        BehaviorLog.occurred_at.between(bindparam("burst_from", type_=Instant()), _bound("occurred_at")),
    )
    # The status stands in the filters and not in the WHERE: an unanalyzed SQLite would otherwise walk the index of
    # the verification queue, every pending log of the house, instead of the one of this person's day.
    return select(
        func.count().filter(is_today).label("count"),
        func.count().filter(is_today, same).label("behavior_count"),
        func.coalesce(cast(func.sum(_worth_standing()).filter(is_today), Integer), _number(0)).label(
            "points"
        ),
        func.count().filter(near).label("recent"),
    ).where(
        BehaviorLog.organization_id == _bound("organization_id"),
        BehaviorLog.person_id == _bound("person_id"),
        BehaviorLog.business_date.in_((today, _bound("business_date"))),
    )


def _in_one() -> Any:
    day = _day().cte("day").prefix_with("MATERIALIZED")
    values: list[Any] = [_bound(name) for name in INSERTED]
    flags = INSERTED.index("flags")
    burst = day.c.recent >= _number(BURST_COUNT - 1)
    values[flags] = case((burst, bindparam("burst_flags", type_=Document)), else_=values[flags])
    stored = (
        postgresql.insert(BehaviorLog)
        .from_select(
            [_TABLE.c[name] for name in INSERTED], select(*values).select_from(day), include_defaults=False
        )
        .on_conflict_do_nothing(index_elements=_KEY)
        .returning(_TABLE.c.flags)
        .cte("stored")
    )
    return select(
        day.c["count", "behavior_count", "points", "recent"],
        select(func.count()).select_from(stored).scalar_subquery().label("inserted"),
    )


#: PostgreSQL: everything at once. Parameters: `INSERTED`, `today`, `burst_from`, `burst_flags`.
IN_ONE: Final = _in_one()
#: SQLite: the counts first (parameters: those the statement names), then the row.
DAY: Final = _day()
STORE: Final = (
    sqlite.insert(BehaviorLog)
    .values({_TABLE.c[name]: _bound(name) for name in INSERTED})
    .on_conflict_do_nothing(index_elements=_KEY)
)
