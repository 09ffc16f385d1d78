"""A house whose audit trail has a few events."""

import pytest

from tests.support.hotel import Hotel
from topline.audit import actions
from topline.core.transaction import Database


@pytest.fixture
def trail(database: Database, hotel: Hotel) -> Hotel:
    """A house with six events in its chain, two of them of one transaction."""
    for number in (1, 2, 3, 4):
        with database.write(hotel.olive.actor, f"request-{number}", "192.0.2.7") as tx:
            actions.record(
                tx, "person.changed", "person", hotel.sam.id, before={"n": number}, after={"n": number + 1}
            )
            if number > 2:
                actions.record(tx, "department.created", "department", hotel.bar_id, after={"name": "Bar"})
    return hotel
