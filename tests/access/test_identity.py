"""From the credentials of a request to who is calling, and how long that is remembered."""

import asyncio
from typing import Any

import pytest

from tests.access.conftest import House
from tests.factories import display_of, key_of, session_of, tablet_of
from topline.access import actions
from topline.access.cookies import DEVICE_COOKIE, DISPLAY_COOKIE, SESSION_COOKIE
from topline.access.identity import Identities, credentials_of
from topline.access.rules import CredentialKind
from topline.core.actor import Actor
from topline.core.transaction import Database

SESSION, DEVICE, DISPLAY, KEY = (f"tl_{kind}_{'a' * 43}" for kind in ("session", "device", "display", "key"))


def scope_of(*cookies: str, bearer: str | None = None) -> Any:
    headers = [(b"cookie", "; ".join(cookies).encode())] if cookies else []
    if bearer is not None:
        headers.append((b"authorization", bearer.encode()))
    return {"type": "http", "headers": headers}


def who(identities: Identities, scope: Any) -> Actor | None:
    return asyncio.run(identities(scope))


@pytest.mark.parametrize(
    ("scope", "kinds"),
    [
        (scope_of(), []),
        (scope_of("theme=dark"), []),
        (scope_of(f"{SESSION_COOKIE}={SESSION}"), [CredentialKind.SESSION]),
        (
            scope_of(
                f"{DISPLAY_COOKIE}={DISPLAY}", f"{DEVICE_COOKIE}={DEVICE}", f"{SESSION_COOKIE}={SESSION}"
            ),
            [CredentialKind.SESSION, CredentialKind.DEVICE, CredentialKind.DISPLAY],
        ),
        (scope_of(f"{SESSION_COOKIE}={SESSION}", bearer=f"Bearer {KEY}"), [CredentialKind.API_KEY]),
        (scope_of(f"{SESSION_COOKIE}={SESSION}", bearer="Bearer nonsense"), []),
        (scope_of(bearer=f"Bearer {SESSION}"), []),
        (scope_of(f"{SESSION_COOKIE}={KEY}"), []),
        (scope_of(f"{SESSION_COOKIE}={DEVICE}"), []),
        (scope_of(f'{SESSION_COOKIE}="', "="), []),
    ],
)
def test_each_token_counts_only_in_its_own_place(scope: Any, kinds: list[CredentialKind]) -> None:
    assert [kind for _, kind in credentials_of(scope)] == kinds


def test_the_person_calls_and_the_devices_stand_beside(house: House, database: Database) -> None:
    identities = Identities(database)
    token = session_of(database, house.cast.fred, house.tablet)
    display = display_of(database, house.cast)
    scope = scope_of(
        f"{SESSION_COOKIE}={token}",
        f"{DEVICE_COOKIE}={house.tablet.token}",
        f"{DISPLAY_COOKIE}={display.token}",
    )
    found = who(identities, scope)
    assert found is not None
    assert found.person_id == house.cast.fred.id
    assert scope["state"]["devices"] == [house.tablet.actor, display.actor]


def test_a_session_shown_by_another_tablet_is_nobodys(house: House, database: Database) -> None:
    identities = Identities(database)
    other = tablet_of(database, house.cast, "Other tablet")
    token = session_of(database, house.cast.fred, house.tablet)
    scope = scope_of(f"{SESSION_COOKIE}={token}", f"{DEVICE_COOKIE}={other.token}")
    assert who(identities, scope) == other.actor


def test_an_answer_is_remembered_for_a_second_and_forgotten_on_demand(
    house: House, database: Database
) -> None:
    now = [0.0]
    identities = Identities(database, clock=lambda: now[0])
    scope = scope_of(f"{DEVICE_COOKIE}={house.tablet.token}")
    assert who(identities, scope) == house.tablet.actor
    with database.write(house.cast.mina.actor) as tx:
        actions.revoke_device(tx, house.tablet.id)
    assert who(identities, scope) == house.tablet.actor, "nobody told this process yet"
    now[0] = 1.0
    assert who(identities, scope) is None
    identities = Identities(database, clock=lambda: now[0])
    key = key_of(database, house.cast.mina)
    asked = scope_of(bearer=f"Bearer {key}")
    assert who(identities, asked) is not None
    with database.write(house.cast.mina.actor) as tx:
        actions.end_sessions(tx, house.cast.mina.id, "test")
    identities.forget_all()
    assert who(identities, asked) is not None


def test_what_was_shown_is_noted_once_for_those_who_write_it_down(house: House, database: Database) -> None:
    identities = Identities(database)
    scope = scope_of(f"{DEVICE_COOKIE}={house.tablet.token}")
    for _ in range(3):
        who(identities, scope)
    who(identities, scope_of(f"{DEVICE_COOKIE}={DEVICE}"))
    seen = identities.take_seen()
    assert seen == {
        actions.Seen(CredentialKind.DEVICE, house.cast.organization_id, house.tablet.id): database.clock.now()
    }
    assert identities.take_seen() == {}
    assert actions.note_seen(database, seen) == 1
