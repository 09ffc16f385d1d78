"""How many wrong tries somebody has, and how long they wait after them, is the operator's to set."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.access.conftest import House
from tests.factories import Who, set_password, set_pin, tablet_of
from topline.access import actions
from topline.access.actions import Caller
from topline.access.entrance import limits_of
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.settings import Settings, SettingsError, load_settings
from topline.core.transaction import Database

PIN, WRONG = "7294", "6173"


def by_password(house: House, number: int) -> tuple[str, int | None]:
    """A wrong password for Mina, from another address each time."""
    with pytest.raises(Problem) as refused:
        actions.sign_in_with_password(
            house.doors, Caller(f"198.51.100.{number}"), "mina@house.invalid", "wrong"
        )
    return refused.value.code, refused.value.retry_after


def by_pin(house: House, who: Who, pin: str = WRONG) -> tuple[str, int | None]:
    try:
        actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, who.id, pin)
    except Problem as problem:
        return problem.code, problem.retry_after
    return "in", None


def set_to(house: House, **settings: object) -> None:
    house.doors = replace(house.doors, limits=limits_of(Settings(**settings)))  # type: ignore[arg-type]


def test_when_an_account_pauses_and_how_long(house: House, database: Database, clock: FixedClock) -> None:
    set_password(database, house.hasher, house.cast.mina, "seven quiet herons")
    set_to(house, limit_account_sign_in="2/1hour")
    assert [by_password(house, n) for n in range(3)] == [
        ("sign_in_failed", None),
        ("sign_in_failed", None),
        ("too_many_sign_ins", 3600),
    ]
    clock.advance(timedelta(hours=1))
    assert [by_password(house, n) for n in range(3, 5)] == [
        ("sign_in_failed", None),
        ("too_many_sign_ins", 7200),
    ]


def test_when_a_pin_pauses_and_when_it_is_switched_off(
    house: House, database: Database, clock: FixedClock
) -> None:
    fred = house.cast.fred
    set_pin(database, house.hasher, fred, PIN)
    set_to(house, limit_pin_sign_in="1/10second", limit_account_sign_in="3/2minute", limit_pin_off=4)
    waits = []
    for _ in range(4):
        told, wait = by_pin(house, fred)
        waits.append((told, wait))
        clock.advance(timedelta(seconds=wait or 0))
    assert waits == [("pin_wrong", 10), ("pin_wrong", 20), ("pin_wrong", 120), ("pin_disabled", None)]
    house.tablet = tablet_of(database, house.cast, "Kitchen tablet")
    house.at = Caller("192.0.2.1", house.tablet.id)
    assert by_pin(house, fred, PIN) == ("pin_disabled", None)


@pytest.mark.parametrize("name", ["LIMIT_ACCOUNT_SIGN_IN", "LIMIT_PIN_SIGN_IN"])
@pytest.mark.parametrize("text", ["5/15minute;100/day", "five", "0/minute"])
def test_a_pause_nobody_can_read_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(f"TOPLINE_{name}", text)
    with pytest.raises(SettingsError, match=f"TOPLINE_{name}"):
        load_settings()
