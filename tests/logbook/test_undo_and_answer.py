"""Taking a log back, and answering a rejection."""

from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.logbook.make import decided, logged, stored_logs, trail
from tests.support.hotel import Hotel, headers
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.transaction import Database
from topline.logbook import actions, queries
from topline.logbook.events import LogAnswered, LogUndone
from topline.web.doorway import Doorway

Client = TestClient[Doorway]


def test_an_own_pending_log_is_undone_and_stays_in_the_book(
    client: Client, database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.offer)
    clock.advance(timedelta(minutes=4, seconds=59))
    path = f"/api/behavior-logs/{log_id}/undo"
    answer = client.post(path, headers=headers(hotel.sam))
    assert answer.status_code == 200, answer.text
    log = answer.json()["log"]
    assert (log["status"], log["points"], log["can_undo"]) == ("undone", 0, False)
    assert trail(database, log_id) == [("undone", "pending", "undone")]
    with database.read(hotel.sam.actor) as tx:
        assert queries.day_counts(tx, hotel.sam.id, log_day(tx, log_id)) == []
    # The tablet did not hear the answer and asks again, a day later.
    clock.advance(timedelta(hours=3))
    assert client.post(path, headers=headers(hotel.sam)).status_code == 200
    assert len(trail(database, log_id)) == 1


def log_day(tx: Any, log_id: Any) -> Any:
    return queries.log(tx, log_id).business_date


@pytest.mark.parametrize(
    ("status", "minutes", "code"),
    [
        ("pending", 5, "undo_too_late"),
        ("verified", 0, "already_decided"),
        ("rejected", 0, "already_decided"),
        ("expired", 0, "already_decided"),
    ],
)
def test_what_can_no_longer_be_undone(
    database: Database, hotel: Hotel, clock: FixedClock, status: str, minutes: int, code: str
) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.offer)
    decided(database, hotel, log_id, status)
    clock.advance(timedelta(minutes=minutes))
    with pytest.raises(Problem) as refused, database.write(hotel.sam.actor) as tx:
        actions.undo(tx, log_id)
    assert (refused.value.code, refused.value.fields[0].code) == ("log_not_undoable", code)
    assert stored_logs(database, hotel)[0].status == status
    assert trail(database, log_id) == []


def test_only_the_own_log(client: Client, database: Database, hotel: Hotel, other_hotel: Hotel) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.offer)
    decided(database, hotel, log_id, "rejected")
    for who, status in (
        (hotel.cleo, 404),
        (hotel.max, 403),
        (other_hotel.sam, 404),
        (other_hotel.olive, 404),
        (hotel.tablet, 403),
    ):
        undo = client.post(f"/api/behavior-logs/{log_id}/undo", headers=headers(who))
        answer = client.post(f"/api/behavior-logs/{log_id}/answer", json={"text": "Hm"}, headers=headers(who))
        assert (undo.status_code, answer.status_code) == (status, status)
    assert client.post(f"/api/behavior-logs/{log_id}/undo").status_code == 401
    own = client.post(f"/api/behavior-logs/{log_id}/answer", json={"text": "Hm"}, headers=headers(hotel.sam))
    assert own.status_code == 200


def test_a_rejection_is_answered_once(client: Client, database: Database, hotel: Hotel) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.offer)
    decided(database, hotel, log_id, "rejected", reject_reason="not_observed")
    path = f"/api/behavior-logs/{log_id}/answer"
    shown = client.get(f"/api/behavior-logs/{log_id}", headers=headers(hotel.sam)).json()["log"]
    assert (shown["can_answer"], shown["reject_reason"]) == (True, "not_observed")
    first = client.post(path, json={"text": " Table 4 will tell you. "}, headers=headers(hotel.sam))
    assert first.status_code == 200, first.text
    assert first.json()["log"]["answer"] == "Table 4 will tell you."
    assert first.json()["log"]["can_answer"] is False
    retry = client.post(path, json={"text": "Table 4 will tell you."}, headers=headers(hotel.sam))
    assert retry.status_code == 200
    second = client.post(path, json={"text": "And another thing"}, headers=headers(hotel.sam))
    assert (second.status_code, second.json()["errors"][0]["code"]) == (409, "already_answered")
    assert trail(database, log_id) == [("answered", "rejected", "rejected")]


@pytest.mark.parametrize(
    ("text", "code"), [("", "text_empty"), ("x" * 501, "text_too_long"), ("\x00", "text_control_character")]
)
def test_an_answer_is_a_short_plain_text(database: Database, hotel: Hotel, text: str, code: str) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.offer)
    decided(database, hotel, log_id, "rejected")
    with pytest.raises(Problem) as refused, database.write(hotel.sam.actor) as tx:
        actions.answer(tx, log_id, text)
    assert [(error.field, error.code) for error in refused.value.fields] == [("text", code)]


def test_what_was_not_rejected_has_nothing_to_answer(database: Database, hotel: Hotel) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.offer)
    with pytest.raises(Problem) as refused, database.write(hotel.sam.actor) as tx:
        actions.answer(tx, log_id, "Why not?")
    assert (refused.value.code, refused.value.fields[0].code) == ("log_not_answerable", "not_rejected")


def test_others_hear_of_it_after_the_commit(database: Database, hotel: Hotel) -> None:
    told: list[Any] = []
    undone, answered = (logged(database, hotel, hotel.sam, hotel.offer) for _ in range(2))
    decided(database, hotel, answered, "rejected")
    database.publish = told.append
    with database.write(hotel.sam.actor) as tx:
        actions.undo(tx, undone)
        actions.answer(tx, answered, "I did.")
        assert told == []
    assert [type(event) for event in told] == [LogUndone, LogAnswered]
    assert (told[0].log_id, told[0].person_id) == (undone, hotel.sam.id)
