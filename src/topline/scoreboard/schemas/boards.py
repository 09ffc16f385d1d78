"""JSON shapes of the leaderboard and the scoreboard."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from topline.web.schemas import Output

BasisPoints = Annotated[int | None, msgspec.Meta(description="Basis points: 9500 is 95 %", examples=[9500])]
Score = Annotated[
    int,
    msgspec.Meta(
        description="Points, verified logs, or minor units of the hotel's currency per guest", examples=[212]
    ),
]


class NextMarkOut(Output):
    """The place above and what it takes to share it."""

    rank: Annotated[int, msgspec.Meta(examples=[3])]
    points_needed: Annotated[int, msgspec.Meta(examples=[12])]


class LineOut(Output):
    """One line of a leaderboard. A colleague who does not want to be shown has neither id nor name here."""

    rank: Annotated[int, msgspec.Meta(description="Equal scores share a place: 1, 2, 2, 4", examples=[1])]
    person_id: UUID | None
    display_name: Annotated[str, msgspec.Meta(examples=["Lina"])]
    initials: Annotated[str, msgspec.Meta(examples=["LI"])]
    color: Annotated[int, msgspec.Meta(description="Ground of the initials, 0 to 5", examples=[1])]
    department_name: Annotated[str, msgspec.Meta(examples=["Bar"])]
    score: Score
    is_me: bool = False


class OwnPlaceOut(Output):
    """Where the caller stands."""

    rank: Annotated[int, msgspec.Meta(examples=[4])]
    score: Score
    next: Annotated[NextMarkOut | None, msgspec.Meta(description="null at the top")]


class LeaderboardOut(Output):
    """A leaderboard, or the caller's part of it."""

    metric: Literal["points", "verified", "average_check"]
    period: Literal["day", "week", "month"]
    first_date: Annotated[date, msgspec.Meta(description="First business date that counts")]
    last_date: Annotated[date, msgspec.Meta(description="Last business date that counts: today")]
    as_of: datetime
    currency: Annotated[str, msgspec.Meta(description="Of `score` when it is money", examples=["EUR"])]
    of: Annotated[int, msgspec.Meta(description="How many people stand on the board", examples=[41])]
    items: list[LineOut]
    next_cursor: str | None
    me: Annotated[
        OwnPlaceOut | None,
        msgspec.Meta(description="The caller's own place, where only that may be seen; else null"),
    ] = None


class PaceOut(Output):
    """A verdict and the numbers behind it. Amounts are null where the hotel hides revenue."""

    state: Literal["celebrating", "winning", "neutral", "losing", "not_open_yet", "no_data"]
    basis: Annotated[
        Literal["revenue", "behaviors"],
        msgspec.Meta(description="What is counted: minor units of revenue, or logs that stand"),
    ]
    actual: Annotated[int | None, msgspec.Meta(description="What there is so far", examples=[1486000])]
    should_be_now: Annotated[
        int | None, msgspec.Meta(description="What would be on pace", examples=[1452000])
    ]
    target: Annotated[int | None, msgspec.Meta(description="The whole period's target", examples=[1994300])]
    share_bp: Annotated[BasisPoints, msgspec.Meta(description="`actual` of `should_be_now`")]
    target_share_bp: Annotated[BasisPoints, msgspec.Meta(description="`actual` of `target`")]
    elapsed_bp: Annotated[BasisPoints, msgspec.Meta(description="`should_be_now` of `target`")]
    days_missing: Annotated[
        int,
        msgspec.Meta(description="Days so far without an entry; they count on neither side", examples=[0]),
    ]


class DepartmentOut(Output):
    """A department's day."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["Front desk"])]
    logged: Annotated[int, msgspec.Meta(description="Expected logs that stand", examples=[212])]
    adoption_bp: BasisPoints


class TeamOut(Output):
    """The team today."""

    logged: Annotated[int, msgspec.Meta(description="All logs that stand", examples=[1204])]
    verified: Annotated[int, msgspec.Meta(examples=[840])]
    accepted: Annotated[int, msgspec.Meta(description="Offers guests accepted", examples=[38])]
    adoption_bp: Annotated[BasisPoints, msgspec.Meta(description="Of what the day sets out to do")]
    departments: list[DepartmentOut]


class LeaderOut(Output):
    """One of the first three, named as the hotel wishes."""

    rank: Annotated[int, msgspec.Meta(examples=[1])]
    name: Annotated[str, msgspec.Meta(examples=["Jonas"])]
    department_name: Annotated[str, msgspec.Meta(examples=["Bar"])]
    score: Score


class LocationRef(Output):
    """The house."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["Main house"])]


class ScoreboardOut(Output):
    """Whether the house is winning."""

    organization: Annotated[str, msgspec.Meta(examples=["Harbour House"])]
    location: LocationRef
    business_date: date
    as_of: datetime
    currency: Annotated[str, msgspec.Meta(examples=["EUR"])]
    closed_today: bool
    opens_at: Annotated[datetime | None, msgspec.Meta(description="Set until the house opens today")]
    target_is_estimate: Annotated[bool, msgspec.Meta(description="The benchmark was not measured")]
    revenue_as_of: Annotated[
        datetime | None, msgspec.Meta(description="The moment today's revenue speaks of")
    ]
    live: Annotated[PaceOut, msgspec.Meta(description="Today, by what is known of it")]
    yesterday_date: date | None
    yesterday: Annotated[PaceOut | None, msgspec.Meta(description="The last open day, beside a live state")]
    month: PaceOut
    year: PaceOut
    team: TeamOut
    metric: Literal["points", "verified", "average_check"]
    leaders: list[LeaderOut]
