"""Letting people in again, and the first run."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.access.conftest import CountingHasher, House
from tests.access.plain import LIMITS
from tests.factories import SEAL, TICKETS, set_pin
from topline.access import actions, queries
from topline.access.events import HouseSetUp
from topline.access.hashing import hash_token
from topline.access.models import SignInFailure
from topline.access.rules import CredentialKind
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.permissions import OF_GROUP, Group
from topline.core.transaction import Database
from topline.organizations import queries as organizations
from topline.organizations.models import Organization

OFFICE = actions.Caller("192.0.2.7")
FIRST = actions.FirstRun(
    organization_name="Harbor House",
    location_name="Harbor House, Pier 2",
    zone="Europe/Lisbon",
    currency="eur",
    locale="en",
    owner_name="Olive Owner",
    email="Olive@harbor.invalid",
    password="seven quiet herons",
    departments=("Bar", "Front desk"),
)


def guess(house: House, person_id: UUID | None = None) -> None:
    with pytest.raises(Problem):
        actions.sign_in_with_pin(
            house.doors,
            house.tablet.actor,
            house.at,
            person_id or new_id(),
            "6173",
        )


def locked(house: House, database: Database) -> list[tuple[str, str, str | None]]:
    with database.read(house.cast.mina.actor) as tx:
        return [(lock.kind, lock.label, lock.device_name) for lock in queries.locks(tx, house.doors.limits)]


def test_a_manager_sees_and_lifts_every_kind_of_lock(house: House, database: Database) -> None:
    house.doors = house.with_limits(device="4/day", organization="4/day")
    set_pin(database, house.hasher, house.cast.fred, "7294")
    for _ in range(3):
        guess(house, house.cast.fred.id)
    guess(house)
    for number in range(5):
        with pytest.raises(Problem):
            actions.sign_in_with_password(
                house.doors, actions.Caller(f"192.0.2.{number}"), "milo@house.invalid", "wrong"
            )
    assert locked(house, database) == [
        ("pin", "Fred", "Bar tablet"),
        ("password", "Milo", None),
        ("device", "Bar tablet", None),
        ("organization", "House of Examples", None),
    ]
    with database.write(house.cast.mina.actor) as tx:
        actions.clear_lock(tx, "pin", house.cast.fred.id)
        actions.clear_lock(tx, "password", house.cast.milo.id)
        actions.clear_lock(tx, "device", house.tablet.id)
        actions.clear_lock(tx, "organization", house.cast.organization_id)
    assert locked(house, database) == []
    actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, house.cast.fred.id, "7294")


def test_a_pin_that_was_switched_off_stays_off_until_it_is_replaced(
    house: House, database: Database, clock: FixedClock
) -> None:
    set_pin(database, house.hasher, house.cast.fred, "7294")
    for _ in range(10):
        guess(house, house.cast.fred.id)
        clock.advance(timedelta(hours=5))
    with database.write(house.cast.mina.actor) as tx:
        actions.clear_lock(tx, "pin", house.cast.fred.id)
    assert locked(house, database) == [("pin_disabled", "Fred", None)]


@pytest.mark.parametrize(
    ("actor", "kind", "subject", "code"),
    [
        ("mina", "pin", "olga", "forbidden"),
        ("mina", "password", "olga", "forbidden"),
        ("fred", "pin", "bella", "forbidden"),
        ("nora", "pin", "fred", "not_found"),
        ("nora", "password", "mina", "not_found"),
    ],
)
def test_who_may_not_lift_whose_lock(
    house: House, database: Database, actor: str, kind: str, subject: str, code: str
) -> None:
    who = house.cast.other.owner if actor == "nora" else getattr(house.cast, actor)
    with pytest.raises(Problem) as refused, database.write(who.actor) as tx:
        actions.clear_lock(tx, kind, getattr(house.cast, subject).id)
    assert refused.value.code == code


def test_a_key_lifts_no_lock(house: House, database: Database) -> None:
    """Whoever found one would guess on without end."""
    cast = house.cast
    set_pin(database, house.hasher, cast.fred, "7294")
    for _ in range(3):
        guess(house, cast.fred.id)
    before = locked(house, database)
    assert before == [("pin", "Fred", "Bar tablet")]
    key = replace(cast.olga.actor, is_api_key=True)
    for kind, subject in (
        ("pin", cast.fred.id),
        ("password", cast.milo.id),
        ("device", house.tablet.id),
        ("organization", cast.organization_id),
        ("unknown_devices", cast.organization_id),
    ):
        with pytest.raises(Problem) as refused, database.write(key) as tx:
            actions.clear_lock(tx, kind, subject)
        assert refused.value.code == "forbidden"
    assert locked(house, database) == before


def test_old_failures_are_swept_away(house: House, database: Database, clock: FixedClock) -> None:
    guess(house)
    assert actions.tidy(database) == 0
    clock.advance(timedelta(days=3))
    assert actions.tidy(database) == 3
    with database.read() as tx:
        assert tx.execute(select(func.count()).select_from(SignInFailure)).scalar_one() == 0


@pytest.fixture
def empty(database: Database, hasher: CountingHasher) -> actions.Doors:
    return actions.Doors(database, hasher, LIMITS, TICKETS, SEAL)


def test_the_first_run_makes_a_house_and_signs_its_owner_in(empty: actions.Doors, database: Database) -> None:
    told: list[object] = []
    database.publish = told.append
    made = actions.set_up(empty, OFFICE, FIRST)
    with database.read() as tx:
        actor = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(made.signed_in.session.token))
    assert actor is not None
    assert actor.permissions == OF_GROUP[Group.ADMIN]
    with database.read(actor) as tx:
        house = organizations.organization(tx)
        departments = {department.name for department in organizations.departments(tx)}
    assert (house.name, house.currency) == ("Harbor House", "EUR")
    assert departments == {"Bar", "Front desk", "Purchasing and accounts"}
    assert HouseSetUp(made.organization_id) in told
    found = actions.sign_in_with_password(empty, OFFICE, "olive@harbor.invalid", FIRST.password)
    assert found.account.person_id == made.owner_id


def test_twenty_first_runs_at_once_make_one_house(empty: actions.Doors, database: Database) -> None:
    def run(number: int) -> str:
        try:
            actions.set_up(empty, OFFICE, replace(FIRST, organization_name=f"House {number}"))
        except Problem as problem:
            return problem.code
        return "made"

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(run, range(20)))
    assert sorted(found) == ["already_set_up"] * 19 + ["made"]
    with database.read() as tx:
        assert tx.execute(select(func.count()).select_from(Organization)).scalar_one() == 1


def test_where_there_is_a_house_there_is_no_first_run(house: House) -> None:
    with pytest.raises(Problem) as refused:
        actions.set_up(house.doors, OFFICE, FIRST)
    assert refused.value.code == "already_set_up"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"password": "olive owner"}, "password"),
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"currency": "XYZ"}, "currency"),
        ({"departments": ("Casino",)}, "departments"),
        ({"organization_name": " "}, "organization_name"),
        ({"email": "olive"}, "email"),
    ],
)
def test_a_first_run_that_is_refused_leaves_nothing_behind(
    empty: actions.Doors, database: Database, changed: dict[str, str], field: str
) -> None:
    with pytest.raises(Problem) as refused:
        actions.set_up(empty, OFFICE, replace(FIRST, **changed))  # type: ignore[arg-type]
    assert refused.value.fields[0].field == field
    with database.read() as tx:
        assert not queries.is_set_up(tx)
    actions.set_up(empty, OFFICE, FIRST)
