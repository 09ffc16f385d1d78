"""A day of guessing with a stolen tablet, a shift change with clumsy fingers, and callers who are no tablet at all."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import insert, select

from tests.access.conftest import House
from tests.access.plain import LIMITS
from tests.factories import display_of, headers, key_of, session_of
from topline.access import actions
from topline.access.hashing import Hasher
from topline.access.limits import policy_of, wait_left
from topline.access.models import Pin
from topline.access.rules import NO_FAILURES, after_failure, pause_left
from topline.audit.models import AuditEvent
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.policies import Policy
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.people.models import Person
from topline.web.doorway import Doorway

DAY = timedelta(hours=24)


def staff(house: House, database: Database, count: int) -> dict[UUID, str]:
    """So many people of the house, each with a PIN."""
    cast, found = house.cast, {}
    with database.write(cast.mina.actor) as tx:
        for number in range(count):
            person_id, pin = new_id(), f"{7000 + number}"
            stored, version = house.hasher.hash_pin(person_id, pin)
            mine = {"organization_id": cast.organization_id}
            name = f"Person {number}"
            tx.change(
                insert(Person).values(
                    **mine,
                    id=person_id,
                    name=name,
                    display_name=name,
                    role_id=cast.front_desk_role_id,
                    department_id=cast.front_desk_id,
                    created_at=tx.now,
                )
            )
            tx.change(
                insert(Pin).values(
                    **mine, person_id=person_id, pin_hash=stored, pepper_version=version, set_at=tx.now
                )
            )
            found[person_id] = pin
    return found


def test_a_stolen_tablet_gets_100_guesses_a_day_at_200_accounts_and_sounds_the_alarm(
    house: House, database: Database, clock: FixedClock
) -> None:
    """It tries without a pause, one after the other, and comes back the second it may."""
    people = list(staff(house, database, 200))
    began, tries = clock.now(), 0
    while clock.now() < began + DAY:
        try:
            actions.sign_in_with_pin(
                house.doors, house.tablet.actor, house.at, people[tries % len(people)], "0000"
            )
        except Problem as problem:
            tries += 1
            if problem.code == "too_many_sign_ins":
                clock.advance(timedelta(seconds=problem.retry_after or 1))
            else:
                clock.advance(timedelta(milliseconds=100))
    assert len(house.hasher.spent) == 100
    with database.read() as tx:
        alarms = (
            tx.execute(select(AuditEvent.at).where(AuditEvent.act == "sign_in.alarm").order_by(AuditEvent.at))
            .scalars()
            .all()
        )
    # The first one within a minute of the theft, and one each time a window was filled.
    assert alarms[0] < began + timedelta(minutes=1)
    assert len(alarms) >= 3


def test_sixty_people_sign_in_at_one_tablet_in_ten_minutes(
    house: House, database: Database, clock: FixedClock
) -> None:
    people = list(staff(house, database, 60).items())
    chance = random.Random(60)
    chance.shuffle(people)
    for person_id, pin in people:
        while chance.random() < 0.06:
            with pytest.raises(Problem) as wrong:
                actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, person_id, "0000")
            assert wrong.value.code == "pin_wrong"
        actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, person_id, pin)
        clock.advance(timedelta(seconds=10))


def test_no_shift_change_of_a_thousand_is_refused() -> None:
    """The rules alone, with as many seeds: sixty people in ten minutes, six in a hundred PINs typed wrong."""
    policies = [policy_of(Settings().limit_device_sign_in), policy_of(Settings().limit_organization_sign_in)]
    most = 0
    for seed in range(1000):
        failures = shift_change(random.Random(seed), policies)
        most = max(most, failures)
    assert 8 <= most < 30


def shift_change(chance: random.Random, policies: list[Policy]) -> int:
    """How many PINs were wrong. Fails when somebody was refused."""
    began = datetime(2026, 3, 4, 14, 55, tzinfo=UTC)
    arrivals = sorted(chance.uniform(0, 600) for _ in range(60))
    failures: list[datetime] = []
    for arrived in arrivals:
        now, own = began + timedelta(seconds=arrived), NO_FAILURES
        while True:
            assert [wait_left(failures, policy, now) for policy in policies] == [0, 0]
            if chance.random() >= 0.06:
                break
            failures.append(now)
            own = after_failure(own, LIMITS.pauses, now)
            assert not own.disabled
            # Whoever is told to wait does.
            now += timedelta(seconds=max(2, pause_left(own, now)))
    return len(failures)


def test_whoever_is_no_enrolled_tablet_has_no_pin_compared(
    app: Doorway, database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    for name in ("verify_pin", "verify_nobody"):
        monkeypatch.setattr(Hasher, name, lambda *_, name=name: compared.append(name))
    cast = house.cast
    callers = {
        "nobody": {"Sec-Fetch-Site": "same-origin"},
        "a browser": headers(session_of(database, cast.mina)),
        "a display": headers(display_of(database, cast).token),
        "a key": headers(key_of(database, cast.olga)),
        "an invented tablet": {**headers("tl_device_" + "x" * 43)},
        "a claim": {"Sec-Fetch-Site": "same-origin", "X-Device-Id": str(house.tablet.id)},
    }
    with TestClient(app, base_url="http://topline.test") as client:
        for who, sent in callers.items():
            for _ in range(20):
                client.cookies.clear()
                answer = client.post(
                    "/api/auth/pin", headers=sent, json={"person_id": str(cast.fred.id), "pin": "7294"}
                )
                assert (answer.status_code, answer.json()["code"]) == (401, "device_unknown"), who
        assert compared == []
        known = {"person_id": str(new_id()), "pin": "7294"}
        assert (
            client.post("/api/auth/pin", headers=headers(house.tablet.token), json=known).status_code == 401
        )
        assert compared == ["verify_nobody"]
