"""Read benchmarks: what a year of a location is measured against."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from topline.core.transaction import Read
from topline.results.models import Benchmark


@dataclass(frozen=True, slots=True)
class BenchmarkView:
    """One year of one location. `growth_bp` is what the next year is meant to add, in basis points."""

    location_id: UUID
    year: int
    revenue_minor: int
    days_open: int
    growth_bp: int
    is_estimate: bool


def benchmarks(
    tx: Read, *, location_id: UUID | None = None, limit: int = 100, after: tuple[int, UUID] | None = None
) -> list[BenchmarkView]:
    """Benchmarks, newest year first. `after` is the year and location of the last one of the page before."""
    query = _benchmarks(tx).order_by(Benchmark.year.desc(), Benchmark.location_id).limit(limit)
    if location_id is not None:
        query = query.where(Benchmark.location_id == location_id)
    if after is not None:
        year, last = after
        query = query.where(
            (Benchmark.year < year) | ((Benchmark.year == year) & (Benchmark.location_id > last))
        )
    return [BenchmarkView(*row) for row in tx.execute(query)]


def benchmark(tx: Read, location_id: UUID, year: int) -> BenchmarkView | None:
    """The benchmark of a year, None when there is none."""
    row = tx.execute(
        _benchmarks(tx).where(Benchmark.location_id == location_id, Benchmark.year == year)
    ).one_or_none()
    return None if row is None else BenchmarkView(*row)


def _benchmarks(tx: Read) -> Any:
    return select(
        Benchmark.location_id,
        Benchmark.year,
        Benchmark.revenue_minor,
        Benchmark.days_open,
        Benchmark.growth_bp,
        Benchmark.is_estimate,
    ).where(Benchmark.organization_id == tx.organization_id)
