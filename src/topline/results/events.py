"""What others may want to know about results."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DailyEntryChanged:
    """A day's figures or its state changed, whether typed, imported or taken back."""

    organization_id: UUID
    location_id: UUID
    business_date: date


@dataclass(frozen=True, slots=True)
class BenchmarkChanged:
    """What a year is measured against changed."""

    organization_id: UUID
    location_id: UUID
    year: int
