"""Verification over the API: the queue and its filters, decisions, bulk, undo, history, and who may not."""

import time
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.support.hotel import Hotel, headers
from tests.verification.make import counted_statements, make_logs, statuses, stored
from topline.core.clock import FixedClock
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
QUEUE = "/api/behavior-logs/queue"


def get(client: Client, who: Any, path: str = QUEUE, **params: Any) -> Any:
    answer = client.get(path, params=params, headers=headers(who))
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(client: Client, who: Any, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/behavior-logs/{path}", json=body, headers=headers(who))


def ids_of(page: Any) -> list[str]:
    return [item["id"] for item in page["items"]]


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


def test_one_log_is_verified_reopened_and_rejected(client: Client, database: Database, hotel: Hotel) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    verified = post(client, hotel.max, f"{log_id}/verify")
    assert (verified.status_code, verified.json()["log"]["status"]) == (200, "verified")
    assert verified.json()["log"]["decided_by_name"] == "Max Manager"
    refused = post(client, hotel.olive, f"{log_id}/reject", {"reason": "duplicate"})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_decided")
    assert refused.json()["errors"][0]["code"] == "already_verified"
    assert post(client, hotel.max, f"{log_id}/reopen").json()["log"]["status"] == "pending"
    assert post(client, hotel.max, f"{log_id}/reopen").status_code == 409
    rejected = post(client, hotel.max, f"{log_id}/reject", {"reason": "other", "note": "See me, please."})
    assert rejected.json()["log"]["reject_note"] == "See me, please."
    history = get(client, hotel.max, f"/api/behavior-logs/{log_id}/history")["items"]
    assert [(one["act"], one["actor_label"]) for one in history] == [
        ("verified", "Max"),
        ("reopened", "Max"),
        ("rejected", "Max"),
    ]
    assert (history[2]["reason"], history[2]["note"]) == ("other", "See me, please.")


def test_the_person_sees_why_and_answers_and_the_manager_sees_the_answer(
    client: Client, database: Database, hotel: Hotel
) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    post(client, hotel.max, f"{log_id}/reject", {"reason": "not_observed", "note": "Who was there?"})
    own = get(client, hotel.sam, f"/api/behavior-logs/{log_id}")["log"]
    assert (own["status"], own["reject_reason"], own["reject_note"], own["can_answer"]) == (
        "rejected",
        "not_observed",
        "Who was there?",
        True,
    )
    assert own["points"] == 0
    assert post(client, hotel.sam, f"{log_id}/answer", {"text": "Cleo was."}).status_code == 200
    [decided] = get(client, hotel.max, status="decided", flag="answered")["items"]
    assert (decided["id"], decided["answer"]) == (str(log_id), "Cleo was.")
    post(client, hotel.max, f"{log_id}/reopen")
    post(client, hotel.max, f"{log_id}/reject", {"reason": "duplicate"})
    again = get(client, hotel.sam, f"/api/behavior-logs/{log_id}")["log"]
    assert (again["answer"], again["can_answer"]) == (None, True)
    history = get(client, hotel.max, f"/api/behavior-logs/{log_id}/history")["items"]
    assert "Cleo was." in [one["note"] for one in history]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("{log}/verify", None),
        ("{log}/reject", {"reason": "duplicate"}),
        ("{log}/reopen", None),
        ("bulk-verify", {"ids": ["{log}"]}),
        ("bulk-reject", {"ids": ["{log}"], "reason": "duplicate"}),
        ("batches/{log}/undo", None),
    ],
)
def test_only_managers_decide(
    client: Client, database: Database, hotel: Hotel, path: str, body: dict[str, Any] | None
) -> None:
    [log_id] = make_logs(database, hotel, hotel.cleo)
    address = path.replace("{log}", str(log_id))
    sent = {**body, "ids": [str(log_id)]} if body and "ids" in body else body
    for who in (hotel.sam, hotel.tablet, hotel.display):
        assert post(client, who, address, sent).status_code in (401, 403)
    assert client.post(f"/api/behavior-logs/{address}", json=sent).status_code == 401
    assert client.get(QUEUE, headers=headers(hotel.sam)).status_code == 403
    assert statuses(database, [log_id]) == ["pending"]


def test_another_hotels_logs_are_nowhere(
    client: Client, database: Database, hotel: Hotel, other_hotel: Hotel
) -> None:
    [theirs] = make_logs(database, other_hotel, other_hotel.sam)
    [mine] = make_logs(database, hotel, hotel.sam)
    assert ids_of(get(client, hotel.max)) == [str(mine)]
    assert post(client, hotel.max, f"{theirs}/verify").status_code == 404
    history = client.get(f"/api/behavior-logs/{theirs}/history", headers=headers(hotel.max))
    assert history.status_code == 404
    refused = post(client, hotel.max, "bulk-verify", {"ids": [str(mine), str(theirs)]})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert str(theirs) in refused.json()["detail"]
    batch = post(client, other_hotel.max, "bulk-verify", {"ids": [str(theirs)]}).json()["batch_id"]
    assert post(client, hotel.max, f"batches/{batch}/undo").status_code == 404
    assert statuses(database, [mine, theirs]) == ["pending", "verified"]


def test_a_batch_is_read_undone_and_not_undone_twice(
    client: Client, database: Database, hotel: Hotel
) -> None:
    ids = make_logs(database, hotel, hotel.sam, 3)
    body = {"ids": [str(one) for one in ids], "reason": "amount_mismatch", "batch_id": str(new_id())}
    made = post(client, hotel.max, "bulk-reject", body).json()
    assert made == {"batch_id": body["batch_id"], "changed": 3, "skipped": [], "remaining": 0}
    assert post(client, hotel.max, "bulk-reject", body).json() == made
    batch = get(client, hotel.olive, f"/api/behavior-logs/batches/{made['batch_id']}")
    assert (batch["decision"], batch["reason"], batch["created_by_name"], batch["undone_at"]) == (
        "rejected",
        "amount_mismatch",
        "Max Manager",
        None,
    )
    undone = post(client, hotel.olive, f"batches/{made['batch_id']}/undo").json()
    assert undone["changed"] == 3
    again = post(client, hotel.olive, f"batches/{made['batch_id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "batch_not_undoable")
    assert stored(database, ids[0]).reject_reason is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "ids"),
        ({"ids": [], "filter": {}}, "ids"),
        ({"ids": []}, "ids"),
        ({"ids": ["nonsense"]}, "ids"),
        ({"filter": {"colour": "red"}}, ""),
        ({"filter": {}, "extra": 1}, ""),
    ],
)
def test_a_wrong_request_changes_nothing(
    client: Client, database: Database, hotel: Hotel, body: dict[str, Any], field: str
) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    answer = post(client, hotel.max, "bulk-verify", body)
    assert answer.status_code == 400, answer.text
    if field:
        assert answer.json()["errors"][0]["field"].startswith(field)
    assert statuses(database, [log_id]) == ["pending"]


def test_a_rejection_without_its_reason_or_note_is_refused_by_field(
    client: Client, database: Database, hotel: Hotel
) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    for body, field in (
        ({"reason": "mood"}, "reason"),
        ({"reason": "other"}, "note"),
        ({"reason": "duplicate", "note": "x" * 501}, "note"),
        ({"reason": "duplicate", "note": "bell \u0007"}, "note"),
    ):
        answer = post(client, hotel.max, f"{log_id}/reject", body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert statuses(database, [log_id]) == ["pending"]


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


def test_verifying_five_hundred_is_quick(client: Client, database: Database, hotel: Hotel) -> None:
    took = []
    for _ in range(3):
        ids = [str(one) for one in make_logs(database, hotel, hotel.sam, 500)]
        started = time.perf_counter()
        answer = post(client, hotel.max, "bulk-verify", {"ids": ids})
        took.append(time.perf_counter() - started)
        assert answer.json()["changed"] == 500
    # The benchmark holds the promise of 300 ms; here only a change of its order would be noticed.
    assert min(took) < 3


def set_sample(client: Client, hotel: Hotel, share_bp: int) -> None:
    """Change the house's settings as its owner does."""
    found = client.get("/api/organization", headers=headers(hotel.olive)).json()
    settings = {**found["settings"], "verification": {"sample_bp": share_bp}}
    body = {"version": found["version"], "settings": settings}
    answer = client.patch("/api/organization", json=body, headers=headers(hotel.olive))
    assert answer.status_code == 200, answer.text
