"""Search the trail: as JSON and as a page, by who, about what, which act, when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine, event

from tests.support.hotel import Hotel, headers
from topline.audit import actions
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
EVENTS = "/api/audit-events"


@pytest.fixture
def trail(database: Database, hotel: Hotel, other_hotel: Hotel, clock: FixedClock) -> Hotel:
    """Three days: Olive changes Sam and a role, Max signs in, Topline lets logs expire; next door has its own."""
    with database.write(hotel.olive.actor, "first", "192.0.2.7") as tx:
        before, after = {"role_id": str(hotel.sam.role_id)}, {"role_id": str(hotel.bea.role_id)}
        actions.record(tx, "person.changed", "person", hotel.sam.id, before=before, after=after)
        money, told = {"revenue_minor": 500_000}, {"revenue_minor": 520_050, "reason": "amount_mismatch"}
        actions.record(tx, "daily_entry.adjusted", "daily_entry", hotel.offer, before=money, after=told)
    clock.advance(timedelta(days=1))
    with database.write(hotel.max.actor, "second", "192.0.2.8") as tx:
        actions.record(tx, "sign_in.opened", "person", hotel.max.id, after={"by": "password"})
        actions.record(
            tx, "device.renamed", "device", hotel.tablet.id, before={"name": "Old"}, after={"name": "New"}
        )
    clock.advance(timedelta(days=1))
    with database.write(other_hotel.olive.actor) as tx:
        actions.record(tx, "person.changed", "person", other_hotel.sam.id)
    return hotel


def acts(client: Client, hotel: Hotel, query: str = "") -> list[str]:
    answer = client.get(f"{EVENTS}?{query}", headers=headers(hotel.olive))
    assert answer.status_code == 200, answer.text
    return [one["act"] for one in answer.json()["items"]]


def test_the_newest_comes_first_and_only_the_own_house(client: Client, trail: Hotel) -> None:
    assert acts(client, trail) == [
        "device.renamed",
        "sign_in.opened",
        "daily_entry.adjusted",
        "person.changed",
    ]


def test_it_is_searched_by_who_about_what_and_when(client: Client, trail: Hotel) -> None:
    assert acts(client, trail, f"actor_id={trail.max.id}") == ["device.renamed", "sign_in.opened"]
    assert acts(client, trail, f"subject_id={trail.sam.id}") == ["person.changed"]
    assert acts(client, trail, "subject_type=device") == ["device.renamed"]
    assert acts(client, trail, "act=sign_in.opened") == ["sign_in.opened"]
    assert acts(client, trail, "since=2026-03-05T00:00:00Z") == ["device.renamed", "sign_in.opened"]
    assert acts(client, trail, "until=2026-03-05T10:00:00Z") == ["daily_entry.adjusted", "person.changed"]
    assert acts(client, trail, f"actor_id={trail.max.id}&act=person.changed") == []


def test_pages_join_without_gap_or_repetition(client: Client, trail: Hotel) -> None:
    seen, cursor = [], ""
    for _ in range(4):
        answer = client.get(f"{EVENTS}?limit=1{cursor}", headers=headers(trail.olive)).json()
        seen += [one["act"] for one in answer["items"]]
        cursor = f"&cursor={answer['next_cursor']}"
    assert answer["next_cursor"] is None
    assert seen == acts(client, trail)


def test_an_event_says_who_from_where_and_what_became_of_what(client: Client, trail: Hotel) -> None:
    answer = client.get(f"{EVENTS}?act=daily_entry.adjusted", headers=headers(trail.olive))
    (found,) = answer.json()["items"]
    assert found["at"] == "2026-03-04T10:00:00Z"
    assert (found["actor_id"], found["actor_kind"]) == (str(trail.olive.id), "person")
    assert (found["address"], found["request_id"]) == ("192.0.2.7", "first")
    assert found["before"] == {"revenue_minor": 500_000}
    assert found["after"]["revenue_minor"] == 520_050


@pytest.mark.parametrize(
    "query", ["cursor=x", "since=2026-03-05T00:00:00", "limit=101", "actor_id=7", "cursor=WyJhIiwiYiJd"]
)
def test_what_cannot_be_asked_is_refused(client: Client, trail: Hotel, query: str) -> None:
    assert client.get(f"{EVENTS}?{query}", headers=headers(trail.olive)).status_code == 400


def test_only_the_owner_reads_it(client: Client, trail: Hotel) -> None:
    assert client.get(EVENTS, headers=headers(trail.max)).status_code == 403
    assert client.get("/audit", headers=headers(trail.max)).status_code == 403


def page(client: Client, hotel: Hotel, query: str = "") -> str:
    answer = client.get(f"/audit?{query}", headers=headers(hotel.olive))
    assert answer.status_code == 200
    return answer.text


def test_the_page_speaks_the_hotels_language(client: Client, trail: Hotel) -> None:
    text = page(client, trail)
    for words in (
        "Changed a person",
        "Sam Server",
        "Server</dd>"[:6],
        "Bartender",
        "192.0.2.7",
        "amount mismatch",
    ):
        assert words in text
    assert "€5,000.00" in text
    assert "€5,200.50" in text
    assert str(trail.bea.role_id) not in text


def test_of_a_group_of_settings_the_page_shows_what_differs(
    client: Client, database: Database, hotel: Hotel
) -> None:
    before = {
        "settings": {"tablet": {"idle_seconds": 30}, "scoreboard": {"names": "names", "show_revenue": True}}
    }
    after = {
        "settings": {"tablet": {"idle_seconds": 30}, "scoreboard": {"names": "names", "show_revenue": False}}
    }
    with database.write(hotel.olive.actor) as tx:
        actions.record(tx, "organization.changed", "organization", None, before=before, after=after)
        actions.record(
            tx, "location.created", "location", None, after={"opening_hours": {"mon": ["09:00", "17:00"]}}
        )
    text = page(client, hotel)
    assert "settings scoreboard show revenue" in text
    assert "idle seconds" not in text
    assert "mon 09:00, 17:00" in text


def test_the_page_filters_by_its_address(client: Client, trail: Hotel) -> None:
    rows = {
        f"by={trail.max.id}": 2,
        f"about={trail.sam.id}": 1,
        f"about={trail.tablet.id}": 1,
        "act=sign_in.opened": 1,
        "day=today": 0,
        "first=2026-03-05&last=2026-03-05": 2,
        "last=2026-03-04": 2,
        "act=nonsense&by=nonsense&first=nonsense": 4,
    }
    found = {query: page(client, trail, query).count('class="trail__when"') for query in rows}
    assert found == rows


def test_a_search_without_result_says_what_to_do(client: Client, trail: Hotel) -> None:
    text = page(client, trail, "act=pin.reset")
    assert "Nothing matches" in text
    assert 'href="/audit"' in text


def test_an_empty_trail_says_what_will_be_here(client: Client, hotel: Hotel) -> None:
    assert "Nothing recorded yet" in page(client, hotel)


def test_show_older_carries_the_filter_on(client: Client, database: Database, hotel: Hotel) -> None:
    with database.write(hotel.olive.actor) as tx:
        for number in range(60):
            actions.record(tx, "person.changed", "person", hotel.sam.id, after={"n": number})
    text = page(client, hotel, "act=person.changed")
    assert text.count('class="trail__when"') == 50
    (href,) = {part.split('"')[0] for part in text.split('hx-get="')[1:]}
    older = client.get(
        href.replace("&amp;", "&"), headers={**headers(hotel.olive), "HX-Request": "true"}
    ).text
    assert older.count('class="trail__when"') == 10
    assert "act=person.changed" in href


@contextmanager
def counting() -> Iterator[list[str]]:
    seen: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


def test_the_number_of_statements_does_not_grow_with_the_rows(
    client: Client, database: Database, trail: Hotel
) -> None:
    page(client, trail)
    with counting() as few:
        page(client, trail)
    with database.write(trail.olive.actor) as tx:
        for person in (trail.max, trail.sam, trail.bea, trail.cleo) * 10:
            roles = {"role_id": str(person.role_id)}
            actions.record(tx, "person.changed", "person", person.id, before=roles, after=roles)
    with counting() as many:
        page(client, trail)
    assert len(many) == len(few)
    assert len(many) <= 12
