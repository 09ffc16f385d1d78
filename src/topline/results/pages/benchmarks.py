"""What a year of the house is measured against: read by managers, set by the owner."""

from decimal import Decimal, InvalidOperation
from typing import Any

from anyio import to_thread
from litestar import Response

from topline.core.errors import FieldError, Problem
from topline.core.money import MoneyError, parse_amount
from topline.core.permissions import P
from topline.organizations.queries import OrganizationView, locations, organization, today
from topline.results import actions, queries
from topline.results.pages.calendar import house_of
from topline.results.queries import BenchmarkView
from topline.web.forms import errors_by_field, fields_of
from topline.web.pages import redirect, show
from topline.web.request import Req, actor, read, write
from topline.web.routing import page

BENCHMARKS = "/results/benchmarks"


@page("GET", BENCHMARKS, needs=P.RESULTS_READ)
def benchmarks_page(request: Req, house: str | None = None) -> Response[str]:
    """The years of a house."""
    return _show(request, house, {}, None)


@page("POST", BENCHMARKS, needs=P.ORGANIZATION_MANAGE)
async def set_benchmark(request: Req, house: str | None = None) -> Response[str]:
    """Set or replace a year; a refused form comes back with what was typed."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        try:
            with write(request) as tx:
                place = house_of(tx, house)
                actions.set_benchmark(tx, _typed(fields, organization(tx), place.id))
        except Problem as problem:
            if problem.status >= 500 or problem.code == "not_found":
                raise
            return _show(request, house, fields, problem)
        query = f"?house={place.id}" if house else ""
        message = f"{fields.get('year')} is set."
        return redirect(request, BENCHMARKS + query, toast={"message": message, "tone": "winning"})

    return await to_thread.run_sync(work)


@page("POST", f"{BENCHMARKS}/{{year:int}}/remove", needs=P.ORGANIZATION_MANAGE)
def remove_benchmark(request: Req, year: int, house: str | None = None) -> Response[str]:
    """Nothing is measured against that year any more."""
    with write(request) as tx:
        place = house_of(tx, house)
        actions.remove_benchmark(tx, place.id, year)
    query = f"?house={place.id}" if house else ""
    return redirect(request, BENCHMARKS + query, toast={"message": f"{year} is removed."})


def _show(request: Req, house: str | None, fields: dict[str, Any], problem: Problem | None) -> Response[str]:
    with read(request) as tx:
        place = house_of(tx, house)
        now = today(tx, place)
        found = queries.benchmarks(tx, location_id=place.id)
        houses = locations(tx)
        currency = organization(tx).currency
    typed = {"year": str(now.year - 1), "days_open": "365"} | {k: v or "" for k, v in fields.items()}
    return show(
        request,
        "results/benchmarks.html",
        status=422 if problem is not None else 200,
        benchmarks=found,
        house=place,
        house_options=[(other.id, other.name) for other in houses],
        house_query=f"?house={place.id}" if len(houses) > 1 else "",
        typed=typed,
        problem=problem,
        errors=errors_by_field(problem) if problem is not None else {},
        currency=currency,
        may_set=actor(request).may(P.ORGANIZATION_MANAGE),
    )


def _typed(fields: dict[str, Any], house: OrganizationView, location_id: Any) -> BenchmarkView:
    errors: list[FieldError] = []

    def whole(name: str) -> int:
        text = str(fields.get(name) or "").strip()
        if not (text.isascii() and text.isdecimal() and len(text) <= 6):
            errors.append(FieldError(name, "count_invalid", "This is not a whole number."))
            return 0
        return int(text)

    revenue_minor = 0
    try:
        revenue_minor = parse_amount(str(fields.get("revenue_minor") or ""), house.currency, house.locale)
    except MoneyError as error:
        errors.append(FieldError("revenue_minor", error.code, str(error)))
    growth_bp = 0
    try:
        growth = Decimal(str(fields.get("growth") or "0").replace(",", ".").strip())
        growth_bp = int(growth * 100) if growth.is_finite() and abs(growth) <= 10_000 else 10**9
    except InvalidOperation:
        errors.append(FieldError("growth_bp", "invalid", "This is not a percentage."))
    year, days_open = whole("year"), whole("days_open")
    if errors:
        raise Problem("invalid_input", errors[0].message, fields=tuple(errors))
    estimate = bool(fields.get("is_estimate"))
    return BenchmarkView(location_id, year, revenue_minor, days_open, growth_bp, estimate)


ROUTES = [benchmarks_page, set_benchmark, remove_benchmark]
