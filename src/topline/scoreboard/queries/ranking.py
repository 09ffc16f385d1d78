"""Leaderboards as people see them: a page of the whole list, or the own place with two neighbors."""

from dataclasses import dataclass
from uuid import UUID

from topline.core.transaction import Read
from topline.organizations.queries import (
    LocationView,
    department,
    location,
    main_location,
    organization,
    today,
)
from topline.scoring.queries.boards import Board, Line, Member, Metric, board, members
from topline.scoring.queries.mine import own_place
from topline.scoring.rules import BoardPeriod, Place, period_of, place_of


@dataclass(frozen=True, slots=True)
class Ranking:
    """A board of a house, or of one of its departments."""

    house: LocationView
    currency: str
    locale: str
    board: Board
    members: dict[UUID, Member]

    def after(self, key: tuple[int, str, str] | None) -> list[Line]:
        """The lines behind a line's `key`, also when that line has moved on meanwhile."""
        return [line for line in self.board.lines if key is None or line.key() > key]

    def place_of(self, person_id: UUID) -> Place[UUID] | None:
        """A person's place, by points also before the first one; None for somebody of another house or department."""
        if person_id not in self.members:
            return None
        scores = {line.member.id: line.score for line in self.board.lines}
        if self.board.metric == "points":
            return own_place(scores, person_id, scores.get(person_id, 0))
        return place_of(scores, person_id)


def ranking(
    tx: Read,
    metric: Metric,
    period: BoardPeriod,
    *,
    location_id: UUID | None = None,
    department_id: UUID | None = None,
) -> Ranking:
    """The board of a house (default: the caller's device's, else the first) or of a department. 404 for foreign ids."""
    if department_id is not None:
        house = location(tx, department(tx, department_id).location_id)
    else:
        house = main_location(tx) if location_id is None else location(tx, location_id)
    owner = organization(tx)
    everybody = members(tx, house.id, department_id)
    dates = period_of(period, today(tx, house))
    found = board(tx, metric, period, dates, everybody)
    return Ranking(house, owner.currency, owner.locale, found, everybody)
