"""Rules of verification: who may decide what, which decisions follow which, and what may be decided by rule.

Nothing is ever approved by silence: a log nobody decided within the grace period expires.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from topline.core.errors import FieldError
from topline.core.money import BASIS_POINTS, reached_bp
from topline.core.text import TextError, optional_note
from topline.logbook.rules import BURST_WINDOW, LogStatus

BULK_LIMIT: Final = 500
BATCH_UNDO_WINDOW: Final = timedelta(minutes=10)
DEFAULT_GRACE: Final = timedelta(days=7)
NOTE_LENGTH: Final = 500


class Level(StrEnum):
    """How much proof a behavior needs."""

    SELF_REPORTED = "self_reported"
    MANAGER = "manager"
    EVIDENCE = "evidence"


class Act(StrEnum):
    """What can be done to a log's status by somebody other than its person."""

    VERIFY = "verify"
    REJECT = "reject"
    REOPEN = "reopen"
    EXPIRE = "expire"


class Reason(StrEnum):
    """Why a log was rejected. The words shown for it are at `reason_label_key` in the catalogue."""

    NOT_PERFORMED = "not_performed"
    INCORRECT_DATA = "incorrect_data"
    DUPLICATE = "duplicate"
    NO_EVIDENCE = "no_evidence"
    AMOUNT_MISMATCH = "amount_mismatch"
    NOT_OBSERVED = "not_observed"
    OTHER = "other"


TRANSITIONS: Final[dict[tuple[LogStatus, Act], LogStatus]] = {
    (LogStatus.PENDING, Act.VERIFY): LogStatus.VERIFIED,
    (LogStatus.PENDING, Act.REJECT): LogStatus.REJECTED,
    (LogStatus.PENDING, Act.EXPIRE): LogStatus.EXPIRED,
    (LogStatus.VERIFIED, Act.REOPEN): LogStatus.PENDING,
    (LogStatus.REJECTED, Act.REOPEN): LogStatus.PENDING,
}

SKIPS: Final[dict[str, str]] = {
    "already_verified": "This log was verified already.",
    "already_rejected": "This log was rejected already.",
    "already_pending": "This log is waiting for a decision already.",
    "undone": "Its person undid this log.",
    "expired": "Nobody decided about this log in time, and it expired.",
    "own_log": "Nobody decides about their own logs.",
    "evidence_missing": "This behavior needs a photo, and there is none.",
    "changed_since": "This log was changed after the decision.",
}
_SETTLED: Final[dict[LogStatus, str]] = {
    LogStatus.VERIFIED: "already_verified",
    LogStatus.REJECTED: "already_rejected",
    LogStatus.PENDING: "already_pending",
    LogStatus.UNDONE: "undone",
    LogStatus.EXPIRED: "expired",
}


def next_status(status: LogStatus, act: Act) -> LogStatus | None:
    """The status after the act; None when the act is not possible from here."""
    return TRANSITIONS.get((status, act))


def reason_label_key(reason: Reason) -> str:
    """Where the words for a reject reason stand in the catalogue."""
    return f"verification.reason.{reason.value}"


def check_reason(reason: str | None, note: str | None) -> tuple[Reason | None, str | None, list[FieldError]]:
    """The reject reason and the cleaned note, with complaints: a reason is needed, and `other` needs a note."""
    errors: list[FieldError] = []
    found = Reason(reason) if reason in set(Reason) else None
    if found is None:
        code = "reason_unknown" if reason else "reason_missing"
        errors.append(FieldError("reason", code, "Choose one of the reasons."))
    try:
        note = optional_note(note, NOTE_LENGTH)
    except TextError as error:
        errors.append(FieldError("note", error.code, str(error)))
    if found is Reason.OTHER and note is None:
        errors.append(FieldError("note", "note_missing", "Say what the reason is."))
    return found, note, errors


# --- deciding, one or many ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a decision needs to know about a log."""

    id: UUID
    person_id: UUID
    status: LogStatus
    level: Level
    has_evidence: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A log that a decision leaves as it is, and why: a key of `SKIPS`."""

    id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class Partition:
    """What a bulk decision changes and what it leaves. Each log is in exactly one of the two."""

    to_change: tuple[UUID, ...]
    skipped: tuple[Skipped, ...]


def decision_problem(log: Candidate, act: Act, decider_id: UUID | None) -> str | None:
    """Why the decision is not possible, or None. `decider_id` is None for the program itself (expiry, a rule).

    Nobody verifies, rejects or reopens their own. What needs evidence is verified only with it; rejecting does not
    need any.
    """
    if decider_id is not None and decider_id == log.person_id:
        return "own_log"
    if next_status(log.status, act) is None:
        return _SETTLED[log.status]
    if act is Act.VERIFY and log.level is Level.EVIDENCE and not log.has_evidence:
        return "evidence_missing"
    return None


def partition(logs: Iterable[Candidate], act: Act, decider_id: UUID | None) -> Partition:
    """Divide logs into those the decision changes and those it skips, each in the order given.

    Out-of-scope ids never come this far: `unknown_ids` finds them and the whole request is refused.
    """
    to_change: list[UUID] = []
    skipped: list[Skipped] = []
    for log in logs:
        code = decision_problem(log, act, decider_id)
        if code is None:
            to_change.append(log.id)
        else:
            skipped.append(Skipped(log.id, code))
    return Partition(tuple(to_change), tuple(skipped))


def bulk_problem(ids: Sequence[UUID]) -> str | None:
    """Why a list of ids is refused as a whole, or None: `bulk_empty`, or more than 500 as `bulk_too_many`."""
    if not ids:
        return "bulk_empty"
    return "bulk_too_many" if len(set(ids)) > BULK_LIMIT else None


def unknown_ids(asked: Iterable[UUID], found: Iterable[UUID]) -> list[UUID]:
    """The asked ids that the scoped query did not find, without repeats, in the order asked."""
    known = set(found)
    return [log_id for log_id in dict.fromkeys(asked) if log_id not in known]


def repeats(others: Iterable[datetime], occurred_at: datetime) -> int:
    """How many logs, this one included, lie in the fullest minute around it. `others` are of the same person and
    behavior."""
    near = sorted([*(at for at in others if abs(at - occurred_at) <= BURST_WINDOW), occurred_at])
    starts = near[: bisect_right(near, occurred_at)]
    return max(bisect_right(near, start + BURST_WINDOW) - at for at, start in enumerate(starts))


# --- taking a bulk decision back ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """A log that a batch changed: how it stands now, what the batch made of it, and whose last change that was."""

    id: UUID
    status: LogStatus
    made: LogStatus
    last_batch_id: UUID | None


def batch_undo_problem(decided_at: datetime, undone_at: datetime | None, now: datetime) -> str | None:
    """Why a bulk decision cannot be taken back, or None: `batch_undone` already, or later than ten minutes."""
    if undone_at is not None:
        return "batch_undone"
    return "batch_undo_too_late" if now >= decided_at + BATCH_UNDO_WINDOW else None


def partition_undo(logs: Iterable[Decided], batch_id: UUID) -> Partition:
    """Which logs of a batch go back to pending: those that nobody has touched since (else `changed_since`)."""
    to_change: list[UUID] = []
    skipped: list[Skipped] = []
    for log in logs:
        if log.status is log.made and log.last_batch_id == batch_id:
            to_change.append(log.id)
        else:
            skipped.append(Skipped(log.id, "changed_since"))
    return Partition(tuple(to_change), tuple(skipped))


# --- time passing, and deciding by rule -----------------------------------------------------------


def expires_at(level: Level, received_at: datetime, grace: timedelta = DEFAULT_GRACE) -> datetime | None:
    """When a pending log expires; None for self-reported ones, which wait for nobody."""
    return None if level is Level.SELF_REPORTED else received_at + grace


@dataclass(frozen=True, slots=True)
class AutoRule:
    """When a log may be verified without a person looking at it, and how many of those are looked at all the same.

    `least_accuracy_bp` is the share of the person's decided logs that were verified, of at least `least_decided`
    logs. `most_per_day` is what is plausible of this behavior in a day. `sample_bp` is the share that goes to a
    manager nevertheless, so that the rule is itself checked.
    """

    least_accuracy_bp: int = 9_000
    least_decided: int = 20
    most_per_day: int = 40
    needs_evidence: bool = True
    needs_matching_amount: bool = True
    sample_bp: int = 1_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule looks at. `amount_matches` is None where nothing was compared."""

    log_id: UUID
    level: Level
    flags: tuple[str, ...]
    has_evidence: bool
    amount_matches: bool | None
    verified: int
    rejected: int
    count_that_day: int


@dataclass(frozen=True, slots=True)
class AutoDecision:
    """Whether the log is verified by rule; if not, every reason why a person must look."""

    verify: bool
    reasons: tuple[str, ...]


def evaluate_rule(rule: AutoRule, facts: Facts, secret: bytes) -> AutoDecision:
    """Decide by rule or send to a manager. Anything doubtful goes to a person; a rule never rejects.

    `secret` makes the sample unpredictable to the person who logs, and the same for the same log.
    """
    accuracy = reached_bp(facts.verified, facts.verified + facts.rejected)
    checks = (
        ("flagged", bool(facts.flags)),
        (
            "evidence_missing",
            not facts.has_evidence and (rule.needs_evidence or facts.level is Level.EVIDENCE),
        ),
        ("amount_mismatch", facts.amount_matches is False),
        ("amount_not_compared", facts.amount_matches is None and rule.needs_matching_amount),
        ("too_few_decided", facts.verified + facts.rejected < rule.least_decided),
        ("accuracy_too_low", accuracy is None or accuracy < rule.least_accuracy_bp),
        ("too_many_that_day", facts.count_that_day > rule.most_per_day),
        ("sampled", in_sample(facts.log_id, rule.sample_bp, secret)),
    )
    reasons = tuple(code for code, applies in checks if applies)
    return AutoDecision(not reasons, reasons)


def in_sample(log_id: UUID, share_bp: int, secret: bytes) -> bool:
    """Whether the log is one of the `share_bp` basis points that a manager looks at; fixed for a log and secret."""
    drawn = hashlib.blake2b(log_id.bytes, key=secret[:64], digest_size=8).digest()
    return int.from_bytes(drawn) * BASIS_POINTS < share_bp << 64
