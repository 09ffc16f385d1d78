"""What verification does on its own: logs expire, and where the house wants it a rule verifies."""

from datetime import date
from typing import Final
from uuid import UUID

import structlog

from topline.core.actor import system
from topline.core.transaction import Database
from topline.organizations.queries import organization_ids
from topline.verification import actions
from topline.verification.rules import BULK_LIMIT
from topline.verification.sampling import SampleKey
from topline.web.services import Services

log = structlog.get_logger("verification")

EXPIRE_SECONDS: Final = 3600.0
RULE_SECONDS: Final = 300.0
#: How the trail names the program.
LABEL: Final = "Topline"
#: One run looks at so many portions of one organization; what is left waits for the next run.
_MOST_PORTIONS: Final = 40


def register_chores(parts: Services) -> None:
    """Expire each hour, verify by rule every five minutes."""
    key = parts.get(SampleKey)
    parts.jobs.every(EXPIRE_SECONDS, "expire logs", lambda: expire_everywhere(parts.db))
    parts.jobs.every(RULE_SECONDS, "verify by rule", lambda: verify_by_rule_everywhere(parts.db, key.secret))


def expire_everywhere(db: Database) -> int:
    """Expire what is due in every organization, 500 logs a transaction; returns how many."""
    total = 0
    for organization_id in _organizations(db):
        for _ in range(_MOST_PORTIONS):
            with db.write(system(organization_id, LABEL)) as tx:
                count = actions.expire(tx)
            total += count
            if count < BULK_LIMIT:
                break
    if total:
        log.info("logs_expired", count=total)
    return total


def verify_by_rule_everywhere(db: Database, secret: bytes) -> int:
    """Verify by rule in every organization that switched it on; returns how many logs."""
    total = 0
    for organization_id in _organizations(db):
        place: tuple[date, UUID] | None = None
        for _ in range(_MOST_PORTIONS):
            with db.write(system(organization_id, LABEL)) as tx:
                count, place = actions.verify_by_rule(tx, secret, place)
            total += count
            if place is None:
                break
    if total:
        log.info("logs_verified_by_rule", count=total)
    return total


def _organizations(db: Database) -> list[UUID]:
    with db.read() as tx:
        return organization_ids(tx)
