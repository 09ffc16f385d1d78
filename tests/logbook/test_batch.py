"""A tablet's queue: every item answered by itself, whoever has left meanwhile, however often it is sent."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import insert, update

from tests.logbook.make import log_body, logged, stored_logs, trail
from tests.support.hotel import Hotel, Member, headers
from topline.access.models import Device, SignIn
from topline.core.clock import FixedClock
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
PATH = "/api/behavior-logs/batch"


def iso(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def late(who: Member, behavior: UUID, at: datetime, **more: Any) -> dict[str, Any]:
    """A tap by `who` that waited on the tablet."""
    return log_body(behavior, session_id=str(who.actor.credential_id), occurred_at=iso(at), **more)


def send(client: Client, who: Any, logs: list[Any] = [], undos: list[Any] = []) -> list[dict[str, Any]]:  # noqa: B006
    answer = client.post(PATH, json={"logs": logs, "undos": undos}, headers=headers(who))
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def test_fifty_taps_arrive_once_in_the_tablets_order_even_when_every_answer_is_lost(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    start = clock.instant
    clock.advance(timedelta(hours=1))
    taps = [late(hotel.sam, hotel.offer, start + timedelta(seconds=20 * n), place=str(n)) for n in range(50)]
    shuffled = taps[25:] + taps[:25]
    for _ in range(3):
        results = send(client, hotel.tablet, shuffled)
    assert [one["result"] for one in results] == ["already_stored"] * 50
    assert [one["id"] for one in results] == [tap["id"] for tap in shuffled]
    rows = stored_logs(database, hotel)
    assert len(rows) == 50
    in_time = sorted(rows, key=lambda row: row.occurred_at)
    assert [row.place for row in in_time] == [str(n) for n in range(50)]
    assert {(row.person_id, row.device_id, row.sign_in_id) for row in rows} == {
        (hotel.sam.id, hotel.tablet.id, hotel.sam.actor.credential_id)
    }
    assert all("offline" in row.flags for row in rows)


def test_one_refused_item_holds_back_nobody(
    client: Client, database: Database, hotel: Hotel, other_hotel: Hotel, clock: FixedClock
) -> None:
    now = clock.instant
    taken = logged(database, hotel, hotel.cleo, hotel.offer)
    logs = [
        late(hotel.sam, hotel.offer, now),
        late(hotel.sam, hotel.shake, now),
        late(hotel.sam, hotel.offer, now + timedelta(minutes=3)),
        late(hotel.sam, hotel.offer, now) | {"session_id": str(new_id())},
        late(hotel.max, hotel.offer, now),
        late(other_hotel.sam, hotel.offer, now),
        late(hotel.sam, hotel.offer, now) | {"id": str(taken)},
        late(hotel.sam, hotel.offer, now, covers=-1),
        late(hotel.sam, hotel.offer, now) | {"surprise": 1},
        late(hotel.sam, hotel.offer, now) | {"id": "no-id"},
        "nonsense",
        late(hotel.bea, hotel.shake, now),
    ]
    results = send(client, hotel.tablet, logs)
    assert [(one["result"], one["code"]) for one in results] == [
        ("stored", None),
        ("refused", "behavior_not_assigned"),
        ("refused", "occurred_at_in_future"),
        ("refused", "session_unknown"),
        ("refused", "session_unknown"),
        ("refused", "session_unknown"),
        ("refused", "id_taken"),
        ("refused", "out_of_range"),
        ("refused", "invalid"),
        ("refused", "invalid"),
        ("refused", "invalid"),
        ("stored", None),
    ]
    assert all(one["detail"] for one in results if one["result"] == "refused")
    assert [one["log"]["person_id"] for one in results if one["log"]] == [
        str(hotel.sam.id),
        str(hotel.bea.id),
    ]
    assert len(stored_logs(database, hotel)) == 3


def test_a_session_speaks_for_its_own_time_only(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    # The cast signed in one minute ago; Sam signed out half an hour later and the queue comes in after two hours.
    opened = clock.instant - timedelta(minutes=1)
    clock.advance(timedelta(hours=2))
    with database.write() as tx:
        ended = opened + timedelta(minutes=30)
        tx.change(
            update(SignIn).where(SignIn.person_id == hotel.sam.id).values(ended_at=ended, end_reason="done")
        )
    logs = [
        late(hotel.sam, hotel.offer, opened - timedelta(minutes=3)),
        late(hotel.sam, hotel.offer, opened - timedelta(minutes=1)),
        late(hotel.sam, hotel.offer, opened + timedelta(minutes=29)),
        late(hotel.sam, hotel.offer, opened + timedelta(minutes=33)),
    ]
    results = send(client, hotel.tablet, logs)
    assert [(one["result"], one["code"]) for one in results] == [
        ("refused", "session_not_open"),
        ("stored", None),
        ("stored", None),
        ("refused", "session_not_open"),
    ]


def test_a_session_of_another_tablet_does_not_count(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    elsewhere = new_id()
    with database.write() as tx:
        made = {"organization_id": hotel.organization_id, "id": elsewhere, "location_id": hotel.location_id}
        tx.change(
            insert(Device).values(**made, kind="tablet", name="Bar", token_hash=b"x" * 32, created_at=tx.now)
        )
        tx.change(update(SignIn).where(SignIn.person_id == hotel.sam.id).values(device_id=elsewhere))
    (result,) = send(client, hotel.tablet, [late(hotel.sam, hotel.offer, clock.instant)])
    assert (result["result"], result["code"]) == ("refused", "session_unknown")


def test_an_undo_counts_from_when_it_was_tapped(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    tapped = clock.instant
    clock.advance(timedelta(hours=1))
    logs = [late(hotel.sam, hotel.offer, tapped) for _ in range(2)]
    session = str(hotel.sam.actor.credential_id)
    undos = [
        {"id": logs[0]["id"], "session_id": session, "undone_at": iso(tapped + timedelta(minutes=4))},
        {"id": str(new_id()), "session_id": session, "undone_at": iso(tapped)},
        {"id": logs[1]["id"], "session_id": str(hotel.cleo.actor.credential_id), "undone_at": iso(tapped)},
    ]
    for _ in range(2):
        results = send(client, hotel.tablet, logs, undos)
    assert [one["result"] for one in results] == [
        "already_stored",
        "already_stored",
        "undone",
        "refused",
        "refused",
    ]
    assert [one["code"] for one in results[3:]] == ["not_found", "not_own"]
    assert trail(database, logs[0]["id"]) == [("undone", "pending", "undone")]
    assert {str(row.id): row.status for row in stored_logs(database, hotel)} == {
        logs[0]["id"]: "undone",
        logs[1]["id"]: "pending",
    }


def test_an_undo_that_was_tapped_too_late_stays_refused(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.offer)
    tapped = clock.instant
    clock.advance(timedelta(hours=1))
    undo = {
        "id": str(log_id),
        "session_id": str(hotel.sam.actor.credential_id),
        "undone_at": iso(tapped + timedelta(minutes=6)),
    }
    (result,) = send(client, hotel.tablet, [], [undo])
    assert (result["result"], result["code"]) == ("refused", "undo_too_late")


def test_a_retry_after_the_behavior_was_switched_off_is_still_answered(
    client: Client, hotel: Hotel, clock: FixedClock
) -> None:
    tap = late(hotel.sam, hotel.offer, clock.instant)
    assert send(client, hotel.tablet, [tap])[0]["result"] == "stored"
    client.patch(f"/api/behaviors/{hotel.offer}", json={"active": False}, headers=headers(hotel.olive))
    assert send(client, hotel.tablet, [tap])[0]["result"] == "already_stored"
    fresh = late(hotel.sam, hotel.offer, clock.instant)
    assert send(client, hotel.tablet, [fresh])[0]["code"] == "behavior_inactive"


@pytest.mark.parametrize(
    "body", [{"logs": [{}] * 201}, {"logs": [{}] * 101, "undos": [{}] * 100}, {"logs": {}}, {"surprise": []}]
)
def test_a_parcel_has_its_limits(client: Client, hotel: Hotel, body: dict[str, Any]) -> None:
    answer = client.post(PATH, json=body, headers=headers(hotel.tablet))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


def test_only_a_tablet_sends_a_queue(client: Client, hotel: Hotel) -> None:
    answer = client.post(PATH, json={"logs": []}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.json()["code"]) == (401, "device_unknown")
    assert client.post(PATH, json={"logs": []}, headers=headers(hotel.max)).status_code == 401
    assert client.post(PATH, json={"logs": []}, headers=headers(hotel.tablet)).json() == {"results": []}
