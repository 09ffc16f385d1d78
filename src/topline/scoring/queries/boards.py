"""Leaderboards: who stands where by points, verified logs or average check, in one house or department."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import and_, func, select

from topline.behaviors.rules import Period
from topline.core.text import initials
from topline.core.transaction import Read
from topline.organizations.models import Department
from topline.people.models import Person
from topline.results.models import PersonResult
from topline.scoring.models import DayTotal
from topline.scoring.rules import BoardPeriod, Sales, Standing, rank, rank_by_average_check

Metric = Literal["points", "verified", "average_check"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may stand on a board."""

    id: UUID
    name: str
    display_name: str
    staff_number: str | None
    color: int
    department_id: UUID
    department_name: str
    wall_opt_out: bool

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials(self.name)

    def by_name(self) -> tuple[str, str]:
        """What lists are sorted by."""
        return self.display_name.casefold(), str(self.id)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board. `score` is points, verified logs, or minor units per guest."""

    rank: int
    member: Member
    score: int

    def key(self) -> tuple[int, str, str]:
        """Where the line stands in the list: best first, equal ones by name."""
        return (-self.score, *self.member.by_name())


@dataclass(frozen=True, slots=True)
class Board:
    """Everybody with a score, best first, as of an instant. Equal scores share a place."""

    metric: Metric
    period: BoardPeriod
    dates: Period
    as_of: datetime
    lines: tuple[Line, ...]


def members(tx: Read, location_id: UUID, department_id: UUID | None = None) -> dict[UUID, Member]:
    """The active people of a house by name, and nobody else; with a department, only its people."""
    query = (
        select(
            Person.id,
            Person.name,
            Person.display_name,
            Person.staff_number,
            Person.color,
            Person.department_id,
            Department.name.label("department_name"),
            Person.wall_opt_out,
        )
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
    if department_id is not None:
        query = query.where(Person.department_id == department_id)
    found = [Member(*row) for row in tx.execute(query)]
    # Sorted here and not by the databases, whose alphabets differ: ties stand in the same order on both.
    return {member.id: member for member in sorted(found, key=Member.by_name)}


def scores(tx: Read, metric: Literal["points", "verified"], first: date, last: date) -> dict[UUID, int]:
    """What each person has between two dates, both included; nobody without anything."""
    column = DayTotal.points if metric == "points" else DayTotal.verified
    query = (
        select(DayTotal.person_id, func.sum(column))
        .where(DayTotal.organization_id == tx.organization_id, DayTotal.business_date.between(first, last))
        .group_by(DayTotal.person_id)
        .having(func.sum(column) > 0)
    )
    return {person_id: int(score) for person_id, score in tx.execute(query)}


def sales(tx: Read, first: date, last: date) -> dict[UUID, Sales]:
    """What each person sold between two dates, both included, where somebody entered it."""
    query = (
        select(PersonResult.person_id, func.sum(PersonResult.revenue_minor), func.sum(PersonResult.covers))
        .where(
            PersonResult.organization_id == tx.organization_id,
            PersonResult.business_date.between(first, last),
        )
        .group_by(PersonResult.person_id)
    )
    return {row[0]: Sales(int(row[1]), int(row[2])) for row in tx.execute(query)}


def board(
    tx: Read,
    metric: Metric,
    period: BoardPeriod,
    dates: Period,
    everybody: Mapping[UUID, Member],
) -> Board:
    """The board of `everybody` (as `members` gives them) over the dates of a period."""
    found: list[Standing[UUID]]
    if metric == "average_check":
        sold = sales(tx, dates.first, dates.last)
        found = rank_by_average_check({who: sold[who] for who in everybody if who in sold}, period)
    else:
        scored = scores(tx, metric, dates.first, dates.last)
        found = rank({who: scored[who] for who in everybody if who in scored})
    lines = tuple(Line(one.rank, everybody[one.who], one.score) for one in found)
    return Board(metric, period, dates, tx.now, lines)
