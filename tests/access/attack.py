"""What the tests of a house under attack share."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select

from tests.access.conftest import House
from tests.access.http import PASSWORD
from tests.factories import Machine
from topline.access import actions
from topline.access.actions import Caller
from topline.access.models import SignInFailure
from topline.audit.models import AuditEvent
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.transaction import Database

MINUTE: Final = timedelta(minutes=1)
MINA, NOBODY = "mina@house.invalid", "nobody@house.invalid"
WRONG = "nine loud herons"
#: Instead of sixty, where the number does not matter.
ENOUGH = 8
STRANGER = Caller("192.0.2.200")


def told(house: House, email: str, password: str = PASSWORD, at: Caller = STRANGER) -> Problem | None:
    """The refusal; None when it signed in."""
    try:
        actions.sign_in_with_password(house.doors, at, email, password)
    except Problem as problem:
        return problem
    return None


def answer(house: House, email: str, password: str = PASSWORD, at: Caller = STRANGER) -> str:
    problem = told(house, email, password, at)
    return "in" if problem is None else problem.code


def wrong_pin(house: House, tablet: Machine) -> None:
    """A guess at somebody else each time, so that no person's own pause gets in the way."""
    with pytest.raises(Problem) as refused:
        actions.sign_in_with_pin(house.doors, tablet.actor, Caller("192.0.2.1", tablet.id), new_id(), "6173")
    assert refused.value.code == "pin_wrong"


def attacked(house: House, *tablets: Machine) -> None:
    """As many wrong PINs as it takes, at these tablets or the house's own."""
    house.doors = house.with_limits(alarm=f"{ENOUGH}/15minute")
    for tablet in tablets or (house.tablet,):
        for _ in range(ENOUGH):
            wrong_pin(house, tablet)
    house.hasher.spent.clear()


def known_to(house: House, *emails: str, at: Caller = STRANGER) -> Caller:
    """A browser that let these people in, one after the other."""
    for email in emails:
        found = actions.sign_in_with_password(house.doors, at, email, PASSWORD)
        assert isinstance(found, actions.SignedIn)
        at = replace(at, known=found.known)
    house.hasher.spent.clear()
    return at


def alarms(database: Database) -> int:
    with database.read() as tx:
        rows = tx.execute(
            select(AuditEvent.id).where(
                AuditEvent.act == "sign_in.alarm", AuditEvent.subject_type == "organization"
            )
        )
        return len(rows.all())


def counted(database: Database, prefix: str) -> list[int]:
    """How many failures each bucket of a kind holds, the fullest first."""
    with database.read() as tx:
        rows = tx.execute(select(SignInFailure.failures).where(SignInFailure.bucket.startswith(prefix)))
        return sorted((len(found) for found in rows.scalars()), reverse=True)
