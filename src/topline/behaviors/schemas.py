"""JSON shapes of the catalog."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from topline.behaviors.catalog import Category, Frequency, PlaceLabel, Verification
from topline.behaviors.queries import BehaviorView, TermView
from topline.web.schemas import Input, Output

Name = Annotated[str, Meta(max_length=400, description="At most 100 characters", examples=["Offer dessert"])]
Text = Annotated[str, Meta(max_length=2000, description="How it is done; at most 500 characters")]
Icon = Annotated[str, Meta(max_length=30, description="Name of an icon of the catalog", examples=["dessert"])]
Points = Annotated[int, Meta(ge=1, le=100, description="What one log earns", examples=[3])]
Target = Annotated[
    int, Meta(ge=0, le=500, description="Logs per person and frequency; 0 expects none", examples=[10])
]
RoleIds = Annotated[list[UUID], Meta(max_length=200, description="The roles that have it on their tablets")]


class BehaviorIn(Input):
    """A new behavior."""

    name: Name
    category: Category
    icon: Icon
    verification: Verification
    points: Points
    target: Target
    frequency: Frequency = "PER_SHIFT"
    description: Text = ""
    place_label: PlaceLabel | None = None
    asks_amount: bool = False
    asks_covers: bool = False
    asks_outcome: bool = False
    role_ids: RoleIds = []


class BehaviorForm(BehaviorIn, kw_only=True):
    """A behavior as the page's form sends it. The term begins on `valid_from`, today when left out."""

    version: int | None = None
    valid_from: date | None = None


class BehaviorPatch(Input):
    """What is to change; what is left out stays. Points and target change at `/api/behaviors/{id}/terms`."""

    name: Name | UnsetType = UNSET
    category: Category | UnsetType = UNSET
    icon: Icon | UnsetType = UNSET
    verification: Verification | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    place_label: PlaceLabel | UnsetType | None = UNSET
    asks_amount: bool | UnsetType = UNSET
    asks_covers: bool | UnsetType = UNSET
    asks_outcome: bool | UnsetType = UNSET
    role_ids: RoleIds | UnsetType = UNSET
    active: Annotated[
        bool | UnsetType, Meta(description="false takes it off the tablets, true brings it back")
    ] = UNSET
    version: Annotated[int | None, Meta(description="The version you saw; another one now is a 409")] = None


class TermIn(Input):
    """Other points or another target from a date on."""

    points: Points
    target: Target
    frequency: Frequency = "PER_SHIFT"
    valid_from: Annotated[
        date | None, Meta(description="First business date it holds; today when left out, never in the past")
    ] = None


class TermOut(Output):
    """Points and target from a business date on."""

    valid_from: date
    points: int
    target: int
    frequency: str


class RoleOut(Output):
    """A role that has the behavior."""

    id: UUID
    name: str


class BehaviorOut(Output):
    """A behavior as it holds today."""

    id: UUID
    name: str
    description: str
    category: str
    icon: str
    verification: str
    place_label: str | None
    asks_amount: bool
    asks_covers: bool
    asks_outcome: bool
    active: bool
    version: int
    term: Annotated[
        TermOut | None, Meta(description="Today's points and target; null before the first term begins")
    ]
    roles: list[RoleOut]


class TermsOut(Output):
    """Every term of a behavior, newest first."""

    items: list[TermOut]


def term_out(view: TermView) -> TermOut:
    """A term as JSON."""
    return TermOut(
        valid_from=view.valid_from, points=view.points, target=view.target, frequency=view.frequency
    )


def behavior_out(view: BehaviorView) -> BehaviorOut:
    """A behavior as JSON."""
    return BehaviorOut(
        id=view.id,
        name=view.name,
        description=view.description,
        category=view.category,
        icon=view.icon,
        verification=view.verification,
        place_label=view.place_label,
        asks_amount=view.asks_amount,
        asks_covers=view.asks_covers,
        asks_outcome=view.asks_outcome,
        active=view.active,
        version=view.version,
        term=None if view.term is None else term_out(view.term),
        roles=[RoleOut(id=role.id, name=role.name) for role in view.roles],
    )
