"""Read the audit trail: the acts, and the chain that shows whether anybody touched them."""

from topline.audit.queries.chain import (
    Chain,
    Outside,
    chain,
    events,
    has_others,
    links,
    outside,
    unsealed,
)
from topline.audit.queries.trail import AuditRow, Wanted, newest

__all__ = [
    "AuditRow",
    "Chain",
    "Outside",
    "Wanted",
    "chain",
    "events",
    "has_others",
    "links",
    "newest",
    "outside",
    "unsealed",
]
