"""Events that were recorded without a link: before there was a chain, and by the release before while it still runs."""

from datetime import timedelta

from sqlalchemy import insert

from tests.audit.trail import LINKS, check
from tests.support.hotel import Hotel
from topline.audit import actions
from topline.audit.models import AuditEvent
from topline.core.clock import FixedClock
from topline.core.ids import new_id
from topline.core.transaction import Database


def old_release_records(database: Database, hotel: Hotel, count: int, clock: FixedClock) -> None:
    """As the release before the chain wrote events."""
    with database.write() as tx:
        for _ in range(count):
            tx.change(
                insert(AuditEvent).values(
                    organization_id=hotel.organization_id,
                    id=new_id(),
                    at=clock.now(),
                    act="person.changed",
                    actor_kind="person",
                    actor_id=hotel.olive.id,
                    actor_label="Olive",
                    subject_type="person",
                    subject_id=hotel.sam.id,
                    address="",
                    request_id="",
                )
            )


def test_events_of_before_are_taken_in_before_new_ones(
    database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    old_release_records(database, hotel, 3, clock)
    clock.advance(timedelta(days=1))
    with database.write(hotel.olive.actor) as tx:
        actions.record(tx, "person.changed", "person", hotel.sam.id)
    assert check(database, hotel).head.seq == 0
    with database.write(hotel.olive.actor) as tx:
        assert actions.sweep(tx) == 4
    assert check(database, hotel).head.seq == 4
    assert check(database, hotel).broken is None


def test_events_the_old_release_still_records_are_taken_in(
    database: Database, trail: Hotel, clock: FixedClock
) -> None:
    old_release_records(database, trail, 2, clock)
    assert check(database, trail).waiting == 2
    assert check(database, trail).broken is None
    clock.advance(timedelta(minutes=6))
    broken = check(database, trail).broken
    assert broken is not None
    assert "topline audit seal" in broken.problem
    with database.write(trail.olive.actor) as tx:
        assert actions.sweep(tx) == 2
    assert check(database, trail).broken is None
    assert check(database, trail).head.seq == LINKS + 2
