"""The queue over the API: what waits in it, its filters, pages, counts and sample."""

from datetime import timedelta
from typing import Any

from tests.support.hotel import Hotel, headers
from tests.verification.make import QUEUE, Client, counted_statements, get, ids_of, make_logs, post
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.web.doorway import Doorway


def test_the_queue_holds_what_others_logged_and_somebody_must_confirm_oldest_first(
    client: Client, database: Database, hotel: Hotel
) -> None:
    [today] = make_logs(
        database, hotel, hotel.sam, place="7", amount_minor=3100, covers=2, outcome="accepted"
    )
    [older] = make_logs(
        database, hotel, hotel.bea, behavior="shake", at=database.clock.now() - timedelta(days=2)
    )
    make_logs(database, hotel, hotel.max)
    make_logs(database, hotel, hotel.sam, behavior="greet")
    make_logs(database, hotel, hotel.sam, status="verified")
    page = get(client, hotel.max)
    assert ids_of(page) == [str(older), str(today)]
    item = page["items"][1]
    assert (item["person_name"], item["department_name"], item["behavior_name"]) == (
        "Sam Server",
        "Restaurant",
        "Offer a starter",
    )
    assert (item["place_label"], item["place"], item["amount_minor"], item["covers"], item["outcome"]) == (
        "table",
        "7",
        3100,
        2,
        "accepted",
    )
    assert (item["blocked"], item["repeats"], item["flags"]) == (None, 0, [])


def test_every_filter_leaves_what_it_says(client: Client, database: Database, hotel: Hotel) -> None:
    now = database.clock.now()
    [sam] = make_logs(database, hotel, hotel.sam, place="Z9")
    [bea] = make_logs(database, hotel, hotel.bea, behavior="shake", flags=["offline", "burst"])
    [bare] = make_logs(database, hotel, hotel.cleo, behavior="clean")
    [proved] = make_logs(database, hotel, hotel.cleo, behavior="clean", has_evidence=True)
    [old] = make_logs(database, hotel, hotel.cleo, at=now - timedelta(days=3))
    for params, expected in (
        ({}, {sam, bea, bare, proved, old}),
        ({"person_id": hotel.cleo.id}, {bare, proved, old}),
        ({"behavior_id": hotel.clean}, {bare, proved}),
        ({"department_id": hotel.bar_id}, {bea}),
        ({"first": now.date()}, {sam, bea, bare, proved}),
        ({"last": now.date() - timedelta(days=1)}, {old}),
        ({"flag": "offline"}, {bea}),
        ({"flag": "clock_ahead"}, set()),
        ({"flag": "photo_missing"}, {bare}),
        ({"flag": "unusual"}, {bea, bare}),
        ({"search": "cleo"}, {bare, proved, old}),
        ({"search": "signature"}, {bea}),
        ({"search": "z9"}, {sam}),
        ({"search": "%"}, set()),
        ({"status": "decided"}, set()),
        ({"sample": True}, {sam, bea, bare, proved, old}),
    ):
        assert set(ids_of(get(client, hotel.max, **params))) == {str(one) for one in expected}, params


def test_pages_follow_each_other_without_gap_or_repeat(
    client: Client, database: Database, hotel: Hotel
) -> None:
    waiting = [str(one) for one in make_logs(database, hotel, hotel.sam, 7)]
    seen: list[str] = []
    cursor = None
    while True:
        page = get(client, hotel.max, limit=3, **({"cursor": cursor} if cursor else {}))
        seen += ids_of(page)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == waiting
    post(client, hotel.max, "bulk-verify", {"ids": waiting})
    first = get(client, hotel.max, status="verified", limit=4)
    rest = get(client, hotel.max, status="verified", limit=4, cursor=first["next_cursor"])
    assert ids_of(first) + ids_of(rest) == waiting[::-1]
    foreign = client.get(QUEUE, params={"cursor": first["next_cursor"]}, headers=headers(hotel.max))
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (400, "cursor_invalid")


def test_a_burst_says_how_many_came_within_a_minute(client: Client, database: Database, hotel: Hotel) -> None:
    now = database.clock.now()
    for second in range(6):
        at: dict[str, Any] = {
            "occurred_at": now + timedelta(seconds=second),
            "flags": ["burst"] if second == 5 else None,
        }
        make_logs(database, hotel, hotel.sam, **at)
    make_logs(database, hotel, hotel.cleo, occurred_at=now)
    assert [item["repeats"] for item in get(client, hotel.max)["items"]] == [0, 0, 0, 0, 0, 6, 0]


def test_the_counts_say_what_waits_and_what_has_come_in_since(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    make_logs(database, hotel, hotel.sam, 3)
    make_logs(database, hotel, hotel.sam, flags=["burst"])
    make_logs(database, hotel, hotel.max)
    looked_at = clock.now().isoformat().replace("+00:00", "Z")
    clock.advance(timedelta(minutes=5))
    make_logs(database, hotel, hotel.bea, behavior="shake")
    counts = get(client, hotel.max, f"{QUEUE}/counts", received_after=looked_at)
    assert counts == {
        "pending": 5,
        "to_check": 5,
        "unusual": 1,
        "oldest_at": "2026-03-04T09:58:00Z",
        "arrived": 1,
    }


def test_a_sample_leaves_ordinary_logs_to_be_accepted_in_one_go(
    client: Client, database: Database, hotel: Hotel
) -> None:
    set_sample(client, hotel, 2_000)
    make_logs(database, hotel, hotel.sam, 50)
    [flagged] = make_logs(database, hotel, hotel.sam, flags=["offline"])
    counts = get(client, hotel.max, f"{QUEUE}/counts")
    drawn = ids_of(get(client, hotel.max, sample=True, limit=100))
    assert counts["pending"] == 51
    assert 1 < counts["to_check"] == len(drawn) < 30
    assert str(flagged) in drawn
    assert ids_of(get(client, hotel.max, sample=True, limit=100)) == drawn
    checked = post(client, hotel.max, "bulk-verify", {"ids": drawn}).json()
    assert checked["changed"] == len(drawn)
    rest = post(client, hotel.max, "bulk-verify", {"filter": {}}).json()
    assert (rest["changed"], rest["remaining"]) == (51 - len(drawn), 0)


def test_the_queue_takes_as_many_statements_for_a_hundred_rows_as_for_ten(
    client: Client, app: Doorway, database: Database, hotel: Hotel
) -> None:
    running = app.litestar.state.services.db
    make_logs(database, hotel, hotel.sam, 200, flags=["burst"])
    get(client, hotel.max)
    counts = []
    for limit in (10, 100):
        with counted_statements(running) as seen:
            assert len(get(client, hotel.max, limit=limit)["items"]) == limit
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def set_sample(client: Client, hotel: Hotel, share_bp: int) -> None:
    """Change the house's settings as its owner does."""
    found = client.get("/api/organization", headers=headers(hotel.olive)).json()
    settings = {**found["settings"], "verification": {"sample_bp": share_bp}}
    body = {"version": found["version"], "settings": settings}
    answer = client.patch("/api/organization", json=body, headers=headers(hotel.olive))
    assert answer.status_code == 200, answer.text
