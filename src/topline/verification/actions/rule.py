"""Verify by rule, where the house switched it on. Whatever is doubtful is left to a person; a rule never rejects."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from topline.audit import actions as audit
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.logbook.actions import lock_logs
from topline.logbook.rules import UNDO_WINDOW
from topline.organizations import queries as organizations
from topline.verification import queries
from topline.verification.actions.deciding import Decision, candidate, carry_out
from topline.verification.queries import RuleRow
from topline.verification.rules import (
    BULK_LIMIT,
    Act,
    AutoRule,
    Facts,
    Level,
    decision_problem,
    evaluate_rule,
)

#: How far back a person's decided logs speak for them.
LOOK_BACK: Final = timedelta(days=60)


def verify_by_rule(
    tx: Write, secret: bytes, after: tuple[date, UUID] | None = None
) -> tuple[int, tuple[date, UUID] | None]:
    """Look at the next 500 waiting logs whose person can no longer undo them.

    Returns how many were verified, and where to go on, None at the end. Does nothing where the house did not ask.
    """
    tx.actor.must(P.LOGS_VERIFY)
    wanted = organizations.organization(tx).settings.verification
    if not wanted.auto_verify:
        return 0, None
    rows = queries.waiting_for_rule(tx, tx.now - UNDO_WINDOW, BULK_LIMIT, after)
    following = (rows[-1].business_date, rows[-1].id) if len(rows) == BULK_LIMIT else None
    rule = AutoRule(
        least_accuracy_bp=wanted.auto_verify_accuracy_bp, needs_evidence=False, sample_bp=wanted.sample_bp
    )
    passed = [row.id for row, facts in _facts(tx, rows) if _passes(rule, row, facts, secret)]
    logs = [
        log for log in lock_logs(tx, passed) if decision_problem(candidate(log), Act.VERIFY, None) is None
    ]
    carry_out(tx, logs, Decision(Act.VERIFY))
    if logs:
        audit.record(tx, "logs.verified_by_rule", "organization", None, after={"changed": len(logs)})
    return len(logs), following


def _passes(rule: AutoRule, row: RuleRow, facts: Facts, secret: bytes) -> bool:
    # An amount has nothing to be compared with yet, so a log with one goes to a person; one without needs no comparing.
    fitting = replace(rule, needs_matching_amount=row.amount_minor is not None)
    return evaluate_rule(fitting, facts, secret).verify


def _facts(tx: Write, rows: list[RuleRow]) -> list[tuple[RuleRow, Facts]]:
    if not rows:
        return []
    people = {row.person_id for row in rows}
    days = {row.business_date for row in rows}
    decided = queries.decided_counts(tx, people, (tx.now - LOOK_BACK).date())
    per_day: Counter[tuple[UUID, UUID, date]] = Counter(queries.day_counts(tx, people, days))
    return [
        (
            row,
            Facts(
                log_id=row.id,
                level=Level(row.verification),
                flags=row.flags,
                has_evidence=row.has_evidence,
                amount_matches=None,
                verified=decided.get(row.person_id, (0, 0))[0],
                rejected=decided.get(row.person_id, (0, 0))[1],
                count_that_day=per_day[row.person_id, row.behavior_id, row.business_date],
            ),
        )
        for row in rows
    ]
