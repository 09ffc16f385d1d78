"""The verification page: what it shows, and who may open it."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from tests.support.hotel import Hotel, headers
from tests.verification.make import HTMX, Client, counted_statements, make_logs, page, send, statuses
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.web.doorway import Doorway


def test_the_page_names_who_what_details_when_and_flags(
    client: Client, database: Database, hotel: Hotel
) -> None:
    details: dict[str, Any] = {
        "place": "7",
        "outcome": "accepted",
        "covers": 2,
        "amount_minor": 3150,
        "note": "<b>Two</b>",
    }
    make_logs(database, hotel, hotel.sam, **details, flags=["offline"])
    make_logs(database, hotel, hotel.cleo, behavior="clean")
    text = page(client, hotel.max)
    assert "2 logs to check" in text
    for words in (
        "Sam Server",
        "Offer a starter",
        "Table 7",
        "accepted",
        "2 covers",
        "€31.50",
        "&lt;b&gt;Two&lt;/b&gt;",
        "offline, came",
        "photo missing",
        "2 unusual",
    ):
        assert words in text
    assert "<b>Two</b>" not in text


def test_own_logs_are_seen_but_cannot_be_chosen(client: Client, database: Database, hotel: Hotel) -> None:
    [own] = make_logs(database, hotel, hotel.max)
    [other] = make_logs(database, hotel, hotel.sam)
    text = page(client, hotel.max)
    assert "1 log to check" in text
    assert "Your own log: somebody else decides" in text
    boxes = {
        match[1]: "disabled" in match[0]
        for match in re.finditer(r'<input[^>]*value="([^"]*)" data-select [^>]*>', text)
    }
    assert boxes == {str(own): True, str(other): False}


def test_nothing_to_check_says_so_and_what_next(client: Client, database: Database, hotel: Hotel) -> None:
    text = page(client, hotel.max)
    assert "Nothing to check" in text
    assert "All done" in text
    make_logs(database, hotel, hotel.sam)
    assert "Nothing here matches" in page(client, hotel.max, search="zebra")


def test_staff_do_not_open_it_and_strangers_are_asked_who_they_are(client: Client, hotel: Hotel) -> None:
    html = {"Accept": "text/html"}
    assert client.get("/verify", headers={**headers(hotel.sam), **html}).status_code == 403
    answer = client.get("/verify", headers=html, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fverify")


def test_every_part_renders_with_every_filter(client: Client, database: Database, hotel: Hotel) -> None:
    make_logs(database, hotel, hotel.sam, 60, flags=["burst", "clock_ahead"])
    make_logs(database, hotel, hotel.sam, status="verified", decided_at=database.clock.now())
    for params in (
        {"department": hotel.restaurant_id, "behavior": hotel.offer, "person": hotel.sam.id, "day": "two"},
        {"flag": "unusual", "search": "starter", "view": "all"},
        {"first": "2026-03-01", "last": "2026-03-31"},
        {"status": "decided"},
        {"status": "rejected", "flag": "answered"},
        {
            "status": "nonsense",
            "department": "x",
            "day": "someday",
            "first": "soon",
            "as_of": "now",
            "flag": "odd",
        },
    ):
        assert 'id="queue"' in page(client, hotel.max, **params)


def test_more_rows_come_by_cursor_and_the_list_ends_where_it_was_read(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    ids = make_logs(database, hotel, hotel.sam, 60)
    text = page(client, hotel.max)
    following = re.search(r'hx-get="(/verify\?[^"]*cursor[^"]*)"', text)
    assert following is not None
    clock.advance(timedelta(minutes=1))
    [late] = make_logs(database, hotel, hotel.sam)
    address = following[1].replace("&amp;", "&")
    answer = client.get(address, headers={**headers(hotel.max), **HTMX})
    shown = re.findall(r'<tr id="log-([0-9a-f-]+)"', answer.text)
    assert shown == [str(one) for one in ids[50:]]
    assert str(late) not in answer.text
    news = re.search(r'hx-get="(/verify/news[^"]*)"', text)
    assert news is not None
    told = client.get(news[1].replace("&amp;", "&"), headers={**headers(hotel.max), **HTMX}).text
    assert "1 new log has come in." in told
    assert 'data-queue-badge="61"' in told


def test_a_log_is_looked_at_with_its_history(client: Client, database: Database, hotel: Hotel) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam, note="Window seat")
    fields = {"log_id": str(log_id), "reason": "duplicate", "note": "Logged at noon."}
    send(client, hotel.max, "/verify/reject", fields)
    text = page(client, hotel.olive, f"/verify/{log_id}")
    for words in ("Window seat", "Rejected, Max", "Duplicate", "Logged at noon.", "Reopen"):
        assert words in text
    decided = page(client, hotel.olive, status="decided")
    assert "Max Manager" in decided
    reopened = send(client, hotel.olive, f"/verify/{log_id}/reopen")
    assert reopened.headers["hx-retarget"] == f"#log-{log_id}, #log-detail > *"
    assert statuses(database, [log_id]) == ["pending"]


def test_photos_are_shown_small_and_only_to_the_house(
    client: Client, app: Doorway, database: Database, hotel: Hotel, other_hotel: Hotel
) -> None:
    content = BytesIO()
    Image.new("RGB", (900, 600), "#335577").save(content, "PNG")
    [log_id] = make_logs(database, hotel, hotel.sam, behavior="clean")
    kept = client.put(
        f"/api/behavior-logs/{log_id}/evidence",
        content=content.getvalue(),
        headers={**headers(hotel.sam), "Content-Type": "image/png"},
    )
    assert kept.status_code == 200, kept.text
    address = f"/verify/{log_id}/thumbnail"
    assert address in page(client, hotel.max)
    answer = client.get(address, headers=headers(hotel.max))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(answer.content)).size == (176, 117)
    assert client.get(address, headers=headers(other_hotel.max)).status_code == 404
    assert client.get(address, headers=headers(hotel.cleo)).status_code == 403


def test_the_page_takes_as_many_statements_for_fifty_rows_as_for_five(
    client: Client, app: Doorway, database: Database, hotel: Hotel
) -> None:
    running = app.litestar.state.services.db
    counts = []
    for size in (5, 100):
        make_logs(database, hotel, hotel.sam, size, flags=["burst"])
        page(client, hotel.max)
        with counted_statements(running) as seen:
            page(client, hotel.max)
        counts.append(len([one for one in seen if not one.startswith("BEGIN")]))
    assert counts[0] == counts[1] <= 14
