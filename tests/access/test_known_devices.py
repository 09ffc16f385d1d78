"""A house under attack: the alarm, from when on and how long strangers are kept out, and who lets them in again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tests.access.attack import (
    ENOUGH,
    MINA,
    MINUTE,
    NOBODY,
    WRONG,
    alarms,
    answer,
    attacked,
    counted,
    told,
    wrong_pin,
)
from tests.access.conftest import House
from tests.access.http import PASSWORD
from tests.factories import Machine, Who, set_password, set_pin, tablet_of
from topline.access import actions, queries
from topline.access.actions import Caller
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.transaction import Database


@pytest.fixture
def second_tablet(house: House, database: Database) -> Machine:
    return tablet_of(database, house.cast, "Kitchen tablet")


def test_the_sixtieth_failure_in_a_quarter_hour_sounds_the_alarm_and_keeps_strangers_out(
    house: House, desk_mina: Who, second_tablet: Machine, database: Database, clock: FixedClock
) -> None:
    for number in range(59):
        wrong_pin(house, (house.tablet, second_tablet)[number % 2])
        clock.advance(timedelta(seconds=15))
    assert (alarms(database), answer(house, MINA)) == (0, "in")
    with capture_logs() as logs:
        wrong_pin(house, second_tablet)
    # Warnings of the tablet's own are written or not, as the level is at the moment.
    errors = [(line["event"], line["organization"]) for line in logs if line["log_level"] == "error"]
    assert errors == [("sign_in_alarm", str(house.cast.organization_id))]
    assert alarms(database) == 1
    refused = told(house, MINA)
    assert refused is not None
    assert (refused.code, refused.status, refused.retry_after) == ("known_devices_only", 429, 900)
    clock.advance(15 * MINUTE - timedelta(milliseconds=1))
    refused = told(house, MINA)
    assert refused is not None
    assert (refused.code, refused.retry_after) == ("known_devices_only", 1)
    clock.advance(timedelta(milliseconds=1))
    assert answer(house, MINA) == "in"


def test_the_sixty_must_lie_within_a_quarter_hour(
    house: House, desk_mina: Who, second_tablet: Machine, database: Database, clock: FixedClock
) -> None:
    for number in range(30):
        wrong_pin(house, house.tablet)
        clock.advance(timedelta(0) if number else timedelta(milliseconds=1))
    clock.advance(15 * MINUTE - timedelta(milliseconds=1))
    for _ in range(30):
        wrong_pin(house, second_tablet)
    assert (alarms(database), answer(house, MINA)) == (0, "in")
    wrong_pin(house, house.tablet)
    assert (alarms(database), answer(house, MINA)) == (1, "known_devices_only")


def test_one_attack_is_one_alarm_and_the_next_one_another(
    house: House, second_tablet: Machine, database: Database, clock: FixedClock
) -> None:
    attacked(house)
    for _ in range(14):
        clock.advance(MINUTE)
        wrong_pin(house, house.tablet)
    assert alarms(database) == 1
    clock.advance(20 * MINUTE)
    attacked(house, second_tablet)
    assert alarms(database) == 2


def test_it_stays_shut_as_long_as_the_window_is_full(
    house: House, desk_mina: Who, database: Database, clock: FixedClock
) -> None:
    attacked(house)
    clock.advance(10 * MINUTE)
    attacked(house)
    clock.advance(15 * MINUTE - timedelta(seconds=1))
    assert answer(house, MINA) == answer(house, NOBODY) == "known_devices_only"
    clock.advance(timedelta(seconds=1))
    assert (answer(house, MINA), answer(house, NOBODY)) == ("in", "sign_in_failed")
    assert alarms(database) == 1


def test_a_wrong_password_of_anybody_counts_and_an_invented_address_for_no_house(
    house: House, desk_mina: Who, desk_neighbor: Who, database: Database
) -> None:
    house.doors = house.with_limits(alarm="5/15minute")
    for number in range(20):
        assert (
            answer(house, f"guess{number}@house.invalid", WRONG, Caller(f"198.51.100.{number}"))
            == "sign_in_failed"
        )
    assert (alarms(database), counted(database, "house:")) == (0, [])
    for number, email in enumerate([MINA, "milo@house.invalid", "olga@house.invalid", MINA]):
        assert answer(house, email, WRONG, Caller(f"203.0.113.{number}")) == "sign_in_failed"
    assert alarms(database) == 0
    wrong_pin(house, house.tablet)
    assert (alarms(database), counted(database, "house:")) == (1, [5])
    assert answer(house, MINA, at=Caller("203.0.113.99")) == "known_devices_only"
    assert answer(house, desk_neighbor.email or "", at=Caller("203.0.113.98")) == "in"


def test_one_person_going_from_tablet_to_tablet_counts_too(
    house: House, desk_mina: Who, database: Database
) -> None:
    """Two tries at each, so that nowhere is a pause."""
    fred = house.cast.fred
    set_pin(database, house.hasher, fred, "7294")
    house.doors = house.with_limits(alarm="6/15minute")
    for number in range(3):
        tablet = tablet_of(database, house.cast, f"Tablet {number}")
        assert (alarms(database), answer(house, MINA)) == (0, "in")
        for _ in range(2):
            with pytest.raises(Problem) as refused:
                actions.sign_in_with_pin(
                    house.doors, tablet.actor, Caller("192.0.2.1", tablet.id), fred.id, "6173"
                )
            assert refused.value.code == "pin_wrong"
    assert (alarms(database), answer(house, MINA)) == (1, "known_devices_only")


def test_right_passwords_do_not_count_for_the_house(house: House, desk_mina: Who, database: Database) -> None:
    house.doors = house.with_limits(alarm="3/15minute")
    assert [answer(house, MINA) for _ in range(5)] == ["in"] * 5
    assert (alarms(database), counted(database, "house:")) == (0, [0])


def test_however_many_strangers_come_at_once_no_more_are_judged(
    house: House, desk_mina: Who, database: Database
) -> None:
    for who in (house.cast.milo, house.cast.olga):
        set_password(database, house.hasher, who, PASSWORD)
    house.doors = house.with_limits(alarm="4/15minute")
    emails = [MINA, "milo@house.invalid", "olga@house.invalid"]
    house.hasher.spent.clear()
    with ThreadPoolExecutor(12) as pool:
        codes = list(
            pool.map(lambda n: answer(house, emails[n % 3], WRONG, Caller(f"198.51.100.{n}")), range(12))
        )
    assert house.hasher.spent.count("password") == 4
    assert codes.count("known_devices_only") >= 8
    assert alarms(database) == 1


def test_a_manager_sees_it_and_lets_strangers_in_again(
    house: House, desk_mina: Who, database: Database, clock: FixedClock
) -> None:
    attacked(house)
    with database.read(house.cast.mina.actor) as tx:
        (lock,) = queries.locks(tx, house.doors.limits)
    assert (lock.kind, lock.label, lock.subject_id) == (
        "unknown_devices",
        "House of Examples",
        house.cast.organization_id,
    )
    assert lock.until == clock.now() + 15 * MINUTE
    with pytest.raises(Problem) as refused, database.write(house.cast.other.owner.actor) as tx:
        actions.clear_lock(tx, "unknown_devices", house.cast.organization_id)
    assert refused.value.code == "not_found"
    assert answer(house, MINA) == "known_devices_only"
    with database.write(house.cast.mina.actor) as tx:
        actions.clear_lock(tx, "unknown_devices", house.cast.organization_id)
        assert queries.locks(tx, house.doors.limits) == []
    assert answer(house, MINA) == "in"
    for _ in range(ENOUGH - 1):
        wrong_pin(house, house.tablet)
    assert (alarms(database), answer(house, MINA)) == (1, "in")
    wrong_pin(house, house.tablet)
    assert (alarms(database), answer(house, MINA)) == (2, "known_devices_only")
