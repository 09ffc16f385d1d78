"""Set what a year of a location is measured against."""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete

from topline.audit.actions import record
from topline.core.db import upsert
from topline.core.errors import invalid, not_found
from topline.core.money import MAX_AMOUNT_MINOR
from topline.core.permissions import P
from topline.core.transaction import Write
from topline.organizations.queries import location
from topline.results import queries
from topline.results.events import BenchmarkChanged
from topline.results.models import Benchmark
from topline.results.queries import BenchmarkView

YEARS: Final = range(2000, 2101)
MOST_GROWTH_BP: Final = 100_000


def set_benchmark(tx: Write, benchmark: BenchmarkView) -> None:
    """Add or replace the benchmark of a location and year. Raises 400 for figures no year can have."""
    tx.actor.must(P.ORGANIZATION_MANAGE)
    location(tx, benchmark.location_id)
    _check(benchmark)
    before = queries.benchmark(tx, benchmark.location_id, benchmark.year)
    if before == benchmark:
        return
    values = asdict(benchmark)
    keys = ["organization_id", "location_id", "year"]
    tx.change(
        upsert(tx.dialect)(Benchmark)
        .values(organization_id=tx.organization_id, **values)
        .on_conflict_do_update(
            index_elements=keys, set_={name: value for name, value in values.items() if name not in keys}
        )
    )
    told = _json(before) if before is not None else None
    record(tx, "benchmark.set", "location", benchmark.location_id, before=told, after=_json(benchmark))
    tx.after_commit(BenchmarkChanged(tx.organization_id, benchmark.location_id, benchmark.year))


def remove_benchmark(tx: Write, location_id: UUID, year: int) -> None:
    """Take a benchmark away. Raises 404 when there is none."""
    tx.actor.must(P.ORGANIZATION_MANAGE)
    before = queries.benchmark(tx, location_id, year)
    if before is None:
        raise not_found("benchmark")
    tx.change(
        delete(Benchmark).where(
            Benchmark.organization_id == tx.organization_id,
            Benchmark.location_id == location_id,
            Benchmark.year == year,
        )
    )
    record(tx, "benchmark.removed", "location", location_id, before=_json(before))
    tx.after_commit(BenchmarkChanged(tx.organization_id, location_id, year))


def _check(benchmark: BenchmarkView) -> None:
    if benchmark.year not in YEARS:
        raise invalid("year", "out_of_range", "A year from 2000 to 2100.")
    if not 0 < benchmark.revenue_minor <= MAX_AMOUNT_MINOR:
        raise invalid("revenue_minor", "out_of_range", "The revenue of a year is above zero.")
    if not 1 <= benchmark.days_open <= 366:
        raise invalid("days_open", "out_of_range", "A year has 1 to 366 days open.")
    if not -10_000 <= benchmark.growth_bp <= MOST_GROWTH_BP:
        raise invalid("growth_bp", "out_of_range", "Growth is between -100 % and 1,000 %.")


def _json(benchmark: BenchmarkView) -> dict[str, Any]:
    return asdict(benchmark) | {"location_id": str(benchmark.location_id)}
