"""The team today: what it logged of what it set out to do, who leads, who got better."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select

from topline.behaviors.rules import Period
from topline.core.money import BASIS_POINTS
from topline.core.transaction import Read
from topline.organizations.models import Department
from topline.organizations.queries import departments
from topline.people.models import Person
from topline.scoreboard.queries.facts import Facts
from topline.scoring.models import DayTotal
from topline.scoring.queries.adoption import Adoption, Share, adoption_of
from topline.scoring.queries.boards import Board, Line, Member, Metric, board
from topline.scoring.rules import BoardPeriod, period_of

#: How many lines the wall shows; names below are never shown.
TOP: Final = 3
#: Days with logs somebody needs this week and last for a comparison to mean something, and the least gain named.
LEAST_DAYS_THIS_WEEK: Final = 2
LEAST_DAYS_LAST_WEEK: Final = 3
LEAST_GAIN_BP: Final = 1_000


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department's day: logs that stand against the day's expectation."""

    id: UUID
    name: str
    share: Share


@dataclass(frozen=True, slots=True)
class Team:
    """Today. `logged` counts every log that stands, `share` those that were expected of somebody."""

    logged: int
    accepted: int
    verified: int
    share: Share
    departments: tuple[DepartmentLine, ...]


@dataclass(frozen=True, slots=True)
class Leaders:
    """The first three lines of a board, and how many more share the last one's place."""

    metric: Metric
    period: BoardPeriod
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Improved:
    """Who logs most more a day worked this week than last; `gain_bp` 4 100 is 41 % more."""

    member: Member
    gain_bp: int


def team_today(tx: Read, facts: Facts) -> tuple[Team, Adoption]:
    """What the house did today, and the adoption behind it."""
    today = facts.today
    open_days = [today] if facts.hours.is_open(today) else []
    adoption = adoption_of(tx, facts.house.id, open_days, Period(today, today))
    shares = adoption.by_department()
    lines = [
        DepartmentLine(department.id, department.name, shares[department.id])
        for department in departments(tx, location_id=facts.house.id)
        if department.id in shares
    ]
    lines.sort(key=lambda line: -(line.share.adoption_bp or 0))
    logged, accepted, verified = _counted(tx, facts.house.id, today)
    return Team(logged, accepted, verified, adoption.whole, tuple(lines)), adoption


def leaders(tx: Read, metric: Metric, today: date, everybody: Mapping[UUID, Member]) -> Leaders:
    """Who leads among those who let themselves be shown. An average check is compared over the week: guests enough."""
    shown = {who: member for who, member in everybody.items() if not member.wall_opt_out}
    period: BoardPeriod = "week" if metric == "average_check" else "day"
    found: Board = board(tx, metric, period, period_of(period, today), shown)
    lines = found.lines[:TOP]
    more = sum(line.rank == lines[-1].rank for line in found.lines[TOP:]) if lines else 0
    return Leaders(metric, period, lines, more)


def most_improved(tx: Read, today: date, everybody: Mapping[UUID, Member]) -> Improved | None:
    """Logs per day worked, Monday to yesterday against the whole week before; None before that means anything.

    Logs and not points, because this week's are still being verified; today is left out, because it is not over.
    """
    monday = period_of("week", today).first
    now = _per_day(tx, monday, today - timedelta(days=1))
    before = _per_day(tx, monday - timedelta(days=7), monday - timedelta(days=1))
    best: Improved | None = None
    for who, member in everybody.items():
        if member.wall_opt_out or who not in now or who not in before:
            continue
        (logs, days), (old_logs, old_days) = now[who], before[who]
        if days < LEAST_DAYS_THIS_WEEK or old_days < LEAST_DAYS_LAST_WEEK:
            continue
        gain = Fraction(logs * old_days, days * old_logs) - 1
        gain_bp = int(gain * BASIS_POINTS)
        if gain_bp >= LEAST_GAIN_BP and (best is None or gain_bp > best.gain_bp):
            best = Improved(member, gain_bp)
    return best


def _per_day(tx: Read, first: date, last: date) -> dict[UUID, tuple[int, int]]:
    """Each person's standing logs between two dates, and the days with any."""
    if last < first:
        return {}
    query = (
        select(
            DayTotal.person_id,
            func.sum(DayTotal.standing),
            func.count(DayTotal.business_date.distinct()),
        )
        .where(DayTotal.organization_id == tx.organization_id, DayTotal.business_date.between(first, last))
        .group_by(DayTotal.person_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in tx.execute(query)}


def _counted(tx: Read, location_id: UUID, day: date) -> tuple[int, int, int]:
    """Logs that stand, accepted offers and verified logs of everybody who belongs to the house, active or not."""
    query = (
        select(
            func.coalesce(func.sum(DayTotal.standing), 0),
            func.coalesce(func.sum(DayTotal.accepted), 0),
            func.coalesce(func.sum(DayTotal.verified), 0),
        )
        .join(
            Person, and_(Person.organization_id == DayTotal.organization_id, Person.id == DayTotal.person_id)
        )
        .join(
            Department,
            and_(Department.organization_id == Person.organization_id, Department.id == Person.department_id),
        )
        .where(
            DayTotal.organization_id == tx.organization_id,
            DayTotal.business_date == day,
            Department.location_id == location_id,
        )
    )
    row = tx.execute(query).one()
    return int(row[0]), int(row[1]), int(row[2])
