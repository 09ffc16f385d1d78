"""Pages of the own account, tablets and displays: what is shown once, and what comes back."""

import re
from datetime import timedelta
from unittest.mock import Mock

import httpx
import pytest

from tests.access.http import BROWSER, HTMX, PASSWORD, Client, send
from tests.factories import (
    Cast,
    Machine,
    headers,
    session_of,
)
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.web import doorway
from topline.web.doorway import Doorway


def test_the_account_shows_where_one_is_signed_in(
    client: Client, database: Database, cast: Cast, tablet: Machine, mina: dict[str, str]
) -> None:
    session_of(database, cast.mina, tablet)
    page = client.get("/account", headers=mina)
    assert page.status_code == 200, page.text
    for words in ("this one", "Bar tablet", "Sign out everywhere", "API keys", "mina@house.invalid"):
        assert words in page.text
    [other] = re.findall(r'action="(/account/sessions/[^"]+/end)"', page.text)
    assert send(client, other, mina).status_code == 303
    assert "Bar tablet" not in client.get("/account", headers=mina).text


def test_staff_at_a_tablet_see_their_account_without_keys_and_password(
    client: Client, database: Database, cast: Cast, tablet: Machine
) -> None:
    at_tablet = {**BROWSER, **headers(session_of(database, cast.mina, tablet), tablet.token)}
    page = client.get("/account", headers=at_tablet)
    assert page.status_code == 200
    assert "API keys" not in page.text
    assert "current_password" not in page.text


def test_signing_out_everywhere_ends_every_session(
    client: Client, database: Database, cast: Cast, mina: dict[str, str]
) -> None:
    elsewhere = {**BROWSER, **headers(session_of(database, cast.mina))}
    assert send(client, "/account/sign-out-everywhere", mina).headers["location"] == "/sign-in"
    for given in (mina, elsewhere):
        assert client.get("/account", headers=given, follow_redirects=False).status_code == 303


def test_the_password_is_changed_on_the_account_page(
    client: Client, with_password: Cast, mina: dict[str, str]
) -> None:
    new = "eleven calm otters"
    for fields, words in (
        ((PASSWORD, new, "something else"), "The two new passwords are not the same."),
        ((PASSWORD, "short", "short"), "at least 8 characters"),
        (("wrong", new, new), "That is not your present password."),
    ):
        current, chosen, again = fields
        refused = send(
            client,
            "/account/password",
            mina,
            current_password=current,
            new_password=chosen,
            new_password_again=again,
        )
        assert refused.status_code == 422
        assert words in refused.text
        assert PASSWORD not in refused.text
    done = send(
        client,
        "/account/password",
        mina,
        current_password=PASSWORD,
        new_password=new,
        new_password_again=new,
    )
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert "Your password is changed." in client.get("/account", headers=mina | _flash(mina, done)).text


def _flash(given: dict[str, str], response: httpx.Response) -> dict[str, str]:
    flash = re.search(r"topline_flash=[^;]+", response.headers["set-cookie"])
    return {"Cookie": given["Cookie"] + ("; " + flash[0] if flash else "")}


def test_a_key_is_shown_once_and_revoked(client: Client, mina: dict[str, str]) -> None:
    made = send(
        client, "/account/keys", mina | HTMX, name="Export", days="30", **{"permissions[]": "people:read"}
    )
    assert made.status_code == 200, made.text
    token = re.search(r"tl_key_[\w-]{43}", made.text)
    assert token is not None
    assert "<html" not in made.text
    bearer = {"Authorization": f"Bearer {token[0]}"}
    assert client.get("/api/users", headers=bearer).status_code == 200
    assert client.get("/api/behaviors", headers=bearer).status_code == 403
    page = client.get("/account", headers=mina)
    assert token[0] not in page.text
    assert "people:read" in page.text
    [revoke] = re.findall(r'action="(/account/keys/[^"]+/revoke)"', page.text)
    assert send(client, revoke, mina).status_code == 303
    assert client.get("/api/users", headers=bearer).status_code == 401


def test_a_key_without_a_name_comes_back_with_the_reason(client: Client, mina: dict[str, str]) -> None:
    for given in (mina, mina | HTMX):
        refused = send(client, "/account/keys", given, name=" ", days="")
        assert refused.status_code == 422
        assert "Please write something here." in refused.text


def test_a_tablet_is_enrolled_with_a_code_that_is_shown_once(
    client: Client, mina: dict[str, str], clock: FixedClock
) -> None:
    made = send(client, "/devices/codes", mina | HTMX, department_id="")
    assert made.status_code == 200, made.text
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", made.text)
    assert code is not None
    assert "http://topline.test/tablet" in made.text
    assert "2026-03-04T10:10:00+00:00" in made.text
    state = re.search(r'hx-get="(/devices/codes/[^"]+)"', made.text)
    assert state is not None
    waiting = client.get(state[1], headers=mina | HTMX)
    assert "Waiting for the tablet" in waiting.text
    body = {"code": code[0], "name": "Terrace"}
    assert client.post("/api/devices/enroll", json=body, headers=BROWSER).status_code == 201
    done = client.get(state[1], headers=mina | HTMX)
    assert done.headers["hx-redirect"] == "/devices"
    page = client.get("/devices", headers=mina).text
    assert "Terrace" in page
    assert code[0] not in page


def test_a_code_that_is_over_stops_asking(client: Client, mina: dict[str, str], clock: FixedClock) -> None:
    made = send(client, "/devices/codes", mina)
    assert "<html" in made.text
    state = re.search(r'hx-get="(/devices/codes/[^"]+)"', made.text)
    assert state is not None
    clock.advance(timedelta(minutes=10))
    over = client.get(state[1], headers=mina | HTMX).text
    assert "This code is over" in over
    assert "hx-get" not in over


def test_devices_are_renamed_and_revoked(client: Client, mina: dict[str, str], tablet: Machine) -> None:
    assert send(client, f"/devices/{tablet.id}/rename", mina, name="Roof <b>").status_code == 303
    page = client.get("/devices", headers=mina).text
    assert "Roof &lt;b&gt;" in page
    refused = send(client, f"/devices/{tablet.id}/rename", mina, name="")
    assert refused.status_code == 422
    assert "Please write something here." in refused.text
    assert send(client, f"/devices/{tablet.id}/revoke", mina).status_code == 303
    assert "No tablet yet" in client.get("/devices", headers=mina).text
    assert client.get("/api/tablet/state", headers=headers(tablet.token)).status_code == 401


def test_a_display_link_opens_the_wall_and_leaves_the_address_bar(
    client: Client, mina: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = send(client, "/devices/displays", mina | HTMX, name="Canteen")
    link = re.search(r"http://topline\.test(/wall/tl_display_[\w-]+)", made.text)
    assert link is not None, made.text
    assert 'id="device-list" hx-swap-oob="true"' in made.text
    log = Mock()
    monkeypatch.setattr(doorway, "log", log)
    opened = client.get(link[1], headers={"Accept": "text/html"}, follow_redirects=False)
    assert (opened.status_code, opened.headers["location"]) == (303, "/wall")
    assert log.info.call_args.kwargs["path"] == "/wall/tl_display_…"
    assert link[1].removeprefix("/wall/tl_display_") not in repr(log.mock_calls)
    page = client.get("/devices", headers=mina).text
    assert "Canteen" in page
    assert "tl_display_" not in page
    [renew] = re.findall(r'hx-post="(/devices/[^"]+/link)"', page)
    assert link[1] not in send(client, renew, mina | HTMX).text
    gone = client.get(link[1], headers={"Accept": "text/html"}, follow_redirects=False)
    assert gone.status_code == 401
    assert "not valid or was replaced" in gone.text


def test_locks_are_seen_and_lifted(
    client: Client, database: Database, cast: Cast, tablet: Machine, mina: dict[str, str], app: Doorway
) -> None:
    new = send(client, f"/people/{cast.fred.id}/pin", mina | HTMX)
    assert new.status_code == 200, new.text
    pin = re.search(r'data-testid="new-pin">(\d{4})<', new.text)
    assert pin is not None
    wrong = {"person_id": str(cast.fred.id), "pin": "6173" if pin[1] != "6173" else "7294"}
    for _ in range(3):
        client.post("/api/auth/pin", json=wrong, headers=headers(tablet.token))
    page = client.get("/devices", headers=mina).text
    assert "Locked out right now" in page
    assert "PIN paused on Bar tablet" in page
    done = send(client, "/devices/locks/clear", mina, kind="pin", subject_id=str(cast.fred.id))
    assert done.status_code == 303
    assert "Locked out right now" not in client.get("/devices", headers=mina).text
    right = {"person_id": str(cast.fred.id), "pin": pin[1]}
    assert client.post("/api/auth/pin", json=right, headers=headers(tablet.token)).status_code == 200


def test_nobody_gives_a_pin_or_password_to_somebody_above(
    client: Client, cast: Cast, mina: dict[str, str]
) -> None:
    for path, fields in (
        (f"/people/{cast.olga.id}/pin", {}),
        (f"/people/{cast.olga.id}/password", {"password": PASSWORD}),
    ):
        refused = send(client, path, mina, **fields)
        assert refused.status_code == 422
        assert "role is above yours" in refused.text


def test_a_manager_gives_a_password(client: Client, cast: Cast, mina: dict[str, str]) -> None:
    path = f"/people/{cast.milo.id}/password"
    assert client.get(path, headers=mina).status_code == 200
    assert send(client, path, mina, password="password1").status_code == 422
    assert send(client, path, mina, password=PASSWORD).status_code == 303
    done = send(client, "/sign-in", BROWSER, email="milo@house.invalid", password=PASSWORD)
    assert done.status_code == 303
