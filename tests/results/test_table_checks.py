"""What the database refuses by itself, whoever writes: money, counts and points that cannot be."""

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from tests.support.hotel import Hotel, build_hotel
from topline.behaviors.models import BehaviorTerm
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.results.models import Benchmark, DailyEntry

IMPOSSIBLE = [
    *[
        (DailyEntry, name, -1)
        for name in ("revenue_minor", "room_revenue_minor", "covers", "guests", "arrivals")
    ],
    *[(DailyEntry, name, -1) for name in ("rooms_sold", "rooms_available")],
    *[(Benchmark, "revenue_minor", value) for value in (-1, 0)],
    *[(Benchmark, "days_open", value) for value in (0, 367)],
    *[(Benchmark, "growth_bp", value) for value in (-10_001, 100_001)],
    *[(BehaviorTerm, "points", value) for value in (-5, 0, 101)],
    *[(BehaviorTerm, "target", value) for value in (-1, 501)],
]


@pytest.fixture
def furnished(database: Database) -> Hotel:
    """A hotel with a day and a year."""
    hotel = build_hotel(database)
    mine = {"organization_id": hotel.organization_id, "location_id": hotel.location_id}
    with database.write() as tx:
        day = database.clock.now().date()
        entry = {"id": new_id(), "business_date": day, "status": "open", "source": "manual", "notes": ""}
        tx.change(
            insert(DailyEntry).values(
                **mine, **entry, revenue_minor=1, version=1, updated_at=database.clock.now()
            )
        )
        tx.change(
            insert(Benchmark).values(**mine, year=2025, revenue_minor=1, days_open=1, is_estimate=False)
        )
    return hotel


@pytest.mark.parametrize(("table", "column", "value"), IMPOSSIBLE)
def test_the_database_refuses_what_cannot_be(
    database: Database, furnished: Hotel, table: type, column: str, value: int
) -> None:
    mine = table.organization_id == furnished.organization_id  # type: ignore[attr-defined]
    with database.write() as tx:
        assert tx.change(update(table).where(mine).values({column: 100})) > 0
    with pytest.raises(IntegrityError), database.write() as tx:
        tx.change(update(table).where(mine).values({column: value}))
