"""What was decided, told after the commit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LogsDecided:
    """Logs were verified, rejected, reopened or expired: the totals of these (business date, person id) changed."""

    organization_id: UUID
    act: str
    count: int
    pairs: frozenset[tuple[date, UUID]]
