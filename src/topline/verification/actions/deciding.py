"""What every decision shares: what is decided, whether it may be, and how it is carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from topline.core.errors import invalid_fields
from topline.core.transaction import Write
from topline.logbook.actions import LockedLog, Ruling, rule_on
from topline.logbook.rules import LogStatus
from topline.verification.events import LogsDecided
from topline.verification.rules import Act, Candidate, Level, Reason, check_reason

#: What each act makes of a log, and its word in the log's trail.
MAKES: Final = {
    Act.VERIFY: (LogStatus.VERIFIED, "verified"),
    Act.REJECT: (LogStatus.REJECTED, "rejected"),
    Act.REOPEN: (LogStatus.PENDING, "reopened"),
    Act.EXPIRE: (LogStatus.EXPIRED, "expired"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Verify, reject with a reason and perhaps a note, reopen, or let expire."""

    act: Act
    reason: Reason | None = None
    note: str | None = None


def decision(act: Act, reason: str | None = None, note: str | None = None) -> Decision:
    """A checked decision. Raises 400: rejecting needs one of the reasons, and `other` a note."""
    if act is not Act.REJECT:
        return Decision(act)
    found, note, errors = check_reason(reason, note)
    if errors:
        raise invalid_fields(errors)
    return Decision(act, found, note)


def candidate(log: LockedLog) -> Candidate:
    """What the rules look at."""
    return Candidate(log.id, log.person_id, log.status, Level(log.verification), log.has_evidence)


def carry_out(tx: Write, logs: Sequence[LockedLog], made: Decision, *, batch_id: UUID | None = None) -> None:
    """Give locked logs, all of which the rules let pass, their new status, and tell the others after the commit."""
    if not logs:
        return
    status, act = MAKES[made.act]
    rule_on(tx, logs, Ruling(status, act, made.reason and made.reason.value, made.note, batch_id))
    pairs = frozenset((log.business_date, log.person_id) for log in logs)
    tx.after_commit(LogsDecided(tx.organization_id, act, len(logs), pairs))
