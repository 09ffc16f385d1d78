"""The statements of the hottest path: store logs and count their persons' days.

Round trips decide how many logs a second the house can take. So all logs that wait for the disk together are counted
and stored by one statement on PostgreSQL, which needs no transaction around it, and by two on SQLite, which knows no
insert inside a `WITH`. The logs come as one JSON document, so that there is one statement whatever their number.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, String, TextClause, case, literal_column, or_, text
from sqlalchemy.dialects import postgresql, sqlite

from topline.logbook.models import BehaviorLog
from topline.logbook.rules import BURST_COUNT, LogStatus

#: What a new row is made of, with its type on PostgreSQL; the other columns are for those who decide later.
INSERTED: Final = {
    "organization_id": "uuid",
    "id": "uuid",
    "person_id": "uuid",
    "behavior_id": "uuid",
    "location_id": "uuid",
    "device_id": "uuid",
    "sign_in_id": "uuid",
    "business_date": "date",
    "occurred_at": "timestamptz",
    "received_at": "timestamptz",
    "status": "text",
    "verification": "text",
    "points": "integer",
    "outcome": "text",
    "place": "text",
    "amount_minor": "bigint",
    "covers": "integer",
    "note": "text",
    "metadata": "jsonb",
    "flags": "jsonb",
    "has_evidence": "boolean",
}
#: What decides about a row without being stored. `ahead` counts logs of the same group that make a burst with it.
ASKED: Final = {
    "number": "integer",
    "today": "date",
    "burst_from": "timestamptz",
    "burst_flags": "jsonb",
    "ahead": "integer",
}


_POSTGRESQL: Final[Any] = postgresql.dialect()  # type: ignore[no-untyped-call]
_SQLITE: Final[Any] = sqlite.dialect()


def worth() -> ColumnElement[int]:
    """What a log counts in points, as a column: the same as `scoring.rules.points_for`, which has the table."""
    return case((is_standing(), _worth_standing()), else_=_number(0))


def is_standing() -> ColumnElement[bool]:
    """Whether a log still counts."""
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


def _counted(dialect: Any) -> str:
    """Counts of each person's day, and how many logs of the behavior came in the minute before (a burst?).

    A log may belong to another business date than today: the burst is looked for there, the counts are today's.

    The status stands in the filters and not in the join: an unanalyzed SQLite would otherwise walk the index of the
    verification queue, every pending log of the house, instead of the one of this person's day.
    """
    standing = str(is_standing().compile(dialect=dialect))
    points = str(_worth_standing().compile(dialect=dialect))
    today = f"({standing}) AND behavior_logs.business_date = asked.today"
    same = "behavior_logs.behavior_id = asked.behavior_id"
    near = (
        f"({standing}) AND {same} AND behavior_logs.business_date = asked.business_date"
        " AND behavior_logs.occurred_at BETWEEN asked.burst_from AND asked.occurred_at"
    )
    return f"""count(*) FILTER (WHERE {today}) AS count,
               count(*) FILTER (WHERE {today} AND {same}) AS behavior_count,
               coalesce(sum({points}) FILTER (WHERE {today}), 0) AS points,
               count(*) FILTER (WHERE {near}) AS recent"""


_OWN_DAYS: Final = """behavior_logs.organization_id = asked.organization_id
         AND behavior_logs.person_id = asked.person_id
         AND behavior_logs.business_date IN (asked.today, asked.business_date)"""
_IS_BURST: Final = f"day.recent + asked.ahead >= {BURST_COUNT - 1}"


def _in_one() -> TextClause:
    types = ", ".join(f'"{name}" {kind}' for name, kind in (INSERTED | ASKED).items())
    columns = ", ".join(INSERTED)
    values = ", ".join(
        f"CASE WHEN {_IS_BURST} THEN asked.burst_flags ELSE asked.flags END"
        if name == "flags"
        else f"asked.{name}"
        for name in INSERTED
    )
    # In the order of ids, so that two groups with the same logs wait for each other instead of both for ever.
    return text(
        f"""
        WITH asked AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS rows({types})),
        day AS MATERIALIZED (
            SELECT asked.number, counted.*
            FROM asked CROSS JOIN LATERAL
              (SELECT {_counted(_POSTGRESQL)} FROM behavior_logs WHERE {_OWN_DAYS}) AS counted
        ),
        stored AS (
            INSERT INTO behavior_logs ({columns})
            SELECT {values} FROM asked JOIN day ON day.number = asked.number
            ORDER BY asked.organization_id, asked.id, asked.number
            ON CONFLICT (organization_id, id) DO NOTHING
            RETURNING organization_id, id
        )
        SELECT day.number, day.count, day.behavior_count, day.points, day.recent, stored.id IS NOT NULL
        FROM day JOIN asked ON asked.number = day.number
        LEFT JOIN stored ON stored.organization_id = asked.organization_id AND stored.id = asked.id
        """  # noqa: S608 - made of our own column names
    )


def _counts() -> TextClause:
    values = ", ".join(
        f"value ->> '$.{name}' AS {name}"
        for name in (
            "organization_id",
            "id",
            "person_id",
            "behavior_id",
            "business_date",
            "occurred_at",
            "today",
            "burst_from",
        )
    )
    # One row for all: the interpreter's lock changes hands with every row that is fetched.
    return text(
        f"""
        WITH asked AS MATERIALIZED (SELECT key AS number, {values} FROM json_each(:rows)),
        day AS MATERIALIZED (
            SELECT asked.number, {_counted(_SQLITE)}
            FROM asked LEFT JOIN behavior_logs ON {_OWN_DAYS}
            GROUP BY asked.number
        )
        SELECT json_group_array(json_array(
            day.number, day.count, day.behavior_count, day.points, day.recent,
            NOT EXISTS (
                SELECT 1 FROM behavior_logs
                WHERE behavior_logs.organization_id = asked.organization_id AND behavior_logs.id = asked.id
            )
        ))
        FROM day JOIN asked ON asked.number = day.number
        """  # noqa: S608 - made of our own column names
    )


def _store() -> TextClause:
    values = ", ".join(f"value ->> '$.{name}'" for name in INSERTED)
    return text(
        f"INSERT INTO behavior_logs ({', '.join(INSERTED)}) SELECT {values} FROM json_each(:rows) WHERE true"  # noqa: S608
        " ON CONFLICT (organization_id, id) DO NOTHING"
    )


#: PostgreSQL: everything at once. SQLite: the counts first, then the rows.
IN_ONE: Final = _in_one()
COUNTS: Final = _counts()
STORE: Final = _store()
