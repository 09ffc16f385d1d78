"""The 72 real nights, moved so that the last one is yesterday, and the benchmark estimated from them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from topline.upkeep.demo.shapes import DemoBenchmark, DemoDay

SOURCE: Final = Path(__file__).parent / "data" / "city_hotel_2015.csv"
ROOMS_AVAILABLE: Final = 220
"""Invented: the data does not tell the capacity; its highest night sold 207 rooms."""
DAYS_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Night:
    """One line of the source."""

    date: date
    arrivals: int
    rooms_sold: int
    guests: int
    room_revenue_minor: int
    special_requests: int


@cache
def nights() -> tuple[Night, ...]:
    """Every night of the source, oldest first."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Night(
                date=date.fromisoformat(row["date"]),
                arrivals=int(row["arrivals"]),
                rooms_sold=int(row["rooms_sold"]),
                guests=int(row["guests"]),
                # Through Decimal: a price in cents is exact or it is wrong.
                room_revenue_minor=int(Decimal(row["room_revenue"]) * 100),
                special_requests=int(row["special_requests"]),
            )
            for row in csv.DictReader(file)
        )


def shift_to(today: date) -> timedelta:
    """By how many whole days the source moves so that its last night is the day before `today`.

    Whole days, not whole weeks: yesterday must have its figures. The weekly rhythm of 2015 stays whole but turns,
    unless the shift happens to be a multiple of seven days.
    """
    return today - timedelta(days=1) - nights()[-1].date


def estimated_benchmark(days: Sequence[DemoDay], year: int) -> DemoBenchmark:
    """A stand-in for last year: the mean day of `days` times 365, rounded half up to one minor unit."""
    total = sum(day.revenue_minor for day in days)
    count = len(days)
    return DemoBenchmark(
        year=year,
        revenue_minor=(2 * total * DAYS_A_YEAR + count) // (2 * count),
        days_open=DAYS_A_YEAR,
        is_estimate=True,
        note=f"Estimate from the {count} days: their mean room revenue × {DAYS_A_YEAR}. No real figure is known.",
    )
