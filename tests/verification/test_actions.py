"""Deciding about one log: who may, what it does to the log, its trail and the audit."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.hotel import Hotel
from tests.verification.make import make_logs, statuses, stored, trail
from topline.audit.models import AuditEvent
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.verification import actions
from topline.verification.chores import expire_everywhere
from topline.verification.events import LogsDecided
from topline.verification.rules import Act

VERIFY = actions.decision(Act.VERIFY)
REJECT = actions.decision(Act.REJECT, "duplicate", "Twice for the same table.")


def test_verifying_says_who_and_when_and_leaves_a_trail_and_an_audit_row(
    database: Database, hotel: Hotel
) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    told: list[Any] = []
    database.publish = told.append
    with database.write(hotel.max.actor, "request-1") as tx:
        actions.decide_one(tx, log_id, VERIFY)
    row = stored(database, log_id)
    assert (row.status, row.decided_by, row.decided_at) == ("verified", hotel.max.id, database.clock.now())
    [act] = trail(database, log_id)
    assert (act.act, act.status_before, act.status_after, act.actor_id, act.request_id) == (
        "verified",
        "pending",
        "verified",
        hotel.max.id,
        "request-1",
    )
    with database.read() as tx:
        [audit] = tx.execute(
            select(AuditEvent.act, AuditEvent.subject_id, AuditEvent.before, AuditEvent.after)
        )
    assert (audit.act, audit.subject_id, audit.before["status"], audit.after["status"]) == (
        "log.verified",
        log_id,
        "pending",
        "verified",
    )
    pair = frozenset({(row.business_date, hotel.sam.id)})
    assert told == [LogsDecided(hotel.organization_id, "verified", 1, pair)]


def test_a_rejection_keeps_its_reason_and_note(database: Database, hotel: Hotel) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    with database.write(hotel.max.actor) as tx:
        actions.decide_one(tx, log_id, REJECT)
    row = stored(database, log_id)
    assert (row.status, row.reject_reason, row.reject_note) == (
        "rejected",
        "duplicate",
        "Twice for the same table.",
    )
    assert trail(database, log_id)[0].reason == "duplicate"


@pytest.mark.parametrize(
    ("reason", "note", "code"),
    [(None, None, "reason_missing"), ("mood", None, "reason_unknown"), ("other", "  ", "note_missing")],
)
def test_a_rejection_needs_a_reason_and_other_a_note(reason: str | None, note: str | None, code: str) -> None:
    with pytest.raises(Problem) as refused:
        actions.decision(Act.REJECT, reason, note)
    assert [error.code for error in refused.value.fields] == [code]


@pytest.mark.parametrize("act", ["verify", "reject", "reopen"])
def test_nobody_decides_about_their_own_logs(database: Database, hotel: Hotel, act: str) -> None:
    [log_id] = make_logs(database, hotel, hotel.max, status="rejected" if act == "reopen" else "pending")
    before = statuses(database, [log_id])

    def attempt(actor: Any) -> None:
        with database.write(actor) as tx:
            if act == "reopen":
                actions.reopen(tx, log_id)
            else:
                actions.decide_one(tx, log_id, VERIFY if act == "verify" else REJECT)

    with pytest.raises(Problem) as refused:
        attempt(hotel.max.actor)
    assert refused.value.code == "own_log"
    assert statuses(database, [log_id]) == before
    attempt(hotel.olive.actor)
    assert statuses(database, [log_id]) != before


def test_a_behavior_that_needs_a_photo_is_verified_only_with_one(database: Database, hotel: Hotel) -> None:
    [bare] = make_logs(database, hotel, hotel.sam, behavior="clean")
    [proved] = make_logs(database, hotel, hotel.sam, behavior="clean", has_evidence=True)
    with pytest.raises(Problem) as refused, database.write(hotel.max.actor) as tx:
        actions.decide_one(tx, bare, VERIFY)
    assert refused.value.code == "evidence_missing"
    with database.write(hotel.max.actor) as tx:
        actions.decide_one(tx, proved, VERIFY)
        actions.decide_one(tx, bare, REJECT)
    assert statuses(database, [bare, proved]) == ["rejected", "verified"]


def test_the_same_decision_again_changes_nothing_and_another_one_is_refused(
    database: Database, hotel: Hotel
) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    for _ in range(2):
        with database.write(hotel.max.actor) as tx:
            actions.decide_one(tx, log_id, VERIFY)
    assert len(trail(database, log_id)) == 1
    for actor, decision in ((hotel.max.actor, REJECT), (hotel.olive.actor, VERIFY)):
        with pytest.raises(Problem) as refused, database.write(actor) as tx:
            actions.decide_one(tx, log_id, decision)
        assert refused.value.code == "already_decided"
        assert refused.value.current == {"id": str(log_id), "status": "verified"}


def test_reopening_forgets_the_decision_and_keeps_the_trail(database: Database, hotel: Hotel) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    with database.write(hotel.max.actor) as tx:
        actions.decide_one(tx, log_id, REJECT)
        actions.reopen(tx, log_id)
    row = stored(database, log_id)
    assert (row.status, row.decided_at, row.decided_by, row.reject_reason, row.reject_note) == (
        "pending",
        None,
        None,
        None,
        None,
    )
    assert [act.act for act in trail(database, log_id)] == ["rejected", "reopened"]


@pytest.mark.parametrize("status", ["pending", "undone", "expired"])
def test_only_a_decision_can_be_taken_back(database: Database, hotel: Hotel, status: str) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam, status=status)
    with pytest.raises(Problem) as refused, database.write(hotel.max.actor) as tx:
        actions.reopen(tx, log_id)
    assert refused.value.code == "conflict"


def test_a_second_rejection_can_be_answered_again(database: Database, hotel: Hotel) -> None:
    said: dict[str, Any] = {"answer": "I did.", "answered_at": database.clock.now()}
    [log_id] = make_logs(database, hotel, hotel.sam, **said)
    with database.write(hotel.max.actor) as tx:
        actions.decide_one(tx, log_id, REJECT)
    row = stored(database, log_id)
    assert (row.answer, row.answered_at) == (None, None)


def test_logs_of_another_hotel_do_not_exist(database: Database, hotel: Hotel, other_hotel: Hotel) -> None:
    [theirs] = make_logs(database, other_hotel, other_hotel.sam)
    for act in (
        lambda tx: actions.decide_one(tx, theirs, VERIFY),
        lambda tx: actions.reopen(tx, theirs),
        lambda tx: actions.undo_batch(tx, new_id()),
    ):
        with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
            act(tx)
        assert refused.value.code == "not_found"
    assert statuses(database, [theirs]) == ["pending"]


@pytest.mark.parametrize("who", ["sam", "tablet"])
def test_staff_and_tablets_decide_nothing(database: Database, hotel: Hotel, who: str) -> None:
    [log_id] = make_logs(database, hotel, hotel.cleo)
    with pytest.raises(Problem) as refused, database.write(getattr(hotel, who).actor) as tx:
        actions.decide_one(tx, log_id, VERIFY)
    assert refused.value.code == "forbidden"


def test_what_nobody_decides_in_time_expires_and_a_reopened_log_gets_its_time_again(
    database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    [old, reopened, self_reported] = (
        make_logs(database, hotel, hotel.sam)
        + make_logs(database, hotel, hotel.cleo)
        + make_logs(database, hotel, hotel.sam, behavior="greet")
    )
    clock.advance(timedelta(days=6))
    with database.write(hotel.max.actor) as tx:
        actions.decide_one(tx, reopened, REJECT)
        actions.reopen(tx, reopened)
    [young] = make_logs(database, hotel, hotel.bea, behavior="shake")
    clock.advance(timedelta(days=1, minutes=1))
    assert expire_everywhere(database) == 1
    assert statuses(database, [old, reopened, self_reported, young]) == [
        "expired",
        "pending",
        "pending",
        "pending",
    ]
    [act] = trail(database, old)
    assert (act.act, act.actor_id, act.actor_label) == ("expired", None, "Topline")
    assert expire_everywhere(database) == 0
    clock.advance(timedelta(days=7))
    assert expire_everywhere(database) == 2
    assert statuses(database, [self_reported]) == ["pending"]
