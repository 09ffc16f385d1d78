"""Day totals say what the logs say, whoever rebuilds them and however often."""

import threading
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.factories import make_house
from tests.scoring.make import LEVELS, STATUSES, TODAY, add_logs, expected_totals, random_log, stored_totals
from topline.core.transaction import Database
from topline.logbook.models import BehaviorLog
from topline.scoring.actions import rebuild, rebuild_days
from topline.scoring.queries.totals import points_counted
from topline.scoring.rules import points_for


def test_points_in_sql_are_those_of_the_rules_for_every_combination(database: Database) -> None:
    cast = make_house(database)
    wanted = {}
    with database.write(cast.fred.actor) as tx:
        for points, status, evidence, level in product(
            (1, 2, 3, 10, 99, 100), STATUSES, (False, True), LEVELS
        ):
            values: dict[str, Any] = {
                "points": points,
                "status": status,
                "has_evidence": evidence,
                "verification": level,
            }
            (log_id,) = add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], **values)
            wanted[log_id] = points_for(points, status, evidence, level)
    with database.read() as tx:
        found = {row[0]: row[1] for row in tx.execute(select(BehaviorLog.id, points_counted()))}
    assert len(wanted) == 180
    assert found == wanted


@pytest.mark.parametrize("seed", range(3))
def test_rebuilding_what_was_touched_gives_the_same_as_rebuilding_everything(
    database: Database, seed: int
) -> None:
    rng = Random(seed)
    cast = make_house(database)
    for _ in range(6):
        touched = set()
        with database.write(cast.mina.actor) as tx:
            for _ in range(rng.randrange(1, 25)):
                who, behavior_id, values = random_log(rng, cast)
                add_logs(tx, who, cast.location_id, behavior_id, rng.randrange(1, 4), **values)
                touched.add((values["business_date"], who.id))
            status, day = rng.choice(STATUSES), TODAY - timedelta(days=rng.randrange(7))
            tx.change(
                update(BehaviorLog)
                .where(BehaviorLog.business_date == day, BehaviorLog.person_id == cast.fred.id)
                .values(status=status)
            )
            touched.add((day, cast.fred.id))
        with database.write(cast.mina.actor) as tx:
            rebuild_days(tx, touched)
        assert stored_totals(database, cast.organization_id) == expected_totals(
            database, cast.organization_id
        )
    with database.write(cast.mina.actor) as tx:
        rebuild(tx, TODAY - timedelta(days=7), TODAY)
    assert stored_totals(database, cast.organization_id) == expected_totals(database, cast.organization_id)


def test_a_rebuild_touches_no_other_hotel(database: Database) -> None:
    cast = make_house(database)
    other = cast.other
    with database.write(other.staff.actor) as tx:
        add_logs(tx, other.staff, other.location_id, other.behavior_id, 2)
        rebuild(tx, TODAY, TODAY)
        add_logs(tx, other.staff, other.location_id, other.behavior_id, 1)
    before = stored_totals(database, other.organization_id)
    with database.write(cast.fred.actor) as tx:
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"])
        rebuild_days(tx, {(TODAY, cast.fred.id), (TODAY, other.staff.id)})
        rebuild(tx, TODAY, TODAY)
    assert stored_totals(database, other.organization_id) == before
    assert len(stored_totals(database, cast.organization_id)) == 1


def test_a_day_without_logs_that_stand_has_no_total(database: Database) -> None:
    cast = make_house(database)
    with database.write(cast.fred.actor) as tx:
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"])
        rebuild_days(tx, {(TODAY, cast.fred.id)})
        tx.change(update(BehaviorLog).values(status="undone"))
        rebuild_days(tx, {(TODAY, cast.fred.id)})
        assert rebuild_days(tx, ()) == 0
    assert stored_totals(database, cast.organization_id) == {}


def test_many_at_once_lose_nothing(database: Database) -> None:
    """Each thread logs and rebuilds: the last to rebuild has seen everything."""
    cast = make_house(database)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                with database.write(cast.fred.actor) as tx:
                    add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"])
                with database.write(cast.fred.actor) as tx:
                    rebuild_days(tx, {(TODAY, cast.fred.id)})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    (total,) = stored_totals(database, cast.organization_id).values()
    assert total[0] == 40
