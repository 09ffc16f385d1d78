"""A day's entry written by several: nobody's change lost, however many write at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import func, select

from tests.results.make import YESTERDAY, refused, save, stored, versions
from tests.support.cast import Cast
from topline.core.errors import Problem
from topline.core.transaction import Database
from topline.results import actions
from topline.results.models import DailyEntry, DailyEntryVersion


def test_the_second_of_two_managers_is_told_what_stands_there_and_nothing_is_lost(
    database: Database, cast: Cast
) -> None:
    save(database, cast)
    save(database, cast, 1, who=cast.milo, revenue_minor=150_000, covers=44)
    problem = refused("conflict", lambda: save(database, cast, 1, revenue_minor=90_000))
    assert problem.current is not None
    assert {k: problem.current[k] for k in ("version", "revenue_minor", "covers", "updated_by_name")} == {
        "version": 2,
        "revenue_minor": 150_000,
        "covers": 44,
        "updated_by_name": "Milo Manager",
    }
    found = stored(database, cast)
    assert found is not None
    assert (found.version, found.figures.revenue_minor) == (2, 150_000)


def test_two_who_begin_a_day_do_not_overwrite_each_other(database: Database, cast: Cast) -> None:
    save(database, cast, revenue_minor=150_000)
    problem = refused("conflict", lambda: save(database, cast, None, revenue_minor=90_000))
    assert problem.current is not None
    assert problem.current["revenue_minor"] == 150_000


def test_twenty_threads_lose_no_update(database: Database, cast: Cast) -> None:
    """Each adds one cover to what it read, and tries again when somebody was faster."""
    save(database, cast, revenue_minor=10_000_00, covers=0, confirm=True)

    def add_one(_: int) -> int:
        for attempt in range(1, 200):
            now = stored(database, cast)
            assert now is not None
            wanted = replace(now.figures, covers=(now.figures.covers or 0) + 1)
            try:
                with database.write(cast.mina.actor) as tx:
                    actions.save(
                        tx,
                        cast.location_id,
                        YESTERDAY,
                        actions.DayValues(wanted),
                        version=now.version,
                        confirm=True,
                    )
            except Problem as problem:
                if problem.code != "conflict":
                    raise
                continue
            return attempt
        raise AssertionError("never got through")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(add_one, range(20)))
    found = stored(database, cast)
    assert found is not None
    assert (found.figures.covers, found.version) == (20, 21)
    assert [v.values["covers"] for v in versions(database, cast)] == list(range(20, -1, -1))


def test_twenty_threads_that_begin_the_same_day_make_one_entry(database: Database, cast: Cast) -> None:
    def begin(number: int) -> str:
        try:
            save(database, cast, None, revenue_minor=100_000 + number)
        except Problem as problem:
            return f"{problem.code}, told" if problem.current else problem.code
        return "saved"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(begin, range(20)))
    assert sorted(outcomes) == ["conflict, told"] * 19 + ["saved"]
    with database.read(cast.mina.actor) as tx:
        assert tx.execute(select(func.count()).select_from(DailyEntry)).scalar_one() == 1
        assert tx.execute(select(func.count()).select_from(DailyEntryVersion)).scalar_one() == 1
