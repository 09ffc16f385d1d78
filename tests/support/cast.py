"""Who the cast of `tests/factories.py` are: plain values, with the actor each of them makes."""

from dataclasses import dataclass
from uuid import UUID

from topline.core.actor import Actor, ActorKind
from topline.core.permissions import OF_DISPLAY, OF_GROUP, OF_TABLET, Group


@dataclass(frozen=True)
class Who:
    """One of the cast."""

    organization_id: UUID
    id: UUID
    name: str
    display_name: str
    email: str | None
    group: Group
    role_id: UUID
    department_id: UUID

    @property
    def actor(self) -> Actor:
        """The person signed in at a browser, with everything their group may do."""
        return Actor(
            ActorKind.PERSON,
            self.organization_id,
            OF_GROUP[self.group],
            self.display_name,
            person_id=self.id,
            role_id=self.role_id,
            group=self.group,
        )

    def at(self, tablet: "Machine") -> Actor:
        """The person signed in by PIN on a tablet: their own day and nothing of the office."""
        return Actor(
            ActorKind.PERSON,
            self.organization_id,
            OF_GROUP[Group.STAFF],
            self.display_name,
            person_id=self.id,
            device_id=tablet.id,
            role_id=self.role_id,
            location_id=tablet.location_id,
            group=self.group,
        )


@dataclass(frozen=True)
class Machine:
    """A tablet or display, with the token that opens it."""

    organization_id: UUID
    location_id: UUID
    id: UUID
    name: str
    kind: str
    token: str

    @property
    def actor(self) -> Actor:
        """The device itself, nobody signed in."""
        is_tablet = self.kind == "tablet"
        return Actor(
            ActorKind.TABLET if is_tablet else ActorKind.DISPLAY,
            self.organization_id,
            OF_TABLET if is_tablet else OF_DISPLAY,
            self.name,
            device_id=self.id,
            credential_id=self.id,
            location_id=self.location_id,
        )


@dataclass(frozen=True)
class Neighbor:
    """The hotel next door: whatever its people try, they find nothing of the cast's house."""

    organization_id: UUID
    location_id: UUID
    department_id: UUID
    staff_role_id: UUID
    owner: Who
    staff: Who
    behavior_id: UUID


@dataclass(frozen=True)
class Cast:
    """The house. Behaviors by key: `upsell` (manager, asks for everything about a room), `greet` (self-reported) and
    `photo` (evidence) belong to the front desk; `cocktail` (manager, table and covers) and `tidy` (self-reported) to
    the bar. Each has 10 points and a target of 5 per shift since 2020."""

    organization_id: UUID
    location_id: UUID
    front_desk_id: UUID
    bar_id: UUID
    owner_role_id: UUID
    manager_role_id: UUID
    front_desk_role_id: UUID
    bartender_role_id: UUID
    olga: Who
    mina: Who
    milo: Who
    fred: Who
    bella: Who
    behaviors: dict[str, UUID]
    other: Neighbor

    @property
    def people(self) -> tuple[Who, ...]:
        """Everybody of the house, highest rank first."""
        return (self.olga, self.mina, self.milo, self.fred, self.bella)
