"""What happened to people, told after the commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """Somebody was added, changed, deactivated or brought back: whatever shows people is stale."""

    organization_id: UUID


@dataclass(frozen=True, slots=True)
class AccessLost:
    """Somebody's role changed or they were deactivated: their sessions end."""

    organization_id: UUID
    person_id: UUID
    reason: str
