"""The same over HTTP: the page somebody sees who is kept out, the cookie by which a browser is known, and the API."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from tests.access.http import BROWSER, FROM_HERE, PASSWORD, Client, code, cookie_of, send
from tests.factories import Cast, Machine, headers, session_of
from topline.access.limits import shut_bucket
from topline.access.models import SignInFailure
from topline.cli import cli
from topline.core.clock import FixedClock
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.organizations.queries import organization_ids

RIGHT = {"email": "mina@house.invalid", "password": PASSWORD}


def shut(database: Database) -> None:
    """Every house of the installation, for the next five minutes."""
    with database.write() as tx:
        until = tx.now.replace(minute=tx.now.minute + 5)
        for house in organization_ids(tx):
            row = {"bucket": shut_bucket(house), "failures": [until.isoformat()], "last_at": tx.now}
            tx.change(insert(SignInFailure).values(**row))


def test_whoever_is_kept_out_is_told_how_to_get_in_all_the_same(
    client: Client, with_password: Cast, database: Database
) -> None:
    shut(database)
    page = send(client, "/sign-in", BROWSER, next="/people", **RIGHT)
    assert (page.status_code, page.headers["retry-after"]) == (429, "300")
    for words in (
        "Only known devices get in right now",
        "5 minutes",
        "tablet",
        "passkey",
        "Tablets and wall",
    ):
        assert words in page.text
    assert 'data-wait="300"' in page.text
    assert 'name="next" value="/people"' in page.text
    assert PASSWORD not in page.text
    assert "set-cookie" not in page.headers


def test_the_api_says_so_with_a_code_of_its_own(
    client: Client, with_password: Cast, database: Database
) -> None:
    shut(database)
    told = client.post("/api/auth/login", json=RIGHT, headers=FROM_HERE)
    assert (code(told), told.headers["retry-after"]) == ((429, "known_devices_only"), "300")


@pytest.mark.parametrize("way", ["page", "api"])
def test_a_browser_is_known_by_a_cookie_that_outlives_the_session(
    client: Client, with_password: Cast, database: Database, way: str
) -> None:
    if way == "page":
        first = send(client, "/sign-in", BROWSER, **RIGHT)
    else:
        first = client.post("/api/auth/login", json=RIGHT, headers=FROM_HERE)
    line = cookie_of(first, "topline_known")
    assert "HttpOnly" in line
    assert "Max-Age=7776000" in line
    known = re.match(r"topline_known=([^;]+)", line)
    assert known is not None
    out = send(client, "/sign-out", BROWSER)
    assert not [cookie for cookie in out.headers.get_list("set-cookie") if "topline_known" in cookie]
    shut(database)
    client.cookies.clear()
    assert send(client, "/sign-in", BROWSER, **RIGHT).status_code == 429
    again = send(client, "/sign-in", {**BROWSER, "Cookie": f"topline_known={known[1]}"}, **RIGHT)
    assert (again.status_code, again.headers["location"]) == (303, "/")


def test_a_tablet_is_known_as_itself_and_keeps_no_other_cookie(
    client: Client, with_password: Cast, database: Database, tablet: Machine
) -> None:
    shut(database)
    at_tablet = headers(tablet.token)
    found = client.post("/api/auth/login", json=RIGHT, headers=at_tablet)
    assert found.status_code == 200
    assert "topline_known" not in found.headers["set-cookie"]


def test_a_manager_lifts_it_on_the_page_of_the_tablets(
    client: Client, with_password: Cast, database: Database, clock: FixedClock
) -> None:
    shut(database)
    mina = {**BROWSER, **headers(session_of(database, with_password.mina))}
    assert "Only known devices get in" in client.get("/devices", headers=mina).text
    listed = client.get("/api/auth/locks", headers=mina).json()["items"]
    assert [lock["kind"] for lock in listed] == ["unknown_devices"]
    house = str(with_password.organization_id)
    assert (
        send(client, "/devices/locks/clear", mina, kind="unknown_devices", subject_id=house).status_code
        == 303
    )
    assert client.get("/api/auth/locks", headers=mina).json()["items"] == []
    client.cookies.clear()
    assert send(client, "/sign-in", BROWSER, **RIGHT).status_code == 303
    shut_again = client.delete(f"/api/auth/locks/unknown_devices/{house}", headers=mina)
    assert shut_again.status_code == 204


def test_so_does_the_operator_with_a_command(
    client: Client,
    with_password: Cast,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOPLINE_DATA", str(settings.data))
    monkeypatch.setenv("TOPLINE_DATABASE_URL", settings.database_url)
    shut(database)
    assert send(client, "/sign-in", BROWSER, **RIGHT).status_code == 429
    done = CliRunner().invoke(cli, ["access", "let-in", "Mina@house.invalid"])
    assert done.exit_code == 0, done.output
    assert "Mina Manager at House of Examples can try again now." in done.output
    assert send(client, "/sign-in", BROWSER, **RIGHT).status_code == 303
