"""What others may want to know about the catalog."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BehaviorsChanged:
    """Something in an organization's catalog changed: definitions, terms, roles, or what is active."""

    organization_id: UUID
