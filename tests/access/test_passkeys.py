"""Passkeys without a browser: what is no answer is refused and counted (real ones: tests/browser/test_passkeys.py)."""

import json

import pytest
from sqlalchemy import insert, select

from tests.access.http import BROWSER, FROM_HERE, Client, code, send
from tests.factories import Cast, Who, headers, session_of
from topline.access.models import Passkey
from topline.access.rules import is_copied
from topline.core.ids import new_id
from topline.core.transaction import Database

NONSENSE = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}


def keep(database: Database, who: Who) -> str:
    """A passkey of which nobody has the private half."""
    passkey_id = new_id()
    owner = {"organization_id": who.organization_id, "person_id": who.id, "id": passkey_id}
    with database.write(who.actor) as tx:
        shown = {"name": "Laptop", "transports": [], "backed_up": False, "added_at": tx.now}
        key = {"credential_id": passkey_id.bytes, "public_key": b"-", "sign_count": 0}
        tx.change(insert(Passkey).values(**owner, **shown, **key))
    return str(passkey_id)


@pytest.mark.parametrize(
    ("before", "now", "copied"), [(0, 0, False), (0, 1, False), (4, 5, False), (4, 4, True), (4, 0, True)]
)
def test_a_counter_that_does_not_move_on_betrays_a_copy(before: int, now: int, copied: bool) -> None:
    assert is_copied(before, now) is copied


@pytest.mark.parametrize("credential", [{}, NONSENSE, {"id": 5}, {**NONSENSE, "response": None}])
def test_what_is_no_answer_signs_nobody_in_and_uses_the_challenge_up(
    client: Client, cast: Cast, credential: dict[str, object]
) -> None:
    asked = client.post("/api/auth/passkeys/challenge", json={}, headers=FROM_HERE).json()
    assert asked["options"]["userVerification"] == "required"
    body = {"ticket": asked["ticket"], "credential": credential}
    assert code(client.post("/api/auth/login/passkey", json=body, headers=FROM_HERE)) == (
        401,
        "second_factor_wrong",
    )
    assert code(client.post("/api/auth/login/passkey", json=body, headers=FROM_HERE)) == (401, "ticket_over")


def test_wrong_answers_are_counted_for_the_address(client: Client, cast: Cast) -> None:
    told = []
    for _ in range(6):
        asked = client.post("/api/auth/passkeys/challenge", json={}, headers=FROM_HERE).json()
        body = {"ticket": asked["ticket"], "credential": NONSENSE}
        told.append(client.post("/api/auth/login/passkey", json=body, headers=FROM_HERE).status_code)
    assert told == [401, 401, 401, 401, 401, 429]


def test_registering_takes_an_answer_to_the_own_challenge(
    client: Client, cast: Cast, database: Database
) -> None:
    mina, milo = (headers(session_of(database, who)) for who in (cast.mina, cast.milo))
    offered = client.post("/api/auth/passkeys/offer", headers=mina).json()
    assert offered["options"]["authenticatorSelection"]["userVerification"] == "required"
    assert offered["options"]["rp"]["id"] == "topline.test"
    body = {"ticket": offered["ticket"], "name": "Laptop", "credential": NONSENSE}
    assert code(client.post("/api/auth/passkeys", json=body, headers=milo)) == (401, "ticket_over")
    assert code(client.post("/api/auth/passkeys", json=body, headers=mina)) == (400, "invalid_input")
    with database.read(cast.mina.actor) as tx:
        assert (
            tx.execute(select(Passkey.id).where(Passkey.organization_id == cast.organization_id)).all() == []
        )


def test_one_manages_the_own_ones_only(client: Client, cast: Cast, database: Database) -> None:
    passkey = keep(database, cast.mina)
    mina, milo = (headers(session_of(database, who)) for who in (cast.mina, cast.milo))
    assert client.delete(f"/api/auth/passkeys/{passkey}", headers=milo).status_code == 404
    renamed = {"name": "Old laptop"}
    assert client.patch(f"/api/auth/passkeys/{passkey}", json=renamed, headers=milo).status_code == 404
    assert client.patch(f"/api/auth/passkeys/{passkey}", json=renamed, headers=mina).status_code == 204
    assert "Old laptop" in client.get("/account/factors", headers={**BROWSER, **mina}).text
    assert client.delete(f"/api/auth/passkeys/{passkey}", headers=mina).status_code == 204
    assert client.get("/api/auth/factors", headers=mina).json()["passkeys"] == []


def test_pages_refuse_what_is_no_answer(client: Client, cast: Cast, database: Database) -> None:
    mina = {**BROWSER, **headers(session_of(database, cast.mina))}
    page = send(client, "/account/factors/passkey", mina, name="Laptop", ticket="x", credential="no JSON")
    assert page.status_code == 422
    fields = {"ticket": "x", "credential": json.dumps(NONSENSE)}
    client.cookies.clear()
    back = send(client, "/sign-in/passkey", BROWSER, **fields)
    assert (back.status_code, back.headers["location"]) == (303, "/sign-in")
