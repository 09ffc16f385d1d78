"""Let logs expire that nobody decided about in time: they are never silently approved."""

from datetime import timedelta

from topline.audit import actions as audit
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.logbook.actions import lock_logs
from topline.organizations import queries as organizations
from topline.verification import queries
from topline.verification.actions.deciding import Decision, candidate, carry_out
from topline.verification.rules import BULK_LIMIT, Act, decision_problem


def expire(tx: Write) -> int:
    """Expire at most 500 logs of the organization that came in before the grace period, and were not reopened in it.

    Returns how many; fewer than 500 means that none is left.
    """
    tx.actor.must(P.LOGS_VERIFY)
    grace = timedelta(days=organizations.organization(tx).settings.verification.grace_days)
    found = lock_logs(tx, queries.due(tx, tx.now - grace, BULK_LIMIT))
    waiting = [log for log in found if decision_problem(candidate(log), Act.EXPIRE, None) is None]
    carry_out(tx, waiting, Decision(Act.EXPIRE))
    if waiting:
        audit.record(tx, "logs.expired", "organization", None, after={"changed": len(waiting)})
    return len(found)
