"""The verification page: what it shows, how decisions change it, and who may open it."""

import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

from litestar.testing import TestClient
from PIL import Image

from tests.support.hotel import Hotel, headers
from tests.verification.make import counted_statements, make_logs, statuses
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.verification.chores import verify_by_rule_everywhere
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
HTMX = {"HX-Request": "true"}


def page(client: Client, who: Any, path: str = "/verify", **params: Any) -> str:
    answer = client.get(path, params=params, headers={**headers(who), "Accept": "text/html"})
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


def send(client: Client, who: Any, path: str, fields: dict[str, Any] | None = None, **more: str) -> Any:
    return client.post(path, data=fields or {}, headers={**headers(who), **HTMX, **more})


def said(answer: Any) -> dict[str, Any]:
    """What the answer tells the page's scripts."""
    found: dict[str, Any] = json.loads(answer.headers["hx-trigger"])
    return found


def hidden(text: str, name: str) -> str:
    """The value of a hidden field of the list's form."""
    form = text[text.index('id="queue-form"') :]
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    assert found is not None
    return found[1].replace("&amp;", "&")


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


def test_a_quick_decision_takes_its_row_away_and_offers_undo(
    client: Client, database: Database, hotel: Hotel
) -> None:
    first, second = make_logs(database, hotel, hotel.sam, 2)
    view = hidden(page(client, hotel.max), "view")
    answer = send(client, hotel.max, f"/verify/{first}/verify", {"view": view})
    assert answer.headers["hx-reswap"] == "delete"
    assert answer.headers["hx-retarget"] == f"#log-{first}"
    assert said(answer)["queue"] == {"matching": 1, "to_check": 1, "unusual": 0}
    assert said(answer)["toast"]["undo_url"] == f"/verify/{first}/reopen"
    assert statuses(database, [first, second]) == ["verified", "pending"]
    send(client, hotel.max, said(answer)["toast"]["undo_url"])
    assert statuses(database, [first]) == ["pending"]


def test_who_was_slower_than_a_colleague_is_told_and_the_row_goes(
    client: Client, database: Database, hotel: Hotel
) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    send(client, hotel.olive, f"/verify/{log_id}/verify")
    answer = send(client, hotel.max, "/verify/reject", {"log_id": str(log_id), "reason": "duplicate"})
    assert answer.status_code == 200
    assert answer.headers["hx-reswap"] == "delete"
    assert said(answer)["toast"]["message"] == "This log was verified by Olive Owner in the meantime."
    assert statuses(database, [log_id]) == ["verified"]


def test_the_dialog_asks_again_for_what_is_missing(client: Client, database: Database, hotel: Hotel) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    answer = send(
        client, hotel.max, "/verify/reject", {"log_id": str(log_id), "reason": "other", "note": " "}
    )
    assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#reject-fields")
    assert "Say what the reason is." in answer.text
    assert 'value="other" checked' in answer.text
    assert statuses(database, [log_id]) == ["pending"]
    answer = send(
        client, hotel.max, "/verify/reject", {"log_id": str(log_id), "reason": "other", "note": "Ask me"}
    )
    assert statuses(database, [log_id]) == ["rejected"]


def test_chosen_rows_are_verified_in_bulk_and_the_toast_takes_it_back(
    client: Client, database: Database, hotel: Hotel
) -> None:
    ids = make_logs(database, hotel, hotel.sam, 3)
    [bare] = make_logs(database, hotel, hotel.cleo, behavior="clean")
    text = page(client, hotel.max)
    fields = {name: hidden(text, name) for name in ("view", "batch_id", "scope")}
    chosen = [str(one) for one in [*ids, bare]]
    for _ in range(2):
        answer = send(client, hotel.max, "/verify/bulk", {**fields, "ids": chosen})
        assert "1 log was left as it was" in answer.text
        assert "needs a photo" in answer.text
        assert 'data-matching="1"' in answer.text
        assert said(answer)["toast"]["message"] == "3 logs verified. 1 left as it was."
    assert statuses(database, ids) == ["verified"] * 3
    undone = send(client, hotel.max, said(answer)["toast"]["undo_url"])
    assert said(undone)["toast"]["message"] == "3 logs wait again."
    assert statuses(database, ids) == ["pending"] * 3


def test_all_that_match_are_verified_500_at_a_time(client: Client, database: Database, hotel: Hotel) -> None:
    make_logs(database, hotel, hotel.sam, 502)
    make_logs(database, hotel, hotel.bea, behavior="shake")
    text = page(client, hotel.max, department=hotel.restaurant_id)
    fields = {"view": hidden(text, "view"), "batch_id": hidden(text, "batch_id"), "scope": "filter"}
    answer = send(client, hotel.max, "/verify/bulk", fields)
    assert "500 verified. 2 more match." in answer.text
    again = {name: hidden(answer.text, name) for name in ("view", "batch_id")}
    answer = send(client, hotel.max, "/verify/bulk", {**again, "scope": "filter"})
    assert said(answer)["toast"]["message"] == "2 logs verified."
    assert "1 log to check" in page(client, hotel.max)


def test_without_script_the_form_works_too(client: Client, database: Database, hotel: Hotel) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    plain = {**headers(hotel.max), "Accept": "text/html"}
    answer = client.post("/verify/bulk", data={"ids": str(log_id)}, headers=plain, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/verify")
    assert statuses(database, [log_id]) == ["verified"]


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
    assert reopened.headers["hx-retarget"] == f"#log-{log_id}"
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
