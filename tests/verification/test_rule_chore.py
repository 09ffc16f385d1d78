"""The chore that verifies by rule: only where the house asked, and never what is doubtful."""

from datetime import timedelta

from tests.support.hotel import Hotel, headers
from tests.verification.make import Client, make_logs, statuses
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.verification.chores import verify_by_rule_everywhere


def test_the_rule_decides_only_where_the_house_asked_and_never_what_is_doubtful(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    at = database.clock.now() - timedelta(days=2)
    make_logs(database, hotel, hotel.sam, 30, status="verified", at=at, decided_at=at)
    plain = make_logs(database, hotel, hotel.sam, 3)
    [flagged] = make_logs(database, hotel, hotel.sam, flags=["burst"])
    [amount] = make_logs(database, hotel, hotel.sam, amount_minor=900)
    [new_person] = make_logs(database, hotel, hotel.cleo)
    clock.advance(timedelta(minutes=6))
    assert verify_by_rule_everywhere(database, b"secret") == 0
    set_rule(client, hotel)
    assert verify_by_rule_everywhere(database, b"secret") == 3
    assert statuses(database, plain) == ["verified"] * 3
    assert statuses(database, [flagged, amount, new_person]) == ["pending"] * 3


def set_rule(client: Client, hotel: Hotel) -> None:
    """Switch the rule on, with nothing left for the sample."""
    found = client.get("/api/organization", headers=headers(hotel.olive)).json()
    wanted = {"sample_bp": 0, "auto_verify": True}
    body = {"version": found["version"], "settings": {**found["settings"], "verification": wanted}}
    assert client.patch("/api/organization", json=body, headers=headers(hotel.olive)).status_code == 200
