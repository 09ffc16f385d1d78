"""What a person decides about an import: kept with it, so that what was previewed is what is done."""

from typing import Annotated, Final, Literal

import msgspec

from topline.results.rules import REASON_LENGTH

Repeated = Literal["refuse", "first", "last"]
Existing = Literal["refuse", "skip", "overwrite"]
Closed = Literal["refuse", "skip", "adjust"]
BadRows = Literal["refuse", "skip"]

DAILY: Final = "daily"
ROSTER: Final = "roster"
KINDS: Final = (DAILY, ROSTER)


class ImportOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a file is read and what happens to what is there already.

    `refuse` says that nobody decided yet: where it matters, nothing is written.
    """

    columns: Annotated[
        dict[str, Annotated[int, msgspec.Meta(ge=0, le=999)]],
        msgspec.Meta(
            max_length=40,
            description="Field → column, counted from 0",
            examples=[{"business_date": 0, "revenue": 1}],
        ),
    ] = {}
    date_order: Annotated[
        Literal["ymd", "dmy", "mdy"] | None, msgspec.Meta(description="null while the file leaves it open")
    ] = None
    decimal_sign: Annotated[
        Literal[".", ","] | None, msgspec.Meta(description="The sign before the cents; null while open")
    ] = None
    sheet: Annotated[
        Annotated[str, msgspec.Meta(max_length=100)] | None,
        msgspec.Meta(description="Of a workbook; null: the first visible one"),
    ] = None
    repeated: Annotated[
        Repeated, msgspec.Meta(description="The same day or person twice in the file: keep the first or last")
    ] = "refuse"
    existing: Annotated[
        Existing, msgspec.Meta(description="Open days, or people, that are there already")
    ] = "refuse"
    closed: Annotated[
        Closed, msgspec.Meta(description="Closed days that differ: leave them, or adjust them with a reason")
    ] = "refuse"
    reason: Annotated[
        str, msgspec.Meta(max_length=REASON_LENGTH, description="Why closed days are adjusted")
    ] = ""
    bad_rows: Annotated[
        BadRows,
        msgspec.Meta(
            description="`skip` leaves out rows that cannot be read; otherwise they stop the import"
        ),
    ] = "refuse"
    close_days: Annotated[
        bool, msgspec.Meta(description="Close the imported days that are over; today's stays open")
    ] = True
    create_departments: Annotated[
        bool, msgspec.Meta(description="Add departments the roster names and the house has not")
    ] = False
    create_roles: Annotated[
        bool, msgspec.Meta(description="Add roles the roster names and the house has not, as staff roles")
    ] = False
