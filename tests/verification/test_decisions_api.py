"""Decisions over the API: one or in bulk, undo, history, and who may not."""

import time
from typing import Any

import pytest

from tests.support.hotel import Hotel, headers
from tests.verification.make import (
    QUEUE,
    Client,
    get,
    ids_of,
    make_logs,
    post,
    statuses,
    stored,
)
from topline.core.ids import new_id
from topline.core.transaction import Database


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
