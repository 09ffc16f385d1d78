"""Before what is dangerous, somebody at a browser shows that it is still them, and comes back to where they were."""

from datetime import timedelta

import pyotp
import pytest
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import select

from tests.access.http import BROWSER, HTMX, PASSWORD, Client, code, send
from tests.factories import Cast, Machine, headers, key_of, session_of, set_password
from topline.access.hashing import Hasher
from topline.audit.models import AuditEvent
from topline.core.actor import CONFIRMED_FOR
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.routes import ROUTES

LONG_AGO = timedelta(minutes=20)


@pytest.fixture
def mina(database: Database, with_password: Cast) -> dict[str, str]:
    return headers(session_of(database, with_password.mina))


def make_key(client: Client, given: dict[str, str]) -> tuple[int, str]:
    answer = client.post("/api/auth/keys", json={"name": "Export"}, headers=given)
    return (answer.status_code, "") if answer.is_success else code(answer)


def confirm(client: Client, given: dict[str, str], **body: str) -> int:
    return client.post("/api/auth/confirm", json=body, headers=given).status_code


def test_a_sign_in_counts_for_a_quarter_of_an_hour(
    client: Client, mina: dict[str, str], clock: FixedClock
) -> None:
    clock.advance(CONFIRMED_FOR)
    assert make_key(client, mina) == (201, "")
    clock.advance(timedelta(seconds=1))
    assert make_key(client, mina) == (403, "confirmation_needed")


def test_the_password_counts_for_another_one(
    client: Client, mina: dict[str, str], database: Database, clock: FixedClock
) -> None:
    clock.advance(LONG_AGO)
    assert confirm(client, mina, password="nine loud herons") == 400
    assert make_key(client, mina) == (403, "confirmation_needed")
    assert confirm(client, mina, password=PASSWORD) == 204
    assert make_key(client, mina) == (201, "")
    clock.advance(LONG_AGO)
    assert make_key(client, mina) == (403, "confirmation_needed")
    with database.read() as tx:
        acts = list(tx.execute(select(AuditEvent.act)).scalars())
    assert (acts.count("sign_in.failed"), acts.count("sign_in.confirmed")) == (1, 1)


def test_so_does_a_code_of_the_second_step(client: Client, mina: dict[str, str], clock: FixedClock) -> None:
    offered = client.post("/api/auth/factors/authenticator", headers=mina).json()
    totp = pyotp.TOTP(offered["secret"])
    body = {"ticket": offered["ticket"], "code": totp.at(clock.now())}
    assert client.put("/api/auth/factors/authenticator", json=body, headers=mina).status_code == 200
    clock.advance(LONG_AGO)
    assert confirm(client, mina, code="000000") == 400
    right = totp.at(clock.now())
    assert confirm(client, mina, code=right) == 204
    assert make_key(client, mina) == (201, "")
    clock.advance(timedelta(seconds=1))
    assert confirm(client, mina, code=right) == 400


def test_guesses_are_counted_like_at_sign_in(client: Client, mina: dict[str, str], clock: FixedClock) -> None:
    clock.advance(LONG_AGO)
    told = [confirm(client, mina, password=f"wrong guess {number}") for number in range(6)]
    assert told == [400, 400, 400, 400, 400, 429]
    assert confirm(client, mina, password=PASSWORD) == 429


def test_confirming_one_session_confirms_no_other(
    client: Client, mina: dict[str, str], cast: Cast, database: Database, clock: FixedClock
) -> None:
    other = headers(session_of(database, cast.mina))
    clock.advance(LONG_AGO)
    assert confirm(client, mina, password=PASSWORD) == 204
    assert make_key(client, other) == (403, "confirmation_needed")


def test_neither_key_nor_tablet_can_confirm(
    client: Client, mina: dict[str, str], cast: Cast, tablet: Machine, database: Database
) -> None:
    for given in (
        headers(key_of(database, cast.mina)),
        headers(session_of(database, cast.mina, tablet), tablet.token),
    ):
        assert confirm(client, given, password=PASSWORD) == 403


def test_a_key_is_not_asked_but_refused(
    client: Client, cast: Cast, database: Database, clock: FixedClock
) -> None:
    key = headers(key_of(database, cast.mina))
    clock.advance(LONG_AGO)
    answer = client.post(f"/api/users/{cast.fred.id}/pin", json={}, headers=key)
    assert code(answer) == (403, "forbidden")


def test_pages_ask_and_lead_back(client: Client, mina: dict[str, str], cast: Cast, clock: FixedClock) -> None:
    clock.advance(LONG_AGO)
    given = {**BROWSER, **mina}
    wanted = f"/people/{cast.fred.id}/password"
    page = client.get(wanted, headers=given, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (
        303,
        f"/confirm?next={wanted.replace('/', '%2F')}",
    )
    on_account = {**given, "Referer": "http://topline.test/account?a=1"}
    form = send(client, "/account/keys", on_account, name="Export")
    assert (form.status_code, form.headers["location"]) == (303, "/confirm?next=%2Faccount%3Fa%3D1")
    fragment = send(
        client, "/account/keys", {**given, **HTMX, "HX-Current-URL": "http://topline.test/account"}
    )
    assert fragment.headers["hx-redirect"] == "/confirm?next=%2Faccount"
    asked = client.get("/confirm", params={"next": wanted}, headers=given)
    assert "Confirm that it is you" in asked.text
    wrong = send(client, "/confirm", given, next=wanted, password="nine loud herons")
    assert wrong.status_code == 422
    right = send(client, "/confirm", given, next=wanted, password=PASSWORD)
    assert (right.status_code, right.headers["location"]) == (303, wanted)
    assert client.get(wanted, headers=given, follow_redirects=False).status_code == 200


def test_it_leads_to_no_other_site(client: Client, mina: dict[str, str]) -> None:
    given = {**BROWSER, **mina}
    for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert send(client, "/confirm", given, next=wanted, password=PASSWORD).headers["location"] == "/"


def test_the_second_step_of_the_house_is_no_side_door(
    client: Client, cast: Cast, app_hasher: Hasher, database: Database, clock: FixedClock
) -> None:
    set_password(database, app_hasher, cast.olga, PASSWORD)
    olga, key = headers(session_of(database, cast.olga)), headers(key_of(database, cast.olga))
    clock.advance(LONG_AGO)
    change = {"version": 1, "settings": {"access": {"second_factor": "required"}}}
    assert code(client.patch("/api/organization", json=change, headers=olga)) == (403, "confirmation_needed")
    assert code(client.patch("/api/organization", json=change, headers=key)) == (403, "forbidden")
    harmless = {"version": 1, "name": "House of Samples"}
    assert client.patch("/api/organization", json=harmless, headers=olga).status_code == 200
    assert confirm(client, olga, password=PASSWORD) == 204
    assert client.patch("/api/organization", json={**change, "version": 2}, headers=olga).status_code == 200


def test_what_is_dangerous_is_marked_so() -> None:
    """By name, so that nobody takes the mark away by the way."""
    marked = {
        f"{method} {path}"
        for handler in ROUTES
        if isinstance(handler, HTTPRouteHandler) and handler.opt.get("fresh")
        for path in handler.paths
        for method in handler.http_methods
    }
    assert marked >= {
        "POST /account/keys",
        "POST /api/auth/keys",
        "POST /account/factors/authenticator/remove",
        "DELETE /api/auth/factors/authenticator",
        "POST /account/factors/codes",
        "POST /api/auth/factors/codes",
        "POST /people/{person_id:uuid}/pin",
        "POST /api/users/{person_id:uuid}/pin",
        "POST /people/{person_id:uuid}/password",
        "POST /api/users/{person_id:uuid}/password",
        "POST /people/{person_id:uuid}/password-link",
        "POST /api/users/{person_id:uuid}/password-link",
        "POST /people/{person_id:uuid}/factors/reset",
        "DELETE /api/users/{person_id:uuid}/factors",
        "POST /settings/access",
    }
