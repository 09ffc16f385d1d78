"""What happened at the doors, told after the commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class IdentityChanged:
    """A credential ended, or may do something else than a second ago: every process must ask the database anew."""

    organization_id: UUID


@dataclass(frozen=True, slots=True)
class HouseSetUp:
    """The first run made this organization. Higher domains fill in what they know, such as the behaviors."""

    organization_id: UUID
