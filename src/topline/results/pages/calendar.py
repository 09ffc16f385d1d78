"""The month of results."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Response

from topline.core.ids import parse_id
from topline.core.permissions import P
from topline.core.transaction import Read
from topline.organizations.queries import (
    LocationView,
    location,
    locations,
    main_location,
    opening_hours,
    today,
)
from topline.results import queries
from topline.results.asking import month_of
from topline.results.downloads import results
from topline.results.pages.month import cells_of, totals_of
from topline.web.pages import show
from topline.web.request import Req, read
from topline.web.routing import page


@page("GET", "/results", needs=P.RESULTS_READ)
def results_page(request: Req, month: str | None = None, house: str | None = None) -> Response[str]:
    """Every day of a month with its state, what to do next, and what the month adds up to."""
    with read(request) as tx:
        place = house_of(tx, house)
        now = today(tx, place)
        first, last = month_of(month or now.strftime("%Y-%m"))
        hours = opening_hours(tx, place)
        began = queries.first_day(tx, place.id)
        found = queries.entries_between(tx, place.id, first, last)
        near = queries.entries_on(tx, place.id, [now, now - timedelta(days=1)])
        houses = locations(tx)
    dates = [now, now - timedelta(days=1)]
    cells = cells_of(first, last, found, hours, today=now, began=began)
    tasks = [cells_of(day, day, list(near.values()), hours, today=now, began=began)[0] for day in dates]
    return show(
        request,
        "results/month.html",
        cells=cells,
        tasks=tasks,
        totals=totals_of(found),
        missing=sum(1 for cell in cells if cell.state == "missing"),
        still_open=sum(1 for cell in cells if cell.state == "open" and not cell.is_today),
        **_around(first, last, now, place, houses),
    )


@page("GET", "/results/export", needs=P.RESULTS_READ, limit="reports")
def export(request: Req, house: UUID, first: date, last: date) -> Response[str]:
    """The shown month as a file for a spreadsheet."""
    return results(request, house, first, last)


def house_of(tx: Read, asked: str | None) -> LocationView:
    """The house a page is about: the one asked for, else the main one."""
    chosen = parse_id(asked) if asked else None
    return main_location(tx) if chosen is None else location(tx, chosen)


def _around(
    first: date, last: date, now: date, place: LocationView, houses: list[LocationView]
) -> dict[str, Any]:
    before = (first - timedelta(days=1)).strftime("%Y-%m")
    return {
        "first": first,
        "last": last,
        "today": now,
        "previous": before,
        "following": (last + timedelta(days=1)).strftime("%Y-%m") if last < now else None,
        "house": place,
        "house_options": [(other.id, other.name) for other in houses],
        "house_query": f"house={place.id}" if len(houses) > 1 else "",
    }


ROUTES = [results_page, export]
