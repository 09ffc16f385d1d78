"""A house under attack: who goes on, who is kept out, and that nobody learns which accounts there are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.access.attack import (
    MINA,
    MINUTE,
    NOBODY,
    STRANGER,
    WRONG,
    answer,
    attacked,
    counted,
    known_to,
    told,
)
from tests.access.conftest import House
from tests.access.desk import add, code_of
from tests.access.http import PASSWORD
from tests.factories import Who, set_password, set_pin, tablet_of
from topline.access import actions
from topline.access.actions import Caller
from topline.core.actor import Actor
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.transaction import Database
from topline.people import actions as people

GUESSES = {
    "the right password": (MINA, PASSWORD),
    "a wrong password": (MINA, WRONG),
    "an account without a password": ("milo@house.invalid", PASSWORD),
    "an address nobody has": (NOBODY, PASSWORD),
    "a wrong password next door": ("neighbor", WRONG),
}


@pytest.mark.parametrize("guess", GUESSES)
def test_a_stranger_does_not_learn_whose_address_it_is(
    house: House, desk_mina: Who, desk_neighbor: Who, clock: FixedClock, guess: str
) -> None:
    """The house is shut, the one next door open: same words, same wait, same price, same count."""
    email, password = GUESSES[guess]
    email = desk_neighbor.email or "" if email == "neighbor" else email
    attacked(house)
    clock.advance(5 * MINUTE)
    for _ in range(5):
        refused = told(house, email, password)
        assert refused is not None
        assert (refused.code, refused.retry_after) == ("known_devices_only", 600)
        assert refused.detail == (
            "E-mail or password is not right, or your hotel lets in only devices that are known for the next"
            " 10 minutes, after many failed sign-ins."
        )
    spent = {"password"} if guess == "a wrong password next door" else {"no password"}
    assert (len(house.hasher.spent), set(house.hasher.spent)) == (5, spent)
    assert answer(house, email, password) == "too_many_sign_ins"


@pytest.mark.parametrize("guess", GUESSES)
def test_where_every_house_is_shut_nothing_is_looked_at(
    house: House, desk_mina: Who, desk_neighbor: Who, database: Database, guess: str
) -> None:
    email, password = GUESSES[guess]
    email = desk_neighbor.email or "" if email == "neighbor" else email
    attacked(house, house.tablet, tablet_of(database, house.cast.other))
    for _ in range(7):
        refused = told(house, email, password)
        assert refused is not None
        assert (refused.code, refused.retry_after) == ("known_devices_only", 900)
        assert refused.detail.endswith("Nothing you typed was checked.")
    assert house.hasher.spent == []
    assert counted(database, "address:") == counted(database, "account:") == []


def test_tablets_of_the_house_go_on(house: House, desk_mina: Who, database: Database) -> None:
    set_pin(database, house.hasher, house.cast.fred, "7294")
    at_tablet = Caller("192.0.2.1", house.tablet.id, house=house.cast.organization_id)
    attacked(house)
    actions.sign_in_with_pin(house.doors, house.tablet.actor, at_tablet, house.cast.fred.id, "7294")
    assert answer(house, MINA, at=at_tablet) == "in"
    assert answer(house, MINA, WRONG, at=at_tablet) == answer(house, NOBODY, at=at_tablet) == "sign_in_failed"


def test_a_tablet_of_another_house_is_a_stranger(house: House, desk_mina: Who, database: Database) -> None:
    theirs = tablet_of(database, house.cast.other)
    attacked(house)
    at_theirs = Caller("192.0.2.1", theirs.id, house=house.cast.other.organization_id)
    assert answer(house, MINA, at=at_theirs) == "known_devices_only"
    assert house.hasher.spent == ["no password"]


def test_a_browser_that_let_somebody_in_goes_on_whatever_is_tried_elsewhere(
    house: House, desk_mina: Who, clock: FixedClock
) -> None:
    browser = known_to(house, MINA)
    for number in range(5):
        assert answer(house, MINA, WRONG, Caller(f"198.51.100.{number}")) == "sign_in_failed"
    attacked(house)
    assert answer(house, MINA, WRONG, browser) == "sign_in_failed"
    assert answer(house, MINA, at=browser) == "in"
    assert answer(house, MINA) == "too_many_sign_ins"  # elsewhere
    assert [answer(house, MINA, WRONG, browser) for _ in range(6)] == [
        *["sign_in_failed"] * 5,
        "too_many_sign_ins",
    ]
    clock.advance(15 * MINUTE)
    assert answer(house, MINA, at=browser) == "in"


@pytest.mark.parametrize("known", ["", "x", "~~~~", "forged.ticket~x", "x" * 5000])
def test_an_invented_acquaintance_is_none(house: House, desk_mina: Who, known: str) -> None:
    attacked(house)
    assert answer(house, MINA, at=replace(STRANGER, known=known)) == "known_devices_only"


def test_a_browser_is_known_to_whom_it_let_in_and_to_nobody_else(
    house: House, desk_mina: Who, desk_neighbor: Who, database: Database, clock: FixedClock
) -> None:
    for who in (house.cast.milo, house.cast.olga):
        set_password(database, house.hasher, who, PASSWORD)
    browser = known_to(house, "milo@house.invalid", "olga@house.invalid", desk_neighbor.email or "")
    attacked(house)
    assert answer(house, MINA, at=browser) == "known_devices_only"
    assert answer(house, "milo@house.invalid", at=browser) == "in"
    assert answer(house, "olga@house.invalid", at=browser) == "in"


def test_a_browser_remembers_four_people_and_forgets_whoever_came_longest_ago(
    house: House, desk_mina: Who, desk_neighbor: Who, database: Database
) -> None:
    cast = house.cast
    nora = people.PersonFields("Nora", cast.manager_role_id, cast.front_desk_id, email="nora@house.invalid")
    with database.write(cast.olga.actor) as tx:
        nora_id = people.create_person(tx, nora)
    actions.set_password(house.doors, cast.olga.actor, nora_id, PASSWORD)
    for who in (cast.milo, cast.olga):
        set_password(database, house.hasher, who, PASSWORD)
    emails = [MINA, "milo@house.invalid", "olga@house.invalid", desk_neighbor.email or ""]
    browser = known_to(house, *emails, emails[1])
    assert len(browser.known) < 1500
    browser = known_to(house, "nora@house.invalid", at=browser)
    attacked(house)
    assert answer(house, emails[0], at=browser) == "known_devices_only"
    assert [answer(house, email, at=browser) for email in (*emails[1:], "nora@house.invalid")] == ["in"] * 4


def test_an_acquaintance_ends_with_the_password_and_after_ninety_days(
    house: House, desk_mina: Who, database: Database, clock: FixedClock
) -> None:
    browser = known_to(house, MINA)
    clock.advance(timedelta(days=90, seconds=-1))
    attacked(house)
    assert answer(house, MINA, at=browser) == "in"
    clock.advance(timedelta(seconds=1))
    assert answer(house, MINA, at=browser) == "known_devices_only"
    clock.advance(15 * MINUTE)
    browser = known_to(house, MINA)
    actions.set_password(house.doors, house.cast.olga.actor, desk_mina.id, "eleven calm otters")
    attacked(house)
    assert answer(house, MINA, "eleven calm otters", browser) == "known_devices_only"


def test_a_second_step_of_a_stranger_waits_and_costs_nothing(
    house: House, desk_mina: Who, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    secret, codes = add(house, at_desk, clock)
    needed = actions.sign_in_with_password(house.doors, STRANGER, MINA, PASSWORD)
    assert isinstance(needed, actions.FactorNeeded)
    attacked(house)
    for shown in (code_of(secret, clock), codes[0], "000000"):
        with pytest.raises(Problem) as refused:
            actions.finish_sign_in(house.doors, STRANGER, needed.ticket, shown)
        assert (refused.value.code, refused.value.retry_after) == ("known_devices_only", 900)
    assert set(counted(database, "account:")) == {0}
    with database.write(house.cast.olga.actor) as tx:
        actions.clear_lock(tx, "unknown_devices", house.cast.organization_id)
    actions.finish_sign_in(house.doors, STRANGER, needed.ticket, codes[0])
