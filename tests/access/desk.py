"""Somebody at a desk: signs in by password, sets up an app, types its codes. Shared by the tests of the second step."""

from datetime import timedelta

import pyotp
import pytest

from tests.access.conftest import House
from tests.access.http import PASSWORD
from topline.access import actions, queries
from topline.access.hashing import hash_token
from topline.access.rules import CredentialKind
from topline.core.actor import Actor
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.transaction import Database

OFFICE = actions.Caller("192.0.2.7", agent="Firefox on Linux")


def actor_of(database: Database, token: str, kind: CredentialKind = CredentialKind.SESSION) -> Actor:
    with database.read() as tx:
        actor = queries.actor_of_token(tx, kind, hash_token(token))
    assert actor is not None
    return actor


def code_of(secret: str, clock: FixedClock, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=later))


def add(house: House, actor: Actor, clock: FixedClock) -> tuple[str, list[str]]:
    """Set an authenticator app up: its secret, and the recovery codes."""
    offered = actions.offer_authenticator(house.doors, actor)
    with house.doors.db.write(actor) as tx:
        codes = actions.add_authenticator(tx, house.doors, offered.ticket, code_of(offered.secret, clock))
    clock.advance(timedelta(minutes=1))
    return offered.secret, codes


def ask(house: House, email: str = "mina@house.invalid") -> actions.FactorNeeded:
    found = actions.sign_in_with_password(house.doors, OFFICE, email, PASSWORD)
    assert isinstance(found, actions.FactorNeeded)
    return found


def finish(house: House, ticket: str, code: str, at: actions.Caller = OFFICE) -> str:
    try:
        actions.finish_sign_in(house.doors, at, ticket, code)
    except Problem as problem:
        return problem.code
    return "in"


def refused(house: House, actor: Actor, act: str, *given: object) -> str:
    with pytest.raises(Problem) as told, house.doors.db.write(actor) as tx:
        getattr(actions, act)(tx, *given)
    return told.value.code
