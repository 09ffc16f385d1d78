"""Deciding about many logs at once: all or nothing for ids of nowhere, itemised otherwise, undoable, harmless twice."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.support.hotel import Hotel
from tests.verification.make import counted_statements, make_logs, statuses, stored, trail
from topline.audit.models import AuditEvent
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.verification import actions, queries
from topline.verification.queries import QueueFilter, Sample
from topline.verification.rules import Act, in_sample

VERIFY = actions.decision(Act.VERIFY)
REJECT = actions.decision(Act.REJECT, "not_observed")
WAITING = QueueFilter()


def decide(
    database: Database, hotel: Hotel, ids: list[UUID], batch_id: UUID | None = None
) -> actions.BulkResult:
    with database.write(hotel.max.actor) as tx:
        return actions.decide_ids(tx, VERIFY, ids, batch_id)


def undo(database: Database, hotel: Hotel, batch_id: UUID) -> actions.BulkResult:
    with database.write(hotel.max.actor) as tx:
        return actions.undo_batch(tx, batch_id)


def test_what_cannot_be_decided_is_skipped_and_named_and_the_rest_is_done(
    database: Database, hotel: Hotel
) -> None:
    fine = make_logs(database, hotel, hotel.sam, 3)
    [own] = make_logs(database, hotel, hotel.max)
    [undone] = make_logs(database, hotel, hotel.cleo, status="undone")
    [decided] = make_logs(database, hotel, hotel.cleo, status="verified")
    [bare] = make_logs(database, hotel, hotel.cleo, behavior="clean")
    result = decide(database, hotel, [own, *fine, undone, decided, bare, fine[0]])
    assert result.changed == 3
    assert {one.id: one.code for one in result.skipped} == {
        own: "own_log",
        undone: "undone",
        decided: "already_verified",
        bare: "evidence_missing",
    }
    assert statuses(database, fine) == ["verified"] * 3
    assert statuses(database, [own, bare]) == ["pending"] * 2
    assert [act.batch_id for act in trail(database, fine[0])] == [result.batch_id]
    with database.read() as tx:
        [row] = tx.execute(select(AuditEvent.act, AuditEvent.subject_id, AuditEvent.after))
    assert (row.act, row.subject_id) == ("logs.verified", result.batch_id)
    assert (row.after["changed"], row.after["skipped"]) == (3, 4)


@pytest.mark.parametrize("whose", ["neighbor", "nobody"])
def test_an_id_of_nowhere_refuses_everything(
    database: Database, hotel: Hotel, other_hotel: Hotel, whose: str
) -> None:
    mine = make_logs(database, hotel, hotel.sam, 2)
    strange = make_logs(database, other_hotel, other_hotel.sam)[0] if whose == "neighbor" else new_id()
    with pytest.raises(Problem) as refused:
        decide(database, hotel, [*mine, strange])
    assert refused.value.code == "not_found"
    assert str(strange) in refused.value.detail
    assert refused.value.fields[0].field == "ids.2"
    assert statuses(database, mine) == ["pending", "pending"]


def test_at_least_one_and_at_most_five_hundred(database: Database, hotel: Hotel) -> None:
    for ids, code in (([], "bulk_empty"), ([new_id() for _ in range(501)], "bulk_too_many")):
        with pytest.raises(Problem) as refused:
            decide(database, hotel, ids)
        assert refused.value.fields[0].code == code


def test_a_batch_id_makes_the_second_click_harmless(
    database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    ids = make_logs(database, hotel, hotel.sam, 3)
    [own] = make_logs(database, hotel, hotel.max)
    batch_id = new_id()
    first = decide(database, hotel, [*ids, own], batch_id)
    clock.advance(timedelta(minutes=3))
    assert decide(database, hotel, [*ids, own], batch_id) == first
    assert len(trail(database, ids[0])) == 1
    with pytest.raises(Problem) as refused:
        decide(database, hotel, ids[:1], batch_id)
    assert (refused.value.code, refused.value.fields[0].code) == ("conflict", "batch_id_taken")


def test_all_that_match_are_decided_500_at_a_time(database: Database, hotel: Hotel) -> None:
    ids = make_logs(database, hotel, hotel.sam, 503)
    others = make_logs(database, hotel, hotel.bea, 2, behavior="shake")
    bare = make_logs(database, hotel, hotel.sam, 2, behavior="clean")
    wanted = QueueFilter(department_id=hotel.restaurant_id)
    seen = []
    for _ in range(2):
        with database.write(hotel.max.actor) as tx:
            seen.append(actions.decide_matching(tx, VERIFY, wanted, None))
    assert [(one.changed, one.remaining) for one in seen] == [(500, 3), (3, 0)]
    assert {(one.id, one.code) for one in seen[0].skipped} == {(log, "evidence_missing") for log in bare}
    assert statuses(database, ids) == ["verified"] * 503
    assert statuses(database, [*others, *bare]) == ["pending"] * 4


def test_what_came_in_after_the_manager_looked_is_not_decided_unseen(
    database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    [seen] = make_logs(database, hotel, hotel.sam)
    looked_at = clock.now()
    clock.advance(timedelta(minutes=1))
    [unseen] = make_logs(database, hotel, hotel.sam, received_at=clock.now())
    with database.write(hotel.max.actor) as tx:
        actions.decide_matching(tx, VERIFY, replace(WAITING, received_until=looked_at), None)
    assert statuses(database, [seen, unseen]) == ["verified", "pending"]


def test_a_filter_with_a_sample_decides_the_sample_only(database: Database, hotel: Hotel) -> None:
    ids = make_logs(database, hotel, hotel.sam, 60)
    [flagged] = make_logs(database, hotel, hotel.sam, flags=["offline"])
    sample = Sample(2_000, b"secret")
    drawn = {log_id for log_id in ids if in_sample(log_id, 2_000, b"secret")} | {flagged}
    assert 1 < len(drawn) < 40
    with database.write(hotel.max.actor) as tx:
        assert {key.id for key in queries.keys(tx, WAITING, limit=100, sample=sample)} == drawn
        result = actions.decide_matching(tx, VERIFY, WAITING, sample)
    assert result.changed == len(drawn)
    standing = Counter(statuses(database, ids))
    assert standing == {"verified": len(drawn) - 1, "pending": 61 - len(drawn)}


def test_within_ten_minutes_a_batch_is_taken_back(
    database: Database, hotel: Hotel, clock: FixedClock
) -> None:
    ids = make_logs(database, hotel, hotel.sam, 4)
    with database.write(hotel.max.actor) as tx:
        batch_id = actions.decide_ids(tx, REJECT, ids).batch_id
    clock.advance(timedelta(minutes=9, seconds=59))
    result = undo(database, hotel, batch_id)
    assert (result.changed, result.skipped) == (4, ())
    assert statuses(database, ids) == ["pending"] * 4
    assert stored(database, ids[0]).reject_reason is None
    assert [act.act for act in trail(database, ids[0])] == ["rejected", "reopened"]
    with pytest.raises(Problem) as refused:
        undo(database, hotel, batch_id)
    assert refused.value.fields[0].code == "batch_undone"


def test_after_ten_minutes_a_batch_stands(database: Database, hotel: Hotel, clock: FixedClock) -> None:
    ids = make_logs(database, hotel, hotel.sam, 2)
    batch_id = decide(database, hotel, ids).batch_id
    clock.advance(timedelta(minutes=10))
    with pytest.raises(Problem) as refused:
        undo(database, hotel, batch_id)
    assert (refused.value.code, refused.value.fields[0].code) == (
        "batch_not_undoable",
        "batch_undo_too_late",
    )
    assert statuses(database, ids) == ["verified"] * 2


def test_undo_leaves_what_was_decided_since(database: Database, hotel: Hotel) -> None:
    ids = make_logs(database, hotel, hotel.sam, 3)
    batch_id = decide(database, hotel, ids).batch_id
    with database.write(hotel.olive.actor) as tx:
        actions.reopen(tx, ids[0])
        actions.decide_one(tx, ids[0], REJECT)
        actions.reopen(tx, ids[1])
        actions.decide_one(tx, ids[1], VERIFY)
    result = undo(database, hotel, batch_id)
    assert result.changed == 1
    assert {(one.id, one.code) for one in result.skipped} == {(log, "changed_since") for log in ids[:2]}
    assert statuses(database, ids) == ["rejected", "verified", "pending"]


def test_nobody_reopens_their_own_by_undoing_a_colleagues_batch(database: Database, hotel: Hotel) -> None:
    [own] = make_logs(database, hotel, hotel.max)
    [other] = make_logs(database, hotel, hotel.sam)
    with database.write(hotel.olive.actor) as tx:
        batch_id = actions.decide_ids(tx, REJECT, [own, other]).batch_id
    result = undo(database, hotel, batch_id)
    assert [(one.id, one.code) for one in result.skipped] == [(own, "own_log")]
    assert statuses(database, [own, other]) == ["rejected", "pending"]


def test_twenty_managers_at_once_decide_each_log_once(database: Database, hotel: Hotel) -> None:
    ids = make_logs(database, hotel, hotel.sam, 120)
    results: list[actions.BulkResult] = []
    failed: list[BaseException] = []

    def work(number: int) -> None:
        # Overlapping parts, every other one the other way round.
        part = [ids[(number * 5 + step) % 120] for step in range(40)]
        try:
            results.append(decide(database, hotel, part[::-1] if number % 2 else part))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(result.changed for result in results) == 120
    assert sum(len(result.skipped) for result in results) == 20 * 40 - 120
    assert statuses(database, ids) == ["verified"] * 120
    assert {len(trail(database, log_id)) for log_id in ids[::10]} == {1}


def test_two_equal_requests_at_once_are_one_decision(database: Database, hotel: Hotel) -> None:
    ids = make_logs(database, hotel, hotel.sam, 30)
    batch_id = new_id()
    results: list[actions.BulkResult] = []
    threads = [
        threading.Thread(target=lambda: results.append(decide(database, hotel, ids, batch_id)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(one.changed, one.skipped) for one in results} == {(30, ())}
    assert len(results) == 6


def test_five_hundred_take_no_more_statements_than_five(database: Database, hotel: Hotel) -> None:
    counts = []
    decide(
        database, hotel, make_logs(database, hotel, hotel.sam, 1)
    )  # the house's first act begins its audit trail
    for size in (5, 500):
        ids = make_logs(database, hotel, hotel.sam, size)
        with counted_statements(database) as seen:
            result = decide(database, hotel, ids)
        counts.append(len([one for one in seen if not one.startswith(("BEGIN", "COMMIT"))]))
        assert result.changed == size
        with counted_statements(database) as seen:
            assert undo(database, hotel, result.batch_id).changed == size
        counts.append(len([one for one in seen if not one.startswith(("BEGIN", "COMMIT"))]))
    assert counts[:2] == counts[2:]
    # Four of them put the act into the chain of the audit trail.
    assert counts[0] <= 10
    assert counts[1] <= 12
