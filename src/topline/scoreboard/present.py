"""From views to what is shown: JSON values, and people named as the hotel and they themselves wish."""

from collections.abc import Mapping
from uuid import UUID

from topline.core.errors import invalid
from topline.scoreboard.queries.house import Names, Scoreboard
from topline.scoreboard.queries.ranking import Ranking
from topline.scoreboard.rules import Pace
from topline.scoreboard.schemas.boards import (
    DepartmentOut,
    LeaderboardOut,
    LeaderOut,
    LineOut,
    LocationRef,
    NextMarkOut,
    OwnPlaceOut,
    PaceOut,
    ScoreboardOut,
    TeamOut,
)
from topline.scoring.queries.boards import Line, Member
from topline.scoring.rules import Place, Standing
from topline.web.paging import decode_cursor, page_of
from topline.web.words import words_for


def leaderboard_out(found: Ranking, limit: int, after: tuple[int, str, str] | None) -> LeaderboardOut:
    """One page of the whole list."""
    lines, following = page_of(found.after(after)[: limit + 1], limit, Line.key)
    return _leaderboard(found, [_line(line.rank, line.score, line.member) for line in lines], following, None)


def own_leaderboard_out(found: Ranking, person_id: UUID) -> LeaderboardOut:
    """The own place with its neighbors; an empty list for somebody who is not on the board."""
    place = found.place_of(person_id)
    if place is None:
        return _leaderboard(found, [], None, None)
    items = [neighbor(found.members, one, person_id, found.locale) for one in place.neighbours]
    return _leaderboard(found, items, None, place)


def line_after(cursor: str | None) -> tuple[int, str, str] | None:
    """The line a cursor names, as `Line.key` gave it. Raises 400 for a cursor of another list."""
    values = decode_cursor(cursor, 3)
    if values is None:
        return None
    try:
        return int(values[0]), values[1], values[2]
    except ValueError:
        raise invalid("cursor", "cursor_invalid", "This cursor belongs to another list.") from None


def neighbor(members: Mapping[UUID, Member], one: Standing[UUID], me: UUID, locale: str) -> LineOut:
    """A line as a colleague may see it: without a name where its person does not want to be shown."""
    member = members[one.who]
    if member.wall_opt_out and one.who != me:
        return LineOut(
            rank=one.rank,
            person_id=None,
            display_name=words_for(locale).gettext("A colleague"),
            initials="–",
            color=member.color,
            department_name="",
            score=one.score,
        )
    return _line(one.rank, one.score, member, is_me=one.who == me)


def next_mark_out(place: Place[UUID]) -> NextMarkOut | None:
    """The mark above, None at the top."""
    if place.next is None:
        return None
    return NextMarkOut(rank=place.next.rank, points_needed=place.next.points_needed)


def scoreboard_out(found: Scoreboard, *, with_money: bool) -> ScoreboardOut:
    """The scoreboard as JSON; without money, shares stay."""
    game, team = found.game, found.team
    return ScoreboardOut(
        organization=found.organization_name,
        location=LocationRef(id=found.house.id, name=found.house.name),
        business_date=found.today,
        as_of=found.as_of,
        currency=found.currency,
        closed_today=found.closed_because is not None,
        opens_at=game.opens_at,
        target_is_estimate=game.target_is_estimate,
        revenue_as_of=game.revenue_as_of,
        live=_pace(game.live, with_money),
        yesterday_date=game.yesterday,
        yesterday=None if game.state.yesterday is None else _pace(game.state.yesterday, with_money),
        month=_pace(game.state.month, with_money),
        year=_pace(game.state.year, with_money),
        team=TeamOut(
            logged=team.logged,
            verified=team.verified,
            accepted=team.accepted,
            adoption_bp=team.share.adoption_bp,
            departments=[
                DepartmentOut(
                    id=line.id,
                    name=line.name,
                    logged=line.share.standing,
                    adoption_bp=line.share.adoption_bp,
                )
                for line in team.departments
            ],
        ),
        metric=found.leaders.metric,
        leaders=[
            LeaderOut(
                rank=line.rank,
                name=wall_name(line.member, found.names, found.locale),
                department_name=line.member.department_name,
                score=line.score,
            )
            for line in found.leaders.lines
        ],
    )


def wall_name(member: Member, names: Names, locale: str) -> str:
    """Somebody's name on the wall, as the hotel wishes: display name, initials, or staff number."""
    if names == "names":
        return member.display_name
    if names == "initials":
        return member.initials
    return member.staff_number or words_for(locale).gettext("A colleague")


def _leaderboard(
    found: Ranking, items: list[LineOut], following: str | None, place: Place[UUID] | None
) -> LeaderboardOut:
    board = found.board
    return LeaderboardOut(
        metric=board.metric,
        period=board.period,
        first_date=board.dates.first,
        last_date=board.dates.last,
        as_of=board.as_of,
        currency=found.currency,
        of=len(board.lines) if place is None else place.of,
        items=items,
        next_cursor=following,
        me=None
        if place is None
        else OwnPlaceOut(rank=place.rank, score=place.score, next=next_mark_out(place)),
    )


def _line(rank: int, score: int, member: Member, *, is_me: bool = False) -> LineOut:
    return LineOut(
        rank=rank,
        person_id=member.id,
        display_name=member.display_name,
        initials=member.initials,
        color=member.color,
        department_name=member.department_name,
        score=score,
        is_me=is_me,
    )


def _pace(pace: Pace, with_money: bool) -> PaceOut:
    shown = with_money or pace.basis == "behaviors"
    return PaceOut(
        state=pace.state,
        basis=pace.basis,
        actual=pace.actual if shown else None,
        should_be_now=pace.should_be_now if shown else None,
        target=pace.target if shown else None,
        share_bp=pace.share_bp,
        target_share_bp=pace.target_share_bp,
        elapsed_bp=pace.elapsed_bp,
        days_missing=pace.days_missing,
    )
