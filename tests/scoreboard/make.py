"""A house with results: benchmark, daily entries, opening hours and scoreboard settings, straight into the tables."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

from sqlalchemy import insert, update

from tests.support.cast import Cast
from topline.core.ids import new_id
from topline.core.transaction import Database, Write
from topline.organizations.models import Closure, Location, Organization
from topline.results.models import Benchmark, DailyEntry

#: `tests/conftest.py` stands still here: Wednesday, 4 March 2026, 10:00 in Lisbon.
TODAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
#: A house that is open from eight to eight.
EIGHT_TO_EIGHT = {name: ["08:00", "20:00"] for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def set_hours(tx: Write, cast: Cast, hours: Mapping[str, Any] = EIGHT_TO_EIGHT, **values: Any) -> None:
    """The weekly opening hours, and other columns of the location."""
    tx.change(
        update(Location).where(Location.id == cast.location_id).values(opening_hours=dict(hours), **values)
    )


def set_benchmark(tx: Write, cast: Cast, daily_minor: int = 100_000, year: int = 2025, **values: Any) -> None:
    """Last year, by what an average open day of it earned."""
    row = {"organization_id": cast.organization_id, "location_id": cast.location_id, "year": year}
    tx.change(insert(Benchmark).values(**row, revenue_minor=daily_minor * 365, days_open=365, **values))


def enter(tx: Write, cast: Cast, day: date, revenue_minor: int | None, **values: Any) -> None:
    """A day's results; closed unless said otherwise."""
    row = {"organization_id": cast.organization_id, "id": new_id(), "location_id": cast.location_id}
    made = {"status": "closed", "updated_at": tx.now, **values}
    tx.change(insert(DailyEntry).values(**row, business_date=day, revenue_minor=revenue_minor, **made))


def close_on(tx: Write, cast: Cast, day: date, reason: str = "") -> None:
    """A date on which the house does not open."""
    row = {"organization_id": cast.organization_id, "location_id": cast.location_id}
    tx.change(insert(Closure).values(**row, business_date=day, reason=reason))


def set_scoreboard(database: Database, cast: Cast, **settings: Any) -> None:
    """The hotel's wishes for its wall."""
    with database.write(cast.olga.actor) as tx:
        tx.change(
            update(Organization)
            .where(Organization.id == cast.organization_id)
            .values(settings={"scoreboard": settings})
        )


def days_before(count: int, day: date = TODAY) -> list[date]:
    """The dates before one, latest first."""
    return [day - timedelta(days=number) for number in range(1, count + 1)]


def words(html: str) -> str:
    """What somebody reads: no markup, no double blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).replace(" .", ".").replace(" ,", ",")
