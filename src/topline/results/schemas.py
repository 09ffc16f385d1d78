"""JSON shapes of results and imports."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from topline.results.options import ImportOptions
from topline.results.rules import NOTES_LENGTH, REASON_LENGTH
from topline.web.paging import Page
from topline.web.schemas import Input, Output

Amount = Annotated[int, Meta(description="Minor units of the organization's currency", examples=[586801])]
Version = Annotated[
    int,
    Meta(ge=0, description="The version you saw, 0 for a day nothing was entered for; another one is a 409"),
]
Confirm = Annotated[
    bool, Meta(description="Yes, what looks unusual is right; without it a 409 `needs_confirmation` names it")
]


class PersonShare(Input):
    """One person's part of a day."""

    person_id: UUID
    revenue_minor: Amount
    covers: Annotated[int, Meta(description="Guests served", examples=[24])]


class EntryIn(Input):
    """The figures of a day, all of them: what is left out or null is unknown."""

    version: Version = 0
    revenue_minor: Amount | None = None
    room_revenue_minor: Amount | None = None
    covers: Annotated[int, Meta(description="Guests served, not checks written", examples=[180])] | None = (
        None
    )
    rooms_sold: Annotated[int, Meta(examples=[94])] | None = None
    rooms_available: Annotated[int, Meta(examples=[207])] | None = None
    guests: Annotated[int, Meta(description="In house over night", examples=[186])] | None = None
    arrivals: Annotated[int, Meta(examples=[66])] | None = None
    notes: Annotated[str, Meta(max_length=NOTES_LENGTH * 4, description="At most 1,000 characters")] = ""
    people: (
        Annotated[
            list[PersonShare],
            Meta(max_length=500, description="Left out: the parts of persons stay as they are"),
        ]
        | None
    ) = None
    confirm: Confirm = False


class AdjustIn(EntryIn, kw_only=True):
    """The figures a closed day should have had."""

    reason: Annotated[str, Meta(max_length=REASON_LENGTH * 4, examples=["Late invoice of the banquet"])]


class CloseIn(Input):
    """Closing a day."""

    version: Version


class ShareOut(Output):
    """One person's part of a day."""

    person_id: UUID
    name: str
    revenue_minor: Amount
    covers: int


class WarningOut(Output):
    """Something odd about a day."""

    field: str
    code: Annotated[str, Meta(examples=["people_sum_below_total"])]
    message: str


class EntryOut(Output):
    """A day's results. Figures nobody entered are null; what is worked out from them too."""

    id: UUID
    location_id: UUID
    business_date: date
    status: Annotated[str, Meta(description="`open`, `closed` or `adjusted`", examples=["open"])]
    revenue_minor: Amount | None
    room_revenue_minor: Amount | None
    covers: int | None
    rooms_sold: int | None
    rooms_available: int | None
    guests: int | None
    arrivals: int | None
    notes: str
    source: Annotated[str, Meta(description="`manual` or `import`", examples=["manual"])]
    version: int
    updated_at: datetime
    updated_by_name: str | None
    average_check_minor: Annotated[int | None, Meta(description="Revenue ÷ covers")]
    occupancy_bp: Annotated[
        int | None, Meta(description="Rooms sold ÷ available, basis points", examples=[7500])
    ]
    adr_minor: Annotated[int | None, Meta(description="Room revenue ÷ rooms sold")]
    people: Annotated[list[ShareOut] | None, Meta(description="null in lists")] = None
    warnings: list[WarningOut] = []


class EntryVersionOut(Output):
    """A day as it stood after one change."""

    version: int
    status: str
    revenue_minor: Amount | None
    room_revenue_minor: Amount | None
    covers: int | None
    rooms_sold: int | None
    rooms_available: int | None
    guests: int | None
    arrivals: int | None
    notes: str
    reason: str
    at: datetime
    by_label: str


class BenchmarkIn(Input):
    """What a year of a location is measured against."""

    revenue_minor: Amount
    days_open: Annotated[int, Meta(description="Days the house was open that year", examples=[365])]
    growth_bp: Annotated[
        int, Meta(description="What the next year should add, basis points", examples=[500])
    ] = 0
    is_estimate: Annotated[bool, Meta(description="Not measured but estimated")] = False


class BenchmarkOut(Output):
    """What a year of a location is measured against."""

    location_id: UUID
    year: int
    revenue_minor: Amount
    days_open: int
    growth_bp: int
    is_estimate: bool


class ColumnOut(Output):
    """One column of the file."""

    index: int
    header: str
    examples: list[str]


class FieldOut(Output):
    """Something a column can hold."""

    key: Annotated[str, Meta(examples=["business_date"])]
    required: bool


class DecisionOut(Output):
    """What stops the import until somebody decides or corrects the file."""

    field: Annotated[str, Meta(description="The option, or `columns.<field>`", examples=["existing"])]
    code: str
    message: str


class RowProblemOut(Output):
    """What is wrong with a cell: the row as a spreadsheet counts it, the column by its letter."""

    row: int
    column: str
    field: str
    code: Annotated[str, Meta(examples=["date_in_future"])]
    message: str
    value: str


class PlannedRowOut(Output):
    """What would be done with one good row."""

    row: int
    act: Annotated[
        str,
        Meta(description="`new` `changed` `adjusted` `unchanged` `skipped` `undecided`", examples=["new"]),
    ]
    business_date: date | None = None
    revenue_minor: Amount | None = None
    covers: int | None = None
    rooms_sold: int | None = None
    name: str | None = None
    role: str | None = None
    department: str | None = None


class PreviewOut(Output):
    """What the file says beside what is there already."""

    columns: list[ColumnOut]
    fields: list[FieldOut]
    sheets: list[str]
    sheet: str | None
    ready: Annotated[bool, Meta(description="Whether it can be committed now")]
    decisions: list[DecisionOut]
    rows: Annotated[list[PlannedRowOut], Meta(description="The first twenty good rows")]
    problems: Annotated[Page[RowProblemOut], Meta(description="Paged by `limit` and `cursor`")]
    warnings: Annotated[
        list[RowProblemOut], Meta(description="The first hundred oddities; they stop nothing")
    ]
    new_roles: list[str]
    new_departments: list[str]


class ImportOut(Output):
    """An upload: `preview`, `done` or `undone`."""

    id: UUID
    kind: str
    status: str
    file_name: str
    location_id: UUID | None
    options: ImportOptions
    counts: Annotated[
        dict[str, int],
        Meta(
            description="`new` `changed` `adjusted` `unchanged` `skipped` `undecided` `repeated` `bad` `blank` add up "
            "to `total`, the rows below the header",
            examples=[{"new": 72, "total": 72}],
        ),
    ]
    created_at: datetime
    created_by_name: str | None
    done_at: datetime | None
    undone_at: datetime | None
    preview: PreviewOut | None = None


class ImportChoices(Input):
    """How a previewed file is read and what happens to what is there already."""

    options: ImportOptions
    location_id: UUID
