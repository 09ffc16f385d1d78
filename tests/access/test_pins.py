"""Giving out and changing PINs."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.access.conftest import House
from tests.factories import Who, session_of, set_pin, tablet_of
from topline.access import actions, queries
from topline.access.hashing import hash_token, is_pin_hash
from topline.access.models import Pin, PinFailure
from topline.access.rules import CredentialKind, pin_problems
from topline.audit.models import AuditEvent
from topline.core.errors import Problem
from topline.core.transaction import Database

PIN, NEW = "7294", "8305"


def signs_in(house: House, who: Who, pin: str) -> str:
    try:
        actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, who.id, pin)
    except Problem as problem:
        return problem.code
    return "in"


def test_a_manager_gives_a_pin_that_is_shown_once_and_stored_hashed(house: House, database: Database) -> None:
    fred = house.cast.fred
    pin = actions.reset_pin(house.doors, house.cast.mina.actor, fred.id)
    assert pin_problems(pin) == []
    with database.read() as tx:
        row = tx.execute(select(Pin.pin_hash, Pin.must_change)).one()
        trail = tx.execute(select(AuditEvent)).mappings().all()
    assert is_pin_hash(row.pin_hash)
    assert row.must_change
    assert [event["act"] for event in trail] == ["pin.set"]
    assert pin not in repr([(event["before"], event["after"]) for event in trail])
    found = actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, fred.id, pin)
    assert found.must_change_pin


def test_a_reset_lifts_pauses_and_switches_the_pin_on_again(house: House, database: Database) -> None:
    fred = house.cast.fred
    set_pin(database, house.hasher, fred, PIN)
    for number in range(12):
        other = tablet_of(database, house.cast, f"Tablet {number}")
        with pytest.raises(Problem):
            actions.sign_in_with_pin(
                house.doors, other.actor, actions.Caller("192.0.2.1", other.id), fred.id, "6173"
            )
    assert signs_in(house, fred, PIN) == "pin_disabled"
    actions.reset_pin(house.doors, house.cast.mina.actor, fred.id, NEW)
    assert signs_in(house, fred, PIN) == "pin_wrong"
    assert signs_in(house, fred, NEW) == "in"
    with database.read() as tx:
        assert tx.execute(select(func.count()).select_from(PinFailure)).scalar_one() == 0


def test_a_reset_ends_the_sessions_of_the_person(house: House, database: Database) -> None:
    token = session_of(database, house.cast.fred, house.tablet)
    actions.reset_pin(house.doors, house.cast.mina.actor, house.cast.fred.id)
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(token)) is None


@pytest.mark.parametrize(
    ("pin", "code"), [("123", "pin_format"), ("1234", "pin_common"), ("12ab", "pin_format")]
)
def test_a_pin_that_is_easy_to_guess_is_refused(house: House, pin: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        actions.reset_pin(house.doors, house.cast.mina.actor, house.cast.fred.id, pin)
    assert [(field.field, field.code) for field in refused.value.fields] == [("pin", code)]


@pytest.mark.parametrize(
    ("actor", "person", "code"),
    [
        ("mina", "olga", "forbidden"),
        ("mina", "milo", None),
        ("olga", "mina", None),
        ("fred", "bella", "forbidden"),
        ("mina", "stranger", "not_found"),
    ],
)
def test_who_may_reset_whose_pin(house: House, actor: str, person: str, code: str | None) -> None:
    who = house.cast.other.staff if person == "stranger" else getattr(house.cast, person)
    refused = None
    try:
        actions.reset_pin(house.doors, getattr(house.cast, actor).actor, who.id)
    except Problem as problem:
        refused = problem.code
    assert refused == code
    assert house.hasher.spent == []


def test_a_key_gives_out_no_pin(house: House, database: Database) -> None:
    """Whoever found one would sign in as anybody with the PIN they chose."""
    set_pin(database, house.hasher, house.cast.fred, PIN)
    for actor in (house.cast.mina.actor, house.cast.olga.actor):
        with pytest.raises(Problem) as refused:
            actions.reset_pin(house.doors, replace(actor, is_api_key=True), house.cast.fred.id, NEW)
        assert refused.value.code == "forbidden"
    assert signs_in(house, house.cast.fred, PIN) == "in"


def test_a_person_chooses_another_pin_and_stays_signed_in(house: House, database: Database) -> None:
    fred = house.cast.fred
    set_pin(database, house.hasher, fred, PIN)
    token = session_of(database, fred, house.tablet)
    with database.read() as tx:
        me = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(token))
    assert me is not None
    actions.change_own_pin(house.doors, me, house.at, PIN, NEW)
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(token)) is not None
        assert tx.execute(select(Pin.must_change)).scalar_one() is False
    assert signs_in(house, fred, NEW) == "in"


def test_a_wrong_present_pin_counts_like_one_at_sign_in(house: House, database: Database) -> None:
    fred = house.cast.fred
    set_pin(database, house.hasher, fred, PIN)
    codes = []
    for _ in range(4):
        with pytest.raises(Problem) as refused:
            actions.change_own_pin(house.doors, fred.at(house.tablet), house.at, "6173", NEW)
        codes.append(refused.value.code)
    assert codes == ["pin_wrong"] * 3 + ["pin_paused"]


@pytest.mark.parametrize(("new", "code"), [(PIN, "same"), ("2222", "pin_common")])
def test_the_new_pin_is_another_one_and_allowed(house: House, new: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        actions.change_own_pin(house.doors, house.cast.fred.at(house.tablet), house.at, PIN, new)
    assert refused.value.fields[0].code == code
