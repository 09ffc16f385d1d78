"""The state of a house from its rows: paced by what is known, honest where nothing is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.scoreboard.make import (
    EIGHT_TO_EIGHT,
    NOON,
    TODAY,
    close_on,
    days_before,
    enter,
    set_benchmark,
    set_hours,
)
from tests.scoring.make import add_logs
from tests.support.cast import Cast
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.transaction import Database
from topline.people.models import Person
from topline.scoreboard.queries.house import Scoreboard, scoreboard
from topline.scoreboard.wall import word_of
from topline.scoring.actions import rebuild


def board_of(database: Database, cast: Cast) -> Scoreboard:
    with database.write(cast.olga.actor) as tx:
        rebuild(tx, TODAY - timedelta(days=60), TODAY)
    with database.read(cast.olga.actor) as tx:
        return scoreboard(tx)


def benchmark(database: Database, cast: Cast, **values: object) -> None:
    with database.write(cast.olga.actor) as tx:
        set_benchmark(tx, cast, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("revenue", "state"), [(33_333, "winning"), (31_667, "winning"), (31_666, "neutral"), (28_000, "losing")]
)
def test_revenue_entered_now_is_paced_by_the_hours_that_are_over(
    database: Database, cast: Cast, revenue: int, state: str
) -> None:
    """Noon is a third of a day from eight to eight; 1,000.00 a day is 333.33 by then."""
    benchmark(database, cast)
    with database.write(cast.olga.actor) as tx:
        enter(tx, cast, TODAY, revenue, status="open")
    live = board_of(database, cast).game.live
    assert (live.state, live.basis, live.should_be_now, live.target) == (state, "revenue", 33_333, 100_000)


def test_revenue_entered_earlier_is_judged_at_the_moment_it_speaks_of(
    database: Database, cast: Cast, clock: FixedClock
) -> None:
    benchmark(database, cast)
    with database.write(cast.olga.actor) as tx:
        enter(tx, cast, TODAY, 34_000, status="open")
    clock.advance(timedelta(hours=6))
    game = board_of(database, cast).game
    assert (game.live.state, game.live.should_be_now, game.revenue_as_of) == ("winning", 33_333, NOON)


def test_a_closed_day_is_judged_as_a_whole(database: Database, cast: Cast) -> None:
    benchmark(database, cast)
    with database.write(cast.olga.actor) as tx:
        enter(tx, cast, TODAY, 90_000, status="closed")
    live = board_of(database, cast).game.live
    assert (live.state, live.should_be_now, live.share_bp) == ("neutral", 100_000, 9_000)


def test_the_target_reached_is_celebrated(database: Database, cast: Cast) -> None:
    benchmark(database, cast)
    with database.write(cast.olga.actor) as tx:
        enter(tx, cast, TODAY, 100_000, status="open")
    assert board_of(database, cast).game.live.state == "celebrating"


def test_growth_and_the_own_weekdays_move_the_target(database: Database, cast: Cast) -> None:
    benchmark(database, cast, growth_bp=500)
    with database.write(cast.olga.actor) as tx:
        for day in days_before(56):
            enter(tx, cast, day, 180_000 if day.weekday() == TODAY.weekday() else 90_000)
    game = board_of(database, cast).game
    weight = 180_000 * 7 / (180_000 + 6 * 90_000)
    assert game.revenue_today.target == round(round(10_000 * weight) * 105_000 / 10_000)


def test_without_revenue_today_the_logs_speak_beside_yesterday(database: Database, cast: Cast) -> None:
    benchmark(database, cast)
    with database.write(cast.olga.actor) as tx:
        enter(tx, cast, TODAY - timedelta(days=1), 97_000)
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 6)
    game = board_of(database, cast).game
    # 5 behaviors × 5 × 5/7 are 18 a day; a third of the day is over.
    assert (game.live.basis, game.live.actual, game.live.target, game.live.should_be_now) == (
        "behaviors",
        6,
        18,
        6,
    )
    assert game.live.state == "winning"
    assert game.state.yesterday is not None
    assert (game.state.yesterday.state, game.yesterday) == ("winning", TODAY - timedelta(days=1))


def test_without_a_benchmark_only_the_logs_speak(database: Database, cast: Cast) -> None:
    with database.write(cast.olga.actor) as tx:
        enter(tx, cast, TODAY, 50_000, status="open")
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 1)
    game = board_of(database, cast).game
    assert (game.live.basis, game.live.state, game.has_target) == ("behaviors", "losing", False)
    assert (game.state.month.state, game.state.year.state) == ("no_data", "no_data")


def test_the_pace_of_logs_is_that_of_the_same_weekday_before(database: Database, cast: Cast) -> None:
    """Nine of ten logs came after noon on three Wednesdays: one in ten by noon is on target."""
    with database.write(cast.olga.actor) as tx:
        for week in (1, 2, 3):
            day = TODAY - timedelta(days=7 * week)
            morning = datetime.combine(day, NOON.time(), UTC) - timedelta(hours=1)
            where = (cast.location_id, cast.behaviors["greet"])
            add_logs(tx, cast.fred, *where, 1, business_date=day, at=morning)
            add_logs(tx, cast.fred, *where, 9, business_date=day, at=morning + timedelta(hours=4))
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 2)
    live = board_of(database, cast).game.live
    assert (live.elapsed_bp, live.should_be_now, live.state) == (1_000, 2, "winning")


def test_before_opening_it_says_when(database: Database, cast: Cast, clock: FixedClock) -> None:
    benchmark(database, cast)
    clock.instant = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)
    board = board_of(database, cast)
    assert (word_of(board), board.game.opens_at) == ("opens", datetime(2026, 3, 4, 8, 0, tzinfo=UTC))


def test_a_closed_day_says_so_and_why(database: Database, cast: Cast) -> None:
    benchmark(database, cast)
    with database.write(cast.olga.actor) as tx:
        close_on(tx, cast, TODAY, "Renovation")
    board = board_of(database, cast)
    assert (word_of(board), board.closed_because, board.team.share.adoption_bp) == (
        "closed",
        "Renovation",
        None,
    )


def test_a_new_house_says_that_there_is_nothing_yet(database: Database, cast: Cast) -> None:
    board = board_of(database, cast)
    assert (word_of(board), board.team.logged, board.leaders.lines) == ("no_data", 0, ())


def test_a_month_holds_like_against_like(database: Database, cast: Cast) -> None:
    benchmark(database, cast)
    with database.write(cast.olga.actor) as tx:
        enter(tx, cast, date(2026, 3, 1), 120_000)
        enter(tx, cast, date(2026, 3, 3), 70_000)
        enter(tx, cast, date(2026, 2, 28), 1)
    month = board_of(database, cast).game.state.month
    assert (month.actual, month.should_be_now, month.target) == (190_000, 200_000, 3_100_000)
    assert (month.state, month.days_missing) == ("winning", 1)


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("Asia/Singapore", datetime(2026, 3, 3, 19, 59, tzinfo=UTC), date(2026, 3, 3)),  # 03:59 on the 4th
        ("Asia/Singapore", datetime(2026, 3, 3, 20, 0, tzinfo=UTC), date(2026, 3, 4)),
        ("Europe/Lisbon", datetime(2026, 3, 29, 2, 59, tzinfo=UTC), date(2026, 3, 28)),  # clocks went forward
        ("Europe/Lisbon", datetime(2026, 3, 29, 3, 0, tzinfo=UTC), date(2026, 3, 29)),
        ("Europe/Lisbon", datetime(2026, 10, 25, 3, 59, tzinfo=UTC), date(2026, 10, 24)),  # and back
        ("Europe/Lisbon", datetime(2026, 10, 25, 4, 0, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_today_is_the_business_date_of_the_house(
    database: Database, cast: Cast, clock: FixedClock, zone: str, now: datetime, today: date
) -> None:
    clock.instant = now
    with database.write(cast.olga.actor) as tx:
        set_hours(tx, cast, {**EIGHT_TO_EIGHT}, zone=zone)
    assert board_of(database, cast).today == today


def test_who_opted_out_is_not_among_the_leaders_and_ties_are_counted(database: Database, cast: Cast) -> None:
    with database.write(cast.olga.actor) as tx:
        for who, count in ((cast.olga, 9), (cast.mina, 2), (cast.milo, 2), (cast.fred, 2), (cast.bella, 2)):
            add_logs(tx, who, cast.location_id, cast.behaviors["greet"], count)
        tx.change(update(Person).where(Person.id == cast.olga.id).values(wall_opt_out=True))
    leaders = board_of(database, cast).leaders
    assert [(line.rank, line.member.display_name) for line in leaders.lines] == [
        (1, "Bella"),
        (1, "Fred"),
        (1, "Milo"),
    ]
    assert leaders.more == 1


def test_the_most_improved_is_named_only_where_the_weeks_can_be_compared(
    database: Database, cast: Cast
) -> None:
    """Wednesday: Monday and Tuesday against the whole week before, by logs a day worked."""
    with database.write(cast.olga.actor) as tx:
        for ago, fred, bella, milo in ((1, 8, 3, 9), (2, 6, 3, 0), (7, 5, 3, 1), (8, 5, 3, 1), (9, 5, 3, 1)):
            for who, count in ((cast.fred, fred), (cast.bella, bella), (cast.milo, milo)):
                day = TODAY - timedelta(days=ago)
                if count:
                    add_logs(tx, who, cast.location_id, cast.behaviors["greet"], count, business_date=day)
    improved = board_of(database, cast).improved
    assert improved is not None
    assert (improved.member.display_name, improved.gain_bp) == ("Fred", 4_000)
    with database.write(cast.olga.actor) as tx:
        tx.change(update(Person).where(Person.id == cast.fred.id).values(wall_opt_out=True))
    assert board_of(database, cast).improved is None


def test_another_hotel_s_house_is_not_found(database: Database, cast: Cast) -> None:
    with database.read(cast.olga.actor) as tx, pytest.raises(Problem) as refused:
        scoreboard(tx, cast.other.location_id)
    assert refused.value.code == "not_found"


def test_what_the_other_hotel_does_changes_nothing_here(database: Database, cast: Cast) -> None:
    before = board_of(database, cast)
    other = cast.other
    with database.write(other.owner.actor) as tx:
        add_logs(tx, other.staff, other.location_id, other.behavior_id, 40)
        rebuild(tx, TODAY, TODAY)
    after = board_of(database, cast)
    assert (after.team, after.leaders, after.game) == (before.team, before.leaders, before.game)
