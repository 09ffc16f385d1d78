"""What the audit trail does on its own: it takes in events of the release before this one, and logs its head.

A head that stands in the log, or wherever logs are kept, shows later that nobody wrote the chain anew.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog

from topline.audit import actions, queries
from topline.core.actor import system
from topline.core.transaction import Database, Read
from topline.web.services import Services

log = structlog.get_logger("audit")

SWEEP_SECONDS: Final = 60.0
HEAD_SECONDS: Final = 3600.0
#: How the trail names the program.
LABEL: Final = "Topline"

#: The organizations of the installation.
Houses = Callable[[Read], list[UUID]]


def register_chores(parts: Services, houses: Houses) -> None:
    """Sweep each minute, note the heads each hour."""
    parts.jobs.every(SWEEP_SECONDS, "chain the audit trail", lambda: sweep_everywhere(parts.db, houses))
    parts.jobs.every(HEAD_SECONDS, "note the audit trail's head", lambda: note_heads(parts.db, houses))


def sweep_everywhere(db: Database, houses: Houses) -> int:
    """Take in whatever stands outside of the chains, 500 events a transaction; returns how many."""
    total = 0
    for organization_id in _all(db, houses):
        count = actions.SWEEP_LIMIT
        while count == actions.SWEEP_LIMIT and _has_work(db, organization_id):
            with db.write(system(organization_id, LABEL)) as tx:
                count = actions.sweep(tx)
            total += count
    if total:
        log.info("audit_events_chained", count=total)
    return total


def note_heads(db: Database, houses: Houses) -> None:
    """Write the head of each chain into the log."""
    for organization_id in _all(db, houses):
        with db.read(system(organization_id, LABEL)) as tx:
            head = queries.chain(tx, organization_id).head
        log.info("audit_head", organization=str(organization_id), head=str(head))


def _has_work(db: Database, organization_id: UUID) -> bool:
    """Asked before anything is written: nearly always there is nothing to do."""
    with db.read(system(organization_id, LABEL)) as tx:
        swept = queries.chain(tx, organization_id).swept_at
        is_due = swept is None or tx.now - swept >= actions.SWEPT_AGAIN
        return is_due or bool(queries.unsealed(tx, limit=1, swept=swept))


def _all(db: Database, houses: Houses) -> list[UUID]:
    with db.read() as tx:
        return houses(tx)
