"""Reading the logbook: filters, pages, and who sees whose logs."""

from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.logbook.make import decided, logged
from tests.support.hotel import Hotel, headers
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
PATH = "/api/behavior-logs"


def ids(client: Client, who: Any, **query: Any) -> list[str]:
    answer = client.get(PATH, params=query, headers=headers(who))
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.fixture
def logs(database: Database, hotel: Hotel, clock: FixedClock) -> dict[str, str]:
    """A few logs of two days by three people."""
    now, day = clock.instant, timedelta(days=1)
    made = {
        "old": logged(database, hotel, hotel.sam, hotel.offer, occurred_at=now - day),
        "sam": logged(database, hotel, hotel.sam, hotel.offer),
        "greet": logged(database, hotel, hotel.sam, hotel.greet),
        "cleo": logged(database, hotel, hotel.cleo, hotel.offer),
        "bea": logged(database, hotel, hotel.bea, hotel.shake),
    }
    decided(database, hotel, made["greet"], "verified")
    return {name: str(log_id) for name, log_id in made.items()}


def test_every_filter_alone_and_together(client: Client, hotel: Hotel, logs: dict[str, str]) -> None:
    for query, names in (
        ({}, ["bea", "cleo", "greet", "sam", "old"]),
        ({"person_id": str(hotel.sam.id)}, ["greet", "sam", "old"]),
        ({"behavior_id": str(hotel.offer)}, ["cleo", "sam", "old"]),
        ({"department_id": str(hotel.bar_id)}, ["bea"]),
        ({"status": "verified"}, ["greet"]),
        ({"first": "2026-03-04"}, ["bea", "cleo", "greet", "sam"]),
        ({"last": "2026-03-03"}, ["old"]),
        ({"flag": "offline"}, ["old"]),
        ({"flag": "burst"}, []),
        ({"person_id": str(hotel.sam.id), "status": "pending", "first": "2026-03-04"}, ["sam"]),
    ):
        assert ids(client, hotel.max, **query) == [logs[name] for name in names], query


def test_pages_follow_each_other_without_gap_or_repeat(
    client: Client, hotel: Hotel, logs: dict[str, str]
) -> None:
    found: list[str] = []
    cursor = None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get(PATH, params=query, headers=headers(hotel.max)).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert found == [logs[name] for name in ("bea", "cleo", "greet", "sam", "old")]


def test_staff_see_their_own(client: Client, hotel: Hotel, other_hotel: Hotel, logs: dict[str, str]) -> None:
    assert ids(client, hotel.sam) == [logs[name] for name in ("greet", "sam", "old")]
    assert ids(client, hotel.sam, person_id=str(hotel.sam.id), status="verified") == [logs["greet"]]
    other = client.get(PATH, params={"person_id": str(hotel.cleo.id)}, headers=headers(hotel.sam))
    assert other.status_code == 403
    assert ids(client, other_hotel.olive) == []
    for who, status in ((hotel.sam, 200), (hotel.max, 200), (hotel.cleo, 404), (other_hotel.olive, 404)):
        assert client.get(f"{PATH}/{logs['sam']}", headers=headers(who)).status_code == status
    assert client.get(PATH).status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"flag": "x"}, "flag"),
        ({"first": "soon"}, "first"),
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"person_id": "x"}, "person_id"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "WyIyMDI2LTAzLTA0IiwieCJd"}, "cursor"),
    ],
)
def test_a_wrong_question_is_named(client: Client, hotel: Hotel, query: dict[str, Any], field: str) -> None:
    answer = client.get(PATH, params=query, headers=headers(hotel.max))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
