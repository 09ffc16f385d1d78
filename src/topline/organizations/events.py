"""What happened to the organization, told after the commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrganizationChanged:
    """Name, settings, locations, departments or closures changed: whatever was computed from them is stale."""

    organization_id: UUID
