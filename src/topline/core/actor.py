"""Who is acting: the result of a credential, handed to every query and action."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from topline.core.errors import Problem
from topline.core.permissions import Group, Permission

#: How long somebody who showed that it is them need not show it again before something dangerous.
CONFIRMED_FOR: Final = timedelta(minutes=15)


class ActorKind(StrEnum):
    """What kind of credential was shown."""

    PERSON = "person"
    TABLET = "tablet"
    DISPLAY = "display"
    SYSTEM = "system"


class Owes(StrEnum):
    """What a person must do before anything else, by the problem that says so."""

    NEW_PASSWORD = "password_change_required"  # noqa: S105 - a problem code
    SECOND_FACTOR = "second_factor_setup_required"


@dataclass(frozen=True, slots=True)
class Actor:
    """One caller inside one organization.

    A person signed in on a tablet has both `person_id` and `device_id`. `credential_id` is the id of the session, API
    key or device row behind the call, so that revoking that row can find what to forget. `owes` is what comes before
    everything else, `confirmed_at` when the person last showed that it is them.
    """

    kind: ActorKind
    organization_id: UUID
    permissions: frozenset[Permission]
    label: str
    person_id: UUID | None = None
    device_id: UUID | None = None
    credential_id: UUID | None = None
    role_id: UUID | None = None
    location_id: UUID | None = None
    group: Group | None = None
    is_api_key: bool = False
    owes: Owes | None = None
    confirmed_at: datetime | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the permission is in this actor's set."""
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        """Raise 403 unless the permission is held. Actions call this first."""
        if permission not in self.permissions:
            raise Problem("forbidden")

    def must_be_confirmed(self, now: datetime) -> None:
        """Raise 403 `confirmation_needed` when somebody at a browser did not show lately that it is still them.

        A browser left open must not be enough for what is dangerous. Keys and the program itself cannot be asked.
        """
        if self.kind is not ActorKind.PERSON or self.is_api_key:
            return
        if self.confirmed_at is None or now - self.confirmed_at > CONFIRMED_FOR:
            raise Problem("confirmation_needed")

    def person(self) -> UUID:
        """The person's id. Raises 403 for devices and the system, which are nobody."""
        if self.person_id is None:
            raise Problem("forbidden")
        return self.person_id


def system(organization_id: UUID, label: str = "system") -> Actor:
    """The program itself acting on schedule or from the command line, with every permission."""
    return Actor(ActorKind.SYSTEM, organization_id, frozenset(Permission), label)
