"""JSON shapes of a person's day on the tablet."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from topline.logbook.schemas import LogOut
from topline.scoreboard.schemas.boards import NextMarkOut
from topline.web.schemas import Output


class OwnPersonOut(Output):
    """Who is signed in on the tablet."""

    id: UUID
    display_name: Annotated[str, msgspec.Meta(examples=["Mara"])]
    initials: Annotated[str, msgspec.Meta(examples=["MS"])]
    color: Annotated[int, msgspec.Meta(description="Ground of the initials, 0 to 5", examples=[0])]
    role_name: Annotated[str, msgspec.Meta(examples=["Front desk agent"])]
    department_name: Annotated[str, msgspec.Meta(examples=["Front desk"])]


class TodayCountOut(Output):
    """Today so far, by logs that stand."""

    count: Annotated[int, msgspec.Meta(examples=[19])]
    target: Annotated[int, msgspec.Meta(description="0 where nothing is expected", examples=[25])]
    points: Annotated[int, msgspec.Meta(examples=[104])]


class NeighborOut(Output):
    """A line of the board beside the own one."""

    rank: Annotated[int, msgspec.Meta(examples=[3])]
    display_name: Annotated[str, msgspec.Meta(description="Nameless for who does not want to be shown")]
    points: Annotated[int, msgspec.Meta(examples=[107])]
    is_me: bool


class TabletPlaceOut(Output):
    """The own place today, by points."""

    rank: Annotated[int, msgspec.Meta(examples=[4])]
    of: Annotated[int, msgspec.Meta(examples=[41])]
    points: Annotated[int, msgspec.Meta(examples=[104])]
    neighbours: list[NeighborOut]
    next: Annotated[NextMarkOut | None, msgspec.Meta(description="null at the top")]


class OwnBehaviorOut(Output):
    """A behavior of the own role."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["Offer room upgrade"])]
    icon: Annotated[str, msgspec.Meta(examples=["bed"])]
    points: Annotated[int, msgspec.Meta(examples=[10])]
    target: Annotated[int, msgspec.Meta(description="For today; 0 where nothing is expected", examples=[5])]
    count: Annotated[int, msgspec.Meta(description="Logs of today that stand", examples=[3])]
    verification: Literal["self_reported", "manager", "evidence"]
    place_label: Literal["room", "table"] | None
    asks_amount: bool
    asks_covers: bool
    asks_outcome: bool


class OwnDayOut(Output):
    """A person's day on the tablet."""

    session_id: UUID | None
    person: OwnPersonOut
    business_date: date
    turns_at: Annotated[datetime, msgspec.Meta(description="When the next business day begins")]
    today: TodayCountOut
    streak_days: Annotated[int, msgspec.Meta(description="Working days in a row with a log", examples=[6])]
    place: Annotated[TabletPlaceOut | None, msgspec.Meta(description="null while nobody has points")]
    behaviors: list[OwnBehaviorOut]
    logs: list[LogOut]
