"""The scoreboard of one house, put together once and shown by the wall, the API and the owner's page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from topline.core.transaction import Read
from topline.organizations.queries import LocationView, closures, location, main_location, organization
from topline.scoreboard.queries.facts import Facts, facts_of
from topline.scoreboard.queries.game import Game, game_of
from topline.scoreboard.queries.team import Improved, Leaders, Team, leaders, most_improved, team_today
from topline.scoreboard.queries.usual import usual_share
from topline.scoreboard.rules import Thresholds
from topline.scoring.queries.adoption import Adoption
from topline.scoring.queries.boards import Metric, members

#: How the wall names people: by display name, by initials, or by staff number.
Names = Literal["names", "initials", "numbers"]


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Everything a scoreboard of a house says, as of `as_of`. Nothing in it depends on who looks.

    `show_revenue` and `names` are the hotel's wish for its wall.
    """

    organization_name: str
    currency: str
    locale: str
    is_demo: bool
    show_revenue: bool
    names: Names
    house: LocationView
    as_of: datetime
    today: date
    closed_because: str | None
    game: Game
    team: Team
    leaders: Leaders
    improved: Improved | None
    facts: Facts
    adoption: Adoption


def scoreboard(tx: Read, location_id: UUID | None = None) -> Scoreboard:
    """A house: the given one (404 for a foreign id), else that of the caller's device or the first."""
    house = main_location(tx) if location_id is None else location(tx, location_id)
    owner = organization(tx)
    settings = owner.settings.scoreboard
    facts = facts_of(tx, house)
    team, adoption = team_today(tx, facts)
    everybody = members(tx, house.id)
    metric = cast(Metric, settings.leaderboard)
    if metric == "average_check" and not settings.show_revenue:
        metric = "points"  # what a guest pays is revenue too
    return Scoreboard(
        organization_name=owner.name,
        currency=owner.currency,
        locale=owner.locale,
        is_demo=owner.is_demo,
        show_revenue=settings.show_revenue,
        names=cast(Names, settings.names),
        house=house,
        as_of=tx.now,
        today=facts.today,
        closed_because=_closed_because(tx, facts),
        game=game_of(
            facts,
            team.share.standing,
            team.share.expected,
            usual_share(tx, facts),
            Thresholds(settings.winning_bp, settings.neutral_bp),
        ),
        team=team,
        leaders=leaders(tx, metric, facts.today, everybody),
        improved=most_improved(tx, facts.today, everybody),
        facts=facts,
        adoption=adoption,
    )


def _closed_because(tx: Read, facts: Facts) -> str | None:
    """Why the house does not open today: "" for an ordinary weekday off; None when it opens."""
    if facts.hours.is_open(facts.today):
        return None
    named = dict(closures(tx, facts.house.id, facts.today)[:1])
    return named.get(facts.today, "")
