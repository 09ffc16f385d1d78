"""How far the logs of a day usually are by this time: the house's own rhythm, not a straight line.

A bar logs in the evening. Held against opening hours alone it would lose every morning and win every night, so the
pace of the lead measures is that of the same weekday in the weeks before, as soon as there are weeks enough.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from sqlalchemy import and_, case, func, select

from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog
from topline.organizations.rules import business_day_bounds
from topline.scoreboard.queries.facts import Facts
from topline.scoring.queries.totals import log_stands

#: So many weeks back are looked at, and so many of their days must have logs.
WEEKS: Final = 6
LEAST_DAYS: Final = 3


def usual_share(tx: Read, facts: Facts) -> Fraction | None:
    """The share of a whole day's logs that was usually there by this time of such a weekday, by when things happened.

    None while fewer than three of the last six same weekdays have logs.
    """
    house = facts.house
    start, _ = business_day_bounds(facts.today, house.zone, house.turning_hour)
    gone = facts.now - start
    days = [facts.today - timedelta(days=7 * week) for week in range(1, WEEKS + 1)]
    by_now = [
        and_(
            BehaviorLog.business_date == day,
            BehaviorLog.occurred_at <= business_day_bounds(day, house.zone, house.turning_hour)[0] + gone,
        )
        for day in days
    ]
    query = (
        select(
            BehaviorLog.business_date,
            func.count(),
            func.sum(case(*((one, 1) for one in by_now), else_=0)),
        )
        .where(
            BehaviorLog.organization_id == tx.organization_id,
            BehaviorLog.location_id == house.id,
            BehaviorLog.business_date.in_(days),
            log_stands(),
        )
        .group_by(BehaviorLog.business_date)
    )
    found: dict[date, tuple[int, int]] = {row[0]: (int(row[1]), int(row[2])) for row in tx.execute(query)}
    if len(found) < LEAST_DAYS:
        return None
    return Fraction(sum(part for _, part in found.values()), sum(whole for whole, _ in found.values()))
