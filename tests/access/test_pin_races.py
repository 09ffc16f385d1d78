"""PINs tried at the same moment: no burst gets more guesses than the policy."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests.access.conftest import House
from tests.factories import Who, set_pin
from topline.access import actions
from topline.access.models import PinFailure, SignIn
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.transaction import Database

PIN, WRONG = "7294", "6173"


def attempt(house: House, who: Who, pin: str, at: actions.Caller | None = None) -> str:
    """`in`, or the code of the refusal."""
    try:
        actions.sign_in_with_pin(house.doors, house.tablet.actor, at or house.at, who.id, pin)
    except Problem as problem:
        return problem.code
    return "in"


@pytest.fixture
def fred(house: House, database: Database) -> Who:
    set_pin(database, house.hasher, house.cast.fred, PIN)
    return house.cast.fred


def _spray(house: House) -> str:
    """One guess at somebody the house does not know, so that no person's own pause gets in the way."""
    try:
        actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, new_id(), WRONG)
    except Problem as problem:
        return problem.code
    return "in"


def test_twenty_threads_get_no_more_guesses_than_one(house: House, fred: Who, database: Database) -> None:
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda n: attempt(house, fred, f"61{n:02}"), range(20)))
    assert house.hasher.spent == ["pin"] * 3
    assert sorted(codes) == ["pin_paused"] * 17 + ["pin_wrong"] * 3
    with database.read() as tx:
        assert tx.execute(select(PinFailure.consecutive)).scalar_one() == 3


def test_twenty_threads_at_a_tablet_stay_within_its_limit(house: House, database: Database) -> None:
    house.doors = house.with_limits(device="7/15minute")
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda _: _spray(house), range(20)))
    assert len(house.hasher.spent) == 7
    assert codes.count("too_many_sign_ins") == 13


def test_the_right_pin_gets_in_while_others_guess_elsewhere(
    house: House, fred: Who, database: Database
) -> None:
    set_pin(database, house.hasher, house.cast.bella, PIN)
    jobs = [(fred, WRONG), (house.cast.bella, PIN)] * 5
    with ThreadPoolExecutor(10) as pool:
        codes = list(pool.map(lambda job: (job[0], attempt(house, *job)), jobs))
    assert {code for who, code in codes if who is fred} == {"pin_wrong", "pin_paused"}
    assert "in" in {code for who, code in codes if who is house.cast.bella}
    with database.read() as tx:
        opened = tx.execute(select(func.count()).select_from(SignIn)).scalar_one()
    assert opened == [code for _, code in codes].count("in")
