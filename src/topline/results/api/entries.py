"""JSON routes of daily entries."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from litestar import Response
from litestar.params import Parameter, QueryParameter

from topline.core.errors import not_found
from topline.core.permissions import P
from topline.core.transaction import Read
from topline.organizations.queries import location
from topline.results import actions, queries, rules
from topline.results.actions import DayValues, Saved
from topline.results.asking import entry_place, month_of, number_place
from topline.results.downloads import results
from topline.results.queries import FIGURES, EntryView, ShareView
from topline.results.rules import Figures, Finding, Share
from topline.results.schemas import (
    AdjustIn,
    CloseIn,
    EntryIn,
    EntryOut,
    EntryVersionOut,
    ShareOut,
    WarningOut,
)
from topline.web.paging import Cursor, Limit, Page, page_of
from topline.web.request import Req, read, write
from topline.web.routing import api

TAG = "Daily entries"
ONE = "/api/daily-entries/{location_id:uuid}/{business_date:date}"

Month = Annotated[
    str | None, Parameter(pattern=r"^\d{4}-\d{2}$", description="`2026-03`; else `from` and `to`")
]
From = Annotated[date | None, QueryParameter(name="from", description="First business date")]
To = Annotated[date | None, QueryParameter(name="to", description="Last business date")]


@api("GET", "/api/daily-entries", needs=P.RESULTS_READ, summary="List daily entries", tag=TAG)
def list_entries(
    request: Req,
    location_id: UUID | None = None,
    month: Month = None,
    first: From = None,
    last: To = None,
    status: Literal["open", "closed", "adjusted"] | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[EntryOut]:
    """Newest day first, of all houses or one, of a month or between two dates, or all there are."""
    if month is not None:
        first, last = month_of(month)
    with read(request) as tx:
        found = queries.entries_page(
            tx,
            limit=limit + 1,
            location_id=location_id,
            first=first,
            last=last,
            status=status,
            after=entry_place(cursor),
        )
    kept, following = page_of(found, limit, lambda view: (view.business_date.isoformat(), view.id))
    return Page(items=[entry_out(view) for view in kept], next_cursor=following)


@api(
    "GET",
    "/api/daily-entries/export",
    needs=P.RESULTS_READ,
    summary="Daily entries as CSV",
    tag=TAG,
    errors=["not_found"],
    media_type="text/csv",
    limit="reports",
)
def export_entries(request: Req, location_id: UUID, first: From = None, last: To = None) -> Response[str]:
    """At most a year, in the layout that the import reads. Texts are made harmless for spreadsheets."""
    return results(request, location_id, first, last)


@api("GET", ONE, needs=P.RESULTS_READ, summary="One day", tag=TAG)
def get_entry(request: Req, location_id: UUID, business_date: date) -> EntryOut:
    """A day's results with the parts of persons. 404 when nothing was entered."""
    with read(request) as tx:
        return _shown(tx, location_id, business_date)


@api(
    "PUT",
    ONE,
    needs=P.RESULTS_WRITE,
    summary="Save a day",
    tag=TAG,
    errors=["conflict", "entry_closed", "needs_confirmation"],
)
def put_entry(request: Req, location_id: UUID, business_date: date, data: EntryIn) -> EntryOut:
    """Sets every figure of an open day. A 409 `conflict` carries in `current` what stands there now."""
    with write(request) as tx:
        saved = actions.save(
            tx, location_id, business_date, _values(data), version=data.version, confirm=data.confirm
        )
        return _saved(tx, saved)


@api(
    "POST",
    f"{ONE}/close",
    needs=P.RESULTS_WRITE,
    summary="Close a day",
    tag=TAG,
    errors=["conflict", "entry_closed"],
    status=200,
)
def close_entry(request: Req, location_id: UUID, business_date: date, data: CloseIn) -> EntryOut:
    """The day is final. Later corrections need a reason and stay visible."""
    with write(request) as tx:
        return _saved(tx, actions.close(tx, location_id, business_date, version=data.version))


@api(
    "POST",
    f"{ONE}/adjust",
    needs=P.RESULTS_WRITE,
    summary="Adjust a closed day",
    tag=TAG,
    errors=["conflict", "entry_open", "needs_confirmation"],
    status=200,
)
def adjust_entry(request: Req, location_id: UUID, business_date: date, data: AdjustIn) -> EntryOut:
    """Sets every figure of a closed day. What it said before stays in its versions, with the reason."""
    with write(request) as tx:
        saved = actions.adjust(
            tx,
            location_id,
            business_date,
            _values(data),
            version=data.version,
            reason=data.reason,
            confirm=data.confirm,
        )
        return _saved(tx, saved)


@api("GET", f"{ONE}/versions", needs=P.RESULTS_READ, summary="What a day said before", tag=TAG)
def list_versions(
    request: Req, location_id: UUID, business_date: date, limit: Limit = 50, cursor: Cursor = None
) -> Page[EntryVersionOut]:
    """Every state of a day, newest first, with who set it and why."""
    before = number_place(cursor)
    with read(request) as tx:
        view = _entry(tx, location_id, business_date)
        found = queries.versions(tx, view.id, limit=limit + 1, before=before)
    kept, following = page_of(found, limit, lambda version: (version.version,))
    return Page(items=[_version_out(version) for version in kept], next_cursor=following)


def entry_out(
    view: EntryView, shares: Sequence[ShareView] | None = None, findings: Sequence[Finding] = ()
) -> EntryOut:
    """An entry as JSON, with what is worked out from it."""
    figures = view.figures
    return EntryOut(
        id=view.id,
        location_id=view.location_id,
        business_date=view.business_date,
        status=view.status,
        **asdict(figures),
        notes=view.notes,
        source=view.source,
        version=view.version,
        updated_at=view.updated_at,
        updated_by_name=view.updated_by_name,
        average_check_minor=rules.average_check(figures.revenue_minor, figures.covers),
        occupancy_bp=rules.occupancy_bp(figures.rooms_sold, figures.rooms_available),
        adr_minor=rules.adr(figures.room_revenue_minor, figures.rooms_sold),
        people=None if shares is None else [ShareOut(**asdict(share)) for share in shares],
        warnings=[WarningOut(field=f.field, code=f.code, message=f.message) for f in findings],
    )


def _version_out(version: queries.VersionView) -> EntryVersionOut:
    said = version.values
    return EntryVersionOut(
        version=version.version,
        status=said.get("status", ""),
        **{name: said.get(name) for name in FIGURES},
        notes=said.get("notes", ""),
        reason=version.reason,
        at=version.at,
        by_label=version.by_label,
    )


def _values(data: EntryIn) -> DayValues:
    figures = Figures(**{name: getattr(data, name) for name in FIGURES})
    shares = None
    if data.people is not None:
        shares = tuple(Share(part.person_id, part.revenue_minor, part.covers) for part in data.people)
    return DayValues(figures, data.notes, shares)


def _entry(tx: Read, location_id: UUID, day: date) -> EntryView:
    found = queries.entry(tx, location(tx, location_id).id, day)
    if found is None:
        raise not_found("entry of that day")
    return found


def _shown(tx: Read, location_id: UUID, day: date) -> EntryOut:
    found = _entry(tx, location_id, day)
    return entry_out(found, queries.shares(tx, found.id))


def _saved(tx: Read, saved: Saved) -> EntryOut:
    return entry_out(saved.entry, queries.shares(tx, saved.entry.id), saved.findings)


ROUTES = [list_entries, export_entries, get_entry, put_entry, close_entry, adjust_entry, list_versions]
