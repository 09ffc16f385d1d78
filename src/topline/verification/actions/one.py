"""Decide about one log."""

from uuid import UUID

from topline.audit import actions as audit
from topline.core.errors import FieldError, Problem, not_found
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.logbook.actions import LockedLog, lock_logs
from topline.verification.actions.deciding import MAKES, Decision, candidate, carry_out
from topline.verification.rules import SKIPS, Act, decision_problem

_CODES = {"own_log": "own_log", "evidence_missing": "evidence_missing"}


def decide_one(tx: Write, log_id: UUID, made: Decision) -> None:
    """Verify or reject somebody else's log. The same decision by the same person again is a retry and changes nothing.

    Raises 404, 403 `own_log`, 409 `already_decided` or `evidence_missing`.
    """
    tx.actor.must(P.LOGS_VERIFY)
    log = _locked(tx, log_id)
    if log.status is MAKES[made.act][0] and log.decided_by == tx.actor.person_id:
        return
    _carry_out(tx, log, made, "already_decided")


def reopen(tx: Write, log_id: UUID) -> None:
    """Take a decision about somebody else's log back: it waits again. Raises 404, 403 `own_log`, 409 `conflict`."""
    tx.actor.must(P.LOGS_VERIFY)
    _carry_out(tx, _locked(tx, log_id), Decision(Act.REOPEN), "conflict")


def _locked(tx: Write, log_id: UUID) -> LockedLog:
    found = lock_logs(tx, [log_id])
    if not found:
        raise not_found("log")
    return found[0]


def _carry_out(tx: Write, log: LockedLog, made: Decision, code: str) -> None:
    problem = decision_problem(candidate(log), made.act, tx.actor.person_id)
    if problem is not None:
        field = FieldError("id", problem, SKIPS[problem])
        current = {"id": str(log.id), "status": log.status.value}
        raise Problem(_CODES.get(problem, code), SKIPS[problem], fields=(field,), current=current)
    carry_out(tx, [log], made)
    audit.record(
        tx,
        f"log.{MAKES[made.act][1]}",
        "behavior_log",
        log.id,
        before={"status": log.status.value},
        after={
            "status": MAKES[made.act][0].value,
            "reason": made.reason and made.reason.value,
            "note": made.note,
        },
    )
