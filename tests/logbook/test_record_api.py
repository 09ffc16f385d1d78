"""Logging through HTTP: what is stored, what is refused, and what a retry answers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.logbook.make import log_body, moved_to, renewed_sessions, stored_logs
from tests.support.hotel import Hotel, headers
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
PATH = "/api/behavior-logs"
NOBODY = "0198c2f0-6d2a-7c31-9d0a-5b1f3c7e2a10"


def test_a_log_is_stored_and_the_answer_tells_the_day(
    client: Client, database: Database, hotel: Hotel
) -> None:
    body = log_body(
        hotel.offer, place=" 12 ", amount_minor=1450, covers=2, outcome="accepted", note="Nice guests"
    )
    answer = client.post(PATH, json=body, headers=headers(hotel.sam))
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert said["log"] | {"id": body["id"], "place": "12", "points": 10, "status": "pending"} == said["log"]
    assert said["log"]["behavior_name"] == "Offer a starter"
    assert said["log"]["business_date"] == "2026-03-04"
    assert said["log"]["occurred_at"] == said["log"]["received_at"] == "2026-03-04T10:00:00Z"
    assert said["log"]["undo_until"] == "2026-03-04T10:05:00Z"
    assert (said["log"]["can_undo"], said["log"]["can_answer"]) == (True, False)
    assert said["today"] == {"count": 1, "target": 15, "points": 10}
    assert said["behavior"] == {"id": str(hotel.offer), "count": 1, "target": 5}
    (row,) = stored_logs(database, hotel)
    assert (row.person_id, row.device_id, row.location_id) == (
        hotel.sam.id,
        hotel.tablet.id,
        hotel.location_id,
    )
    assert row.sign_in_id == hotel.sam.actor.credential_id
    assert (row.amount_minor, row.covers, row.outcome, row.note) == (1450, 2, "accepted", "Nice guests")
    assert (row.metadata, row.flags) == (None, None)


def test_counts_are_the_person_s_own_and_today_s(client: Client, hotel: Hotel, clock: FixedClock) -> None:
    def tap(who: Any, behavior: Any, **more: Any) -> dict[str, Any]:
        answer = client.post(PATH, json=log_body(behavior, **more), headers=headers(who))
        assert answer.status_code == 201, answer.text
        said: dict[str, Any] = answer.json()
        return said

    tap(hotel.cleo, hotel.offer)
    tap(hotel.sam, hotel.greet)
    tap(hotel.sam, hotel.offer, occurred_at="2026-03-03T10:00:00Z")
    said = tap(hotel.sam, hotel.offer)
    assert said["today"] == {"count": 2, "target": 15, "points": 20}
    assert said["behavior"]["count"] == 1
    late = tap(hotel.sam, hotel.offer, occurred_at="2026-03-03T10:01:00Z")
    assert late["log"]["business_date"] == "2026-03-03"
    assert late["log"]["flags"] == ["offline"]
    assert late["today"]["count"] == 2


def test_the_same_id_twice_is_the_same_log_with_the_same_answer(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    body = log_body(hotel.offer, note="Once")
    first = client.post(PATH, json=body, headers=headers(hotel.sam))
    clock.advance(timedelta(seconds=30))
    again = client.post(PATH, json=body | {"note": "Twice"}, headers=headers(hotel.sam))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(stored_logs(database, hotel)) == 1


def test_a_retry_gets_its_answer_even_when_it_could_no_longer_be_logged(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    body = log_body(hotel.offer, occurred_at="2026-03-04T09:59:00Z")
    first = client.post(PATH, json=body, headers=headers(hotel.sam))
    assert first.status_code == 201
    client.patch(f"/api/behaviors/{hotel.offer}", json={"active": False}, headers=headers(hotel.olive))
    again = client.post(PATH, json=body, headers=headers(hotel.sam))
    assert (again.status_code, again.json()["log"]["id"]) == (200, body["id"])
    assert again.json()["today"]["count"] == 1
    fresh = client.post(PATH, json=log_body(hotel.offer), headers=headers(hotel.sam))
    assert (fresh.status_code, fresh.json()["errors"][0]["code"]) == (400, "behavior_inactive")
    assert len(stored_logs(database, hotel)) == 1


def test_an_id_belongs_to_one_log(
    client: Client, database: Database, hotel: Hotel, other_hotel: Hotel
) -> None:
    body = log_body(hotel.offer)
    assert client.post(PATH, json=body, headers=headers(hotel.sam)).status_code == 201
    other_person = client.post(PATH, json=body, headers=headers(hotel.cleo))
    assert (other_person.status_code, other_person.json()["code"]) == (409, "id_taken")
    other_behavior = client.post(
        PATH, json=body | {"behavior_id": str(hotel.greet)}, headers=headers(hotel.sam)
    )
    assert (other_behavior.status_code, other_behavior.json()["code"]) == (409, "id_taken")
    # Another hotel neither hears of it nor is held back by it.
    next_door = body | {"behavior_id": str(other_hotel.offer)}
    assert client.post(PATH, json=next_door, headers=headers(other_hotel.sam)).status_code == 201
    assert len(stored_logs(database, hotel)) == len(stored_logs(database, other_hotel)) == 1


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"id": "no-id"}, "id", "invalid"),
    ({"id": None}, "id", "invalid"),
    ({"behavior_id": 7}, "behavior_id", "invalid"),
    ({"behavior_id": NOBODY}, "behavior_id", "behavior_unknown"),
    ({"occurred_at": "2026-03-04T10:02:01Z"}, "occurred_at", "occurred_at_in_future"),
    ({"occurred_at": "2026-03-01T09:59:59Z"}, "occurred_at", "occurred_at_too_old"),
    ({"occurred_at": "2026-03-04T10:00:00"}, "occurred_at", "invalid"),
    ({"occurred_at": "yesterday"}, "occurred_at", "invalid"),
    ({"occurred_at": 1772618400}, "occurred_at", "invalid"),
    ({"outcome": "maybe"}, "outcome", "outcome_unknown"),
    ({"amount_minor": -1}, "amount_minor", "out_of_range"),
    ({"amount_minor": 10**9}, "amount_minor", "out_of_range"),
    ({"amount_minor": 10**30}, "amount_minor", "out_of_range"),
    ({"amount_minor": 12.5}, "amount_minor", "invalid"),
    ({"amount_minor": "12"}, "amount_minor", "invalid"),
    ({"covers": -1}, "covers", "out_of_range"),
    ({"covers": 501}, "covers", "out_of_range"),
    ({"covers": True}, "covers", "invalid"),
    ({"place": "x" * 11}, "place", "text_too_long"),
    ({"place": "1\n2"}, "place", "text_control_character"),
    ({"note": "x" * 501}, "note", "text_too_long"),
    ({"note": "a\x00b"}, "note", "text_control_character"),
    ({"note": "\u202eevil"}, "note", "text_control_character"),
    ({"metadata": {"a": {"b": 1}}}, "metadata.a", "metadata_value_invalid"),
    ({"metadata": {"a": [1]}}, "metadata.a", "metadata_value_invalid"),
    ({"metadata": {"a": "\x00"}}, "metadata.a", "metadata_value_invalid"),
    ({"metadata": {"": 1}}, "metadata", "metadata_key_invalid"),
    ({"metadata": {str(n): n for n in range(21)}}, "metadata", "metadata_too_large"),
    ({"metadata": {"a": "x" * 4_096}}, "metadata", "metadata_too_large"),
    ({"metadata": [1]}, "metadata", "invalid"),
    ({"points": 100}, "points", "unknown"),
    ({"person_id": NOBODY}, "person_id", "unknown"),
]


@pytest.mark.parametrize(("change", "field", "code"), BAD, ids=[str(change)[:40] for change, _, _ in BAD])
def test_bad_input_is_named_and_changes_nothing(
    client: Client, database: Database, hotel: Hotel, change: dict[str, Any], field: str, code: str
) -> None:
    good = log_body(hotel.offer)
    answer = client.post(PATH, json=good | change, headers=headers(hotel.sam))
    assert answer.status_code == 400, answer.text
    said = answer.json()
    assert said["code"] == "invalid_input"
    assert (said["errors"][0]["field"], said["errors"][0]["code"]) == (field, code)
    assert stored_logs(database, hotel) == []
    assert client.post(PATH, json=good, headers=headers(hotel.sam)).status_code == 201


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "malformed_body"),
        (b"", 400, "invalid_input"),
        (b"[]", 400, "invalid_input"),
        (b"\xff\xfe", 400, "malformed_body"),
        (b'{"id": "\x00"}', 400, "malformed_body"),
        (b'{"metadata": {"a": "' + b"x" * 200_000 + b'"}}', 413, "too_large"),
    ],
)
def test_what_is_no_json_or_far_too_much_is_refused(
    client: Client, database: Database, hotel: Hotel, content: bytes, status: int, code: str
) -> None:
    more = headers(hotel.sam) | {"Content-Type": "application/json"}
    answer = client.post(PATH, content=content, headers=more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert stored_logs(database, hotel) == []


def test_details_a_behavior_does_not_ask_for_are_refused(client: Client, hotel: Hotel) -> None:
    answer = client.post(PATH, json=log_body(hotel.greet, place="12", covers=1), headers=headers(hotel.sam))
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [
        ("place", "not_asked"),
        ("covers", "not_asked"),
    ]


def test_metadata_and_flags_are_kept(client: Client, database: Database, hotel: Hotel) -> None:
    body = log_body(
        hotel.greet, metadata={"app": "1.2", "n": 3, "b": None}, occurred_at="2026-03-04T10:01:00Z"
    )
    assert client.post(PATH, json=body, headers=headers(hotel.sam)).status_code == 201
    (row,) = stored_logs(database, hotel)
    assert row.metadata == {"app": "1.2", "n": 3, "b": None}
    assert row.flags == ["clock_ahead"]
    assert row.occurred_at == row.received_at


def test_the_sixth_in_a_minute_is_flagged(client: Client, hotel: Hotel, clock: FixedClock) -> None:
    flags = []
    for _ in range(7):
        body = log_body(hotel.offer)
        flags.append(client.post(PATH, json=body, headers=headers(hotel.sam)).json()["log"]["flags"])
        clock.advance(timedelta(seconds=11))
    assert flags == [[], [], [], [], [], ["burst"], ["burst"]]
    clock.advance(timedelta(minutes=2))
    assert (
        client.post(PATH, json=log_body(hotel.offer), headers=headers(hotel.sam)).json()["log"]["flags"] == []
    )


def test_who_may_log_what(client: Client, database: Database, hotel: Hotel, other_hotel: Hotel) -> None:
    for who, behavior, status in (
        (hotel.bea, hotel.offer, 400),
        (hotel.sam, hotel.shake, 400),
        (hotel.sam, other_hotel.offer, 400),
        (hotel.max, hotel.offer, 400),
        (hotel.tablet, hotel.offer, 403),
    ):
        answer = client.post(PATH, json=log_body(behavior), headers=headers(who))
        assert answer.status_code == status, answer.text
    assert client.post(PATH, json=log_body(hotel.offer)).status_code == 401
    assert stored_logs(database, hotel) == []
    assert client.post(PATH, json=log_body(hotel.offer), headers=headers(hotel.sam)).status_code == 201


@pytest.mark.parametrize(
    ("zone", "turning_hour", "now", "business_date"),
    [
        # The night the clocks go forward in Lisbon: 01:00 becomes 02:00 (UTC+1). The day turns at 04:00 there.
        ("Europe/Lisbon", 4, "2026-03-29T02:59:59Z", "2026-03-28"),
        ("Europe/Lisbon", 4, "2026-03-29T03:00:00Z", "2026-03-29"),
        # The night they go back: 02:00 becomes 01:00 (UTC+0).
        ("Europe/Lisbon", 4, "2026-10-25T03:59:59Z", "2026-10-24"),
        ("Europe/Lisbon", 4, "2026-10-25T04:00:00Z", "2026-10-25"),
        ("Europe/Lisbon", 0, "2026-10-24T22:59:59Z", "2026-10-24"),
        ("Europe/Lisbon", 0, "2026-10-24T23:00:00Z", "2026-10-25"),
        # UTC+8: the evening's last drink belongs to the evening.
        ("Australia/Perth", 4, "2026-03-04T19:59:59Z", "2026-03-04"),
        ("Australia/Perth", 4, "2026-03-04T20:00:00Z", "2026-03-05"),
    ],
)
def test_the_business_date_is_that_of_the_house(
    client: Client,
    database: Database,
    hotel: Hotel,
    clock: FixedClock,
    zone: str,
    turning_hour: int,
    now: str,
    business_date: str,
) -> None:
    moved_to(database, hotel, zone, turning_hour)
    clock.instant = datetime.fromisoformat(now)
    renewed_sessions(database)
    answer = client.post(PATH, json=log_body(hotel.offer), headers=headers(hotel.sam))
    assert answer.status_code == 201, answer.text
    assert answer.json()["log"]["business_date"] == business_date
    assert answer.json()["today"]["count"] == 1
    # Half a minute earlier is flagged in nothing and may still belong to the day before.
    earlier = clock.instant - timedelta(seconds=30)
    said = client.post(
        PATH, json=log_body(hotel.offer, occurred_at=earlier.isoformat()), headers=headers(hotel.sam)
    ).json()
    same_day = said["log"]["business_date"] == business_date
    assert said["today"]["count"] == (2 if same_day else 1)
