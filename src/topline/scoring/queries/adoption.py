"""Adoption: what was done against what was set out to do, per department, behavior and person."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from topline.behaviors.models import Behavior, BehaviorRole, BehaviorTerm
from topline.behaviors.rules import Frequency, Period, term_on
from topline.core.transaction import Read
from topline.organizations.models import Department
from topline.people.models import Person
from topline.scoring.models import DayTotal
from topline.scoring.rules import adoption, expected_of

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Share:
    """Logs that stand against the expected ones. `expected` is exact; `adoption_bp` None where nothing was expected."""

    standing: int
    expected: Fraction

    @property
    def adoption_bp(self) -> int | None:
        """Basis points, rounded down; may be above 10 000."""
        return adoption(self.standing, self.expected)


@dataclass(frozen=True, slots=True)
class Part:
    """What one person did of one behavior that is expected of them."""

    person_id: UUID
    department_id: UUID
    behavior_id: UUID
    standing: int
    expected: Fraction


@dataclass(frozen=True, slots=True)
class Adoption:
    """Everything expected in a period, person by person and behavior by behavior."""

    period: Period
    parts: tuple[Part, ...]

    @property
    def whole(self) -> Share:
        """The house."""
        return _sum(self.parts)

    def by_department(self) -> dict[UUID, Share]:
        """Per department; only those of which something is expected."""
        return _grouped(self.parts, lambda part: part.department_id)

    def by_behavior(self) -> dict[UUID, Share]:
        """Per behavior that is expected of somebody."""
        return _grouped(self.parts, lambda part: part.behavior_id)

    def by_person(self) -> dict[UUID, Share]:
        """Per person of whom something is expected."""
        return _grouped(self.parts, lambda part: part.person_id)


@dataclass(frozen=True, slots=True)
class _Term:
    valid_from: date
    target: int
    frequency: Frequency

    @property
    def valid_until(self) -> None:
        return None


def adoption_of(tx: Read, location_id: UUID, open_days: Sequence[date], period: Period) -> Adoption:
    """Adoption of a house's active people over a period; `open_days` are its dates on which the house opens.

    What is logged beyond the own role's behaviors counts for nobody's adoption: nothing was expected of it.
    """
    terms = _terms(tx)
    behaviors_of: dict[UUID, list[UUID]] = defaultdict(list)
    for role_id, behavior_id in tx.execute(_assignments(tx)):
        behaviors_of[role_id].append(behavior_id)
    done = _standing(tx, period)
    owed: dict[tuple[UUID, int], Fraction] = {}
    parts: list[Part] = []
    for person_id, department_id, role_id, shifts in tx.execute(_workers(tx, location_id)):
        for behavior_id in behaviors_of[role_id]:
            key = (behavior_id, shifts)
            if key not in owed:
                owed[key] = _expected(terms.get(behavior_id, []), shifts, period, open_days)
            if owed[key] > 0:
                count = done.get((person_id, behavior_id), 0)
                parts.append(Part(person_id, department_id, behavior_id, count, owed[key]))
    return Adoption(period, tuple(parts))


def _expected(terms: list[_Term], shifts: int, period: Period, open_days: Sequence[date]) -> Fraction:
    """What one person owes over the period, stretch by stretch where the target changed within it."""
    changes = sorted({term.valid_from for term in terms if period.first < term.valid_from <= period.last})
    total = Fraction(0)
    for first, until in zip([period.first, *changes], [*changes, None], strict=True):
        last = period.last if until is None else date.fromordinal(until.toordinal() - 1)
        term = term_on(terms, first)
        if term is not None:
            opened = sum(first <= day <= last for day in open_days)
            total += expected_of(term.target, term.frequency, shifts, Period(first, last), opened)
    return total


def _terms(tx: Read) -> dict[UUID, list[_Term]]:
    query = select(
        BehaviorTerm.behavior_id, BehaviorTerm.valid_from, BehaviorTerm.target, BehaviorTerm.frequency
    ).where(BehaviorTerm.organization_id == tx.organization_id)
    found: dict[UUID, list[_Term]] = defaultdict(list)
    for row in tx.execute(query):
        found[row.behavior_id].append(_Term(row.valid_from, row.target, Frequency(row.frequency)))
    return found


def _assignments(tx: Read) -> Select[UUID, UUID]:
    return (
        select(BehaviorRole.role_id, BehaviorRole.behavior_id)
        .join(
            Behavior,
            and_(
                Behavior.organization_id == BehaviorRole.organization_id,
                Behavior.id == BehaviorRole.behavior_id,
            ),
        )
        .where(BehaviorRole.organization_id == tx.organization_id, Behavior.active)
    )


def _workers(tx: Read, location_id: UUID) -> Select[UUID, UUID, UUID, int]:
    return (
        select(Person.id, Person.department_id, Person.role_id, Person.shifts_per_week)
        .join(
            Department,
            and_(Department.organization_id == Person.organization_id, Department.id == Person.department_id),
        )
        .where(
            Person.organization_id == tx.organization_id,
            Person.active,
            Department.location_id == location_id,
        )
    )


def _standing(tx: Read, period: Period) -> dict[tuple[UUID, UUID], int]:
    query = (
        select(DayTotal.person_id, DayTotal.behavior_id, func.sum(DayTotal.standing))
        .where(
            DayTotal.organization_id == tx.organization_id,
            DayTotal.business_date.between(period.first, period.last),
        )
        .group_by(DayTotal.person_id, DayTotal.behavior_id)
    )
    return {(row[0], row[1]): int(row[2]) for row in tx.execute(query)}


def _sum(parts: Sequence[Part]) -> Share:
    return Share(sum(part.standing for part in parts), sum((part.expected for part in parts), Fraction(0)))


def _grouped(parts: Sequence[Part], key_of: Callable[[Part], Key]) -> dict[Key, Share]:
    groups: dict[Key, list[Part]] = defaultdict(list)
    for part in parts:
        groups[key_of(part)].append(part)
    return {key: _sum(group) for key, group in groups.items()}
