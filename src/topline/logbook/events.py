"""What happened to logs, told after the commit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LogRecorded:
    """A new log is stored. Not told again when the same log arrives a second time."""

    organization_id: UUID
    log_id: UUID
    person_id: UUID
    behavior_id: UUID
    business_date: date
    verification: str


@dataclass(frozen=True, slots=True)
class LogUndone:
    """A person took an own pending log back."""

    organization_id: UUID
    log_id: UUID
    person_id: UUID
    behavior_id: UUID
    business_date: date


@dataclass(frozen=True, slots=True)
class LogAnswered:
    """A person answered the rejection of a log."""

    organization_id: UUID
    log_id: UUID
    person_id: UUID
    business_date: date


@dataclass(frozen=True, slots=True)
class EvidenceAdded:
    """A log has a photo now, and is worth more."""

    organization_id: UUID
    log_id: UUID
    person_id: UUID
    behavior_id: UUID
    business_date: date
