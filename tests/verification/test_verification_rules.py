"""Verification: decisions follow each other in one way only, nobody decides their own, doubt goes to a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from topline.logbook.rules import LogStatus
from topline.verification import rules
from topline.verification.rules import Act, AutoRule, Candidate, Decided, Facts, Level, Reason, Skipped

NOW = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANA, MAX = UUID(int=1), UUID(int=2)
SECRET = b"a secret of the house"


def log(number: int, status: LogStatus = LogStatus.PENDING, **more: object) -> Candidate:
    return replace(Candidate(UUID(int=number), ANA, status, Level.MANAGER, has_evidence=False), **more)  # type: ignore[arg-type]


def test_the_whole_table_of_transitions() -> None:
    reached = {
        (status.value, act.value): after.value
        for status in LogStatus
        for act in Act
        if (after := rules.next_status(status, act)) is not None
    }
    assert reached == {
        ("pending", "verify"): "verified",
        ("pending", "reject"): "rejected",
        ("pending", "expire"): "expired",
        ("verified", "reopen"): "pending",
        ("rejected", "reopen"): "pending",
    }


def test_the_reject_reasons_are_those_of_the_design() -> None:
    assert [reason.value for reason in Reason] == [
        "not_performed",
        "incorrect_data",
        "duplicate",
        "no_evidence",
        "amount_mismatch",
        "not_observed",
        "other",
    ]
    assert rules.reason_label_key(Reason.NO_EVIDENCE) == "verification.reason.no_evidence"


@pytest.mark.parametrize(
    ("reason", "note", "codes"),
    [
        ("duplicate", None, []),
        ("duplicate", "twice at 18:02", []),
        ("other", "wrong guest", []),
        ("other", None, ["note_missing"]),
        ("other", "   ", ["note_missing"]),
        ("because", None, ["reason_unknown"]),
        (None, "note", ["reason_missing"]),
        ("", None, ["reason_missing"]),
        ("duplicate", "n" * 501, ["text_too_long"]),
        ("duplicate", "a\x00b", ["text_control_character"]),
    ],
)
def test_a_rejection_has_a_reason(reason: str | None, note: str | None, codes: list[str]) -> None:
    assert [error.code for error in rules.check_reason(reason, note)[2]] == codes


@pytest.mark.parametrize(
    ("status", "act", "code"),
    [
        (LogStatus.PENDING, Act.VERIFY, None),
        (LogStatus.PENDING, Act.REJECT, None),
        (LogStatus.PENDING, Act.REOPEN, "already_pending"),
        (LogStatus.VERIFIED, Act.VERIFY, "already_verified"),
        (LogStatus.VERIFIED, Act.REJECT, "already_verified"),
        (LogStatus.VERIFIED, Act.REOPEN, None),
        (LogStatus.REJECTED, Act.VERIFY, "already_rejected"),
        (LogStatus.REJECTED, Act.REOPEN, None),
        (LogStatus.UNDONE, Act.VERIFY, "undone"),
        (LogStatus.UNDONE, Act.REOPEN, "undone"),
        (LogStatus.EXPIRED, Act.VERIFY, "expired"),
        (LogStatus.EXPIRED, Act.REOPEN, "expired"),
    ],
)
def test_what_is_settled_is_skipped_with_the_reason(status: LogStatus, act: Act, code: str | None) -> None:
    assert rules.decision_problem(log(1, status), act, MAX) == code
    assert code is None or code in rules.SKIPS


@pytest.mark.parametrize("act", [Act.VERIFY, Act.REJECT, Act.REOPEN])
@pytest.mark.parametrize("status", list(LogStatus))
def test_nobody_decides_their_own(status: LogStatus, act: Act) -> None:
    assert rules.decision_problem(log(1, status), act, ANA) == "own_log"


def test_evidence_is_needed_to_verify_but_not_to_reject() -> None:
    bare = log(1, level=Level.EVIDENCE)
    assert rules.decision_problem(bare, Act.VERIFY, MAX) == "evidence_missing"
    assert rules.decision_problem(bare, Act.REJECT, MAX) is None
    assert rules.decision_problem(replace(bare, has_evidence=True), Act.VERIFY, MAX) is None


def test_a_bulk_decision_is_itemised() -> None:
    logs = [log(1), log(2, LogStatus.REJECTED), log(3, person_id=MAX), log(4, level=Level.EVIDENCE), log(5)]
    found = rules.partition(logs, Act.VERIFY, MAX)
    assert found.to_change == (UUID(int=1), UUID(int=5))
    assert found.skipped == (
        Skipped(UUID(int=2), "already_rejected"),
        Skipped(UUID(int=3), "own_log"),
        Skipped(UUID(int=4), "evidence_missing"),
    )


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.uuids(),
        st.sampled_from([ANA, MAX]),
        st.sampled_from(LogStatus),
        st.sampled_from(Level),
        st.booleans(),
    ),
    unique_by=lambda candidate: candidate.id,
)


@given(CANDIDATES, st.sampled_from(Act), st.sampled_from([ANA, MAX, None]))
def test_every_log_is_changed_or_skipped_and_a_second_time_nothing_changes(
    logs: list[Candidate], act: Act, decider: UUID | None
) -> None:
    found = rules.partition(logs, act, decider)
    skipped = [item.id for item in found.skipped]
    assert sorted([*found.to_change, *skipped]) == sorted(candidate.id for candidate in logs)
    after = [
        replace(candidate, status=rules.next_status(candidate.status, act) or candidate.status)
        for candidate in logs
        if candidate.id in found.to_change
    ]
    assert rules.partition(after, act, decider).to_change == ()


def test_a_bulk_has_one_to_500_logs_and_repeats_count_once() -> None:
    ids = [UUID(int=number) for number in range(501)]
    assert rules.bulk_problem([]) == "bulk_empty"
    assert rules.bulk_problem(ids[:500]) is None
    assert rules.bulk_problem(ids[:500] * 2) is None
    assert rules.bulk_problem(ids) == "bulk_too_many"


def test_ids_from_elsewhere_are_found() -> None:
    one, two, three = (UUID(int=number) for number in (1, 2, 3))
    assert rules.unknown_ids([three, one, two, three], [one]) == [three, two]
    assert rules.unknown_ids([one], [one, two]) == []


def test_a_bulk_decision_can_be_taken_back_for_ten_minutes_once() -> None:
    assert rules.batch_undo_problem(NOW, None, NOW + 10 * MINUTE - timedelta(seconds=1)) is None
    assert rules.batch_undo_problem(NOW, None, NOW + 10 * MINUTE) == "batch_undo_too_late"
    assert rules.batch_undo_problem(NOW, NOW + MINUTE, NOW + 2 * MINUTE) == "batch_undone"


def test_taking_back_leaves_what_was_changed_since() -> None:
    batch, later = UUID(int=100), UUID(int=101)
    logs = [
        Decided(UUID(int=1), LogStatus.VERIFIED, LogStatus.VERIFIED, batch),
        Decided(UUID(int=2), LogStatus.PENDING, LogStatus.VERIFIED, None),
        Decided(UUID(int=3), LogStatus.VERIFIED, LogStatus.VERIFIED, later),
    ]
    found = rules.partition_undo(logs, batch)
    assert found.to_change == (UUID(int=1),)
    assert [(item.id.int, item.code) for item in found.skipped] == [
        (2, "changed_since"),
        (3, "changed_since"),
    ]


def test_undecided_logs_expire_but_self_reported_ones_wait_for_nobody() -> None:
    assert rules.expires_at(Level.MANAGER, NOW) == NOW + timedelta(days=7)
    assert rules.expires_at(Level.EVIDENCE, NOW, timedelta(days=2)) == NOW + timedelta(days=2)
    assert rules.expires_at(Level.SELF_REPORTED, NOW) is None


RULE = AutoRule(sample_bp=0)
GOOD = Facts(
    log_id=UUID(int=9),
    level=Level.EVIDENCE,
    flags=(),
    has_evidence=True,
    amount_matches=True,
    verified=19,
    rejected=1,
    count_that_day=40,
)


@pytest.mark.parametrize(
    ("rule", "facts", "reasons"),
    [
        (RULE, GOOD, ()),
        (RULE, replace(GOOD, flags=("offline",)), ("flagged",)),
        (RULE, replace(GOOD, has_evidence=False), ("evidence_missing",)),
        (replace(RULE, needs_evidence=False), replace(GOOD, has_evidence=False), ("evidence_missing",)),
        (replace(RULE, needs_evidence=False), replace(GOOD, has_evidence=False, level=Level.MANAGER), ()),
        (RULE, replace(GOOD, amount_matches=False), ("amount_mismatch",)),
        (RULE, replace(GOOD, amount_matches=None), ("amount_not_compared",)),
        (replace(RULE, needs_matching_amount=False), replace(GOOD, amount_matches=None), ()),
        (
            replace(RULE, needs_matching_amount=False),
            replace(GOOD, amount_matches=False),
            ("amount_mismatch",),
        ),
        (RULE, replace(GOOD, verified=18), ("too_few_decided",)),
        (RULE, replace(GOOD, verified=18, rejected=2), ()),
        (RULE, replace(GOOD, verified=1799, rejected=201), ("accuracy_too_low",)),
        (RULE, replace(GOOD, verified=0, rejected=0), ("too_few_decided", "accuracy_too_low")),
        (RULE, replace(GOOD, count_that_day=41), ("too_many_that_day",)),
        (replace(RULE, sample_bp=10_000), GOOD, ("sampled",)),
    ],
)
def test_a_rule_verifies_only_what_is_beyond_doubt(
    rule: AutoRule, facts: Facts, reasons: tuple[str, ...]
) -> None:
    decision = rules.evaluate_rule(rule, facts, SECRET)
    assert decision.reasons == reasons
    assert decision.verify is (reasons == ())


def test_the_sample_is_the_share_asked_for_and_depends_on_the_secret() -> None:
    ids = [UUID(int=number) for number in range(4_000)]
    drawn = {log_id for log_id in ids if rules.in_sample(log_id, 1_000, SECRET)}
    other = {log_id for log_id in ids if rules.in_sample(log_id, 1_000, b"another secret")}
    assert 320 <= len(drawn) <= 480
    assert drawn != other
    assert drawn <= {log_id for log_id in ids if rules.in_sample(log_id, 2_000, SECRET)}
    assert not any(rules.in_sample(log_id, 0, SECRET) for log_id in ids)
    assert all(rules.in_sample(log_id, 10_000, SECRET) for log_id in ids)
