"""GET /api/tablet/me: everything the tablet shows of one person's day, in one answer."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec

from topline.behaviors.queries import Catalog, Catalogs
from topline.core.actor import Actor
from topline.core.permissions import Permission
from topline.core.transaction import Read
from topline.logbook import queries as logbook
from topline.logbook.schemas import LogOut, log_out
from topline.organizations import queries as organizations
from topline.organizations.rules import business_date, business_day_bounds
from topline.people import queries as people
from topline.scoreboard.cached import fetch, scope_key
from topline.scoreboard.present import next_mark_out
from topline.scoreboard.schemas.tablet import (
    NeighborOut,
    OwnBehaviorOut,
    OwnDayOut,
    OwnPersonOut,
    TabletPlaceOut,
    TodayCountOut,
)
from topline.scoring.queries.boards import members, scores
from topline.scoring.queries.mine import own_day, own_place, streak_days
from topline.web.request import Req, actor, read, services
from topline.web.routing import api
from topline.web.words import words_for

#: Rejections of so many days back still wait for an answer on the tablet.
ANSWER_DAYS: Final = 14
MOST_REJECTED: Final = 50


class _Standing(msgspec.Struct, array_like=True, frozen=True):
    """Somebody with points today, as kept in the cache."""

    id: UUID
    display_name: str
    opted_out: bool
    score: int


@dataclass(frozen=True, slots=True)
class _Day:
    """Where and on which business date the person is."""

    house: organizations.LocationView
    date: date


@api(
    "GET",
    "/api/tablet/me",
    needs=Permission.LOGS_READ_OWN,
    summary="The own day",
    tag="Tablet",
)
def show_own_day(request: Req) -> OwnDayOut:
    """Who is signed in, what they may log with counts and targets, points, streak and place, and their logs.

    Counts and points of today come straight from the logs. The place is that of all who have points today; it may lag
    behind a colleague's last tap by a fraction of a second. `logs` are those of the business date, newest first, and
    rejected ones of the last two weeks that were not answered yet.
    """
    who = actor(request)
    with read(request) as tx:
        house = organizations.main_location(tx)
        day = _Day(house, business_date(tx.now, house.zone, house.turning_hour))
        standings = _standings(request, day)
        catalog = services(request).get(Catalogs).get(who.organization_id)
        return _own_day(tx, who, day, standings, catalog)


def _own_day(tx: Read, who: Actor, day: _Day, standings: list[_Standing], catalog: Catalog) -> OwnDayOut:
    me = people.person(tx, who.person())
    mine = own_day(tx, me.id, day.date)
    hours = organizations.opening_hours(tx, day.house)
    behaviors = [
        OwnBehaviorOut(
            id=entry.id,
            name=entry.name,
            icon=entry.icon,
            points=term.points,
            target=entry.target_on(day.date),
            count=mine.by_behavior.get(entry.id, 0),
            verification=entry.verification,
            place_label=entry.place_label,
            asks_amount=entry.asks_amount,
            asks_covers=entry.asks_covers,
            asks_outcome=entry.asks_outcome,
        )
        for entry in catalog.of_role(me.role_id)
        if (term := entry.term_on(day.date)) is not None
    ]
    return OwnDayOut(
        session_id=who.credential_id,
        person=OwnPersonOut(
            id=me.id,
            display_name=me.display_name,
            initials=me.initials,
            color=me.color,
            role_name=me.role_name,
            department_name=me.department_name,
        ),
        business_date=day.date,
        turns_at=business_day_bounds(day.date, day.house.zone, day.house.turning_hour)[1],
        today=TodayCountOut(
            count=mine.count, target=catalog.day_target(me.role_id, day.date), points=mine.points
        ),
        streak_days=streak_days(
            tx,
            me.id,
            day.date,
            logged_today=mine.count > 0,
            shifts_per_week=me.shifts_per_week,
            is_open=hours.is_open,
        ),
        place=_place(standings, me.id, me.display_name, mine.points, organizations.organization(tx).locale),
        behaviors=behaviors,
        logs=_logs(tx, me.id, day.date),
    )


def _logs(tx: Read, person_id: UUID, day: date) -> list[LogOut]:
    rejected = logbook.LogFilter(
        person_id=person_id,
        status="rejected",
        first=day - timedelta(days=ANSWER_DAYS),
        last=day - timedelta(days=1),
    )
    found = logbook.person_day(tx, person_id, day)
    found += [log for log in logbook.logs(tx, rejected, limit=MOST_REJECTED) if log.answered_at is None]
    return [log_out(log, tx.now, person_id) for log in found]


def _standings(request: Req, day: _Day) -> list[_Standing]:
    """Everybody with points today, by name; kept until totals change, because sixty people ask at a shift change."""

    def make(tx: Read) -> bytes:
        everybody = members(tx, day.house.id)
        scored = scores(tx, "points", day.date, day.date)
        return msgspec.json.encode(
            [
                _Standing(one.id, one.display_name, one.wall_opt_out, scored[one.id])
                for one in everybody.values()
                if one.id in scored
            ]
        )

    return msgspec.json.decode(
        fetch(request, scope_key(day.house.id, "standings", day.date), make), type=list[_Standing]
    )


def _place(
    standings: list[_Standing], me: UUID, my_name: str, points: int, locale: str
) -> TabletPlaceOut | None:
    place = own_place({one.id: one.score for one in standings}, me, points)
    if place is None:
        return None
    by_id = {one.id: one for one in standings}
    hidden = words_for(locale).gettext("A colleague")

    def name(who: UUID) -> str:
        if who == me:
            return my_name
        return hidden if by_id[who].opted_out else by_id[who].display_name

    return TabletPlaceOut(
        rank=place.rank,
        of=place.of,
        points=place.score,
        neighbours=[
            NeighborOut(rank=one.rank, display_name=name(one.who), points=one.score, is_me=one.who == me)
            for one in place.neighbours
        ],
        next=next_mark_out(place),
    )


ROUTES = [show_own_day]
