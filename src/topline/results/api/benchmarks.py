"""JSON routes of benchmarks."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from litestar.params import Parameter

from topline.core.errors import not_found
from topline.core.permissions import P
from topline.organizations.queries import location
from topline.results import actions, queries
from topline.results.asking import benchmark_place
from topline.results.queries import BenchmarkView
from topline.results.schemas import BenchmarkIn, BenchmarkOut
from topline.web.paging import Cursor, Limit, Page, page_of
from topline.web.request import Req, read, write
from topline.web.routing import api

TAG = "Benchmarks"
Year = Annotated[int, Parameter(description="The year that is measured, `2026`")]
ONE = "/api/benchmarks/{location_id:uuid}/{year:int}"


@api("GET", "/api/benchmarks", needs=P.RESULTS_READ, summary="List benchmarks", tag=TAG)
def list_benchmarks(
    request: Req, location_id: UUID | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[BenchmarkOut]:
    """Newest year first."""
    with read(request) as tx:
        found = queries.benchmarks(
            tx, location_id=location_id, limit=limit + 1, after=benchmark_place(cursor)
        )
    kept, following = page_of(found, limit, lambda view: (view.year, view.location_id))
    return Page(items=[BenchmarkOut(**asdict(view)) for view in kept], next_cursor=following)


@api("GET", ONE, needs=P.RESULTS_READ, summary="One benchmark", tag=TAG)
def get_benchmark(request: Req, location_id: UUID, year: Year) -> BenchmarkOut:
    """What a year of a location is measured against. 404 when nothing was set."""
    with read(request) as tx:
        found = queries.benchmark(tx, location(tx, location_id).id, year)
    if found is None:
        raise not_found("benchmark")
    return BenchmarkOut(**asdict(found))


@api("PUT", ONE, needs=P.ORGANIZATION_MANAGE, summary="Set a benchmark", tag=TAG)
def put_benchmark(request: Req, location_id: UUID, year: Year, data: BenchmarkIn) -> BenchmarkOut:
    """Adds or replaces it. The targets of the next year follow."""
    benchmark = BenchmarkView(
        location_id, year, data.revenue_minor, data.days_open, data.growth_bp, data.is_estimate
    )
    with write(request) as tx:
        actions.set_benchmark(tx, benchmark)
    return BenchmarkOut(**asdict(benchmark))


@api("DELETE", ONE, needs=P.ORGANIZATION_MANAGE, summary="Remove a benchmark", tag=TAG, status=204)
def delete_benchmark(request: Req, location_id: UUID, year: Year) -> None:
    """Nothing is measured against that year any more."""
    with write(request) as tx:
        actions.remove_benchmark(tx, location(tx, location_id).id, year)


ROUTES = [list_benchmarks, get_benchmark, put_benchmark, delete_benchmark]
