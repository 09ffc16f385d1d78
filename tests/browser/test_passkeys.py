"""Passkeys in a real browser: Chromium's own virtual authenticator answers, the program checks."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert, select

from tests.browser.conftest import Open, serve
from tests.browser.support.office import sign_in_at_office
from tests.browser.support.server import Server
from tests.browser.support.stage import PASSWORD, Stage
from tests.browser.support.watch import Watch
from topline.access.limits import shut_bucket
from topline.access.models import Passkey, SignInFailure
from topline.organizations.queries import organization_ids


@pytest.fixture
def either_server(either_stage: Stage, tmp_path: Path) -> Iterator[Server]:
    started = serve(either_stage, tmp_path)
    yield started
    started.kill()


class Key:
    """A fingerprint reader built into the device, as the browser's own protocol offers one."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = made["authenticatorId"]

    def verifies(self, verified: bool) -> None:
        """Whether the finger is the right one."""
        self._devtools.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified}
        )

    def credentials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._devtools.send(
            "WebAuthn.getCredentials", {"authenticatorId": self.id}
        )["credentials"]
        return found

    def turn_back(self) -> None:
        """Put the same key in again with the counter of its beginning, as a copy would have it."""
        (credential,) = self.credentials()
        self._devtools.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})
        self._devtools.send(
            "WebAuthn.addCredential",
            {"authenticatorId": self.id, "credential": {**credential, "signCount": 0}},
        )


def register(page: Page, url: str) -> None:
    """From the account to a passkey, and past the recovery codes it brings."""
    page.goto(f"{url}/account/factors")
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("What you call it").fill("Front office laptop")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_test_id("recovery-codes").locator("li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Front office laptop")).to_be_visible()


def sign_out(page: Page, url: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{url}/sign-in")


def test_a_passkey_is_the_second_step_signs_in_by_itself_and_a_copy_is_refused(
    either_stage: Stage, either_server: Server, window: Open
) -> None:
    url = either_server.url.replace(
        "127.0.0.1", "localhost"
    )  # a passkey is tied to a name, never to an address
    page = window()
    key = Key(page)
    sign_in_at_office(page, url, either_stage.cast.mina.email)
    register(page, url)
    with either_stage.database.read() as tx:
        stored = tx.execute(select(Passkey.name, Passkey.person_id)).all()
    assert stored == [("Front office laptop", either_stage.cast.mina.id)]

    sign_out(page, url)
    page.get_by_label("E-mail").fill(either_stage.cast.mina.email or "")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{url}/sign-in/second")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(f"{url}/today")

    sign_out(page, url)
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page).to_have_url(f"{url}/today")

    sign_out(page, url)
    key.verifies(False)  # somebody else's finger
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_text("No passkey was shown")).to_be_visible()
    key.verifies(True)

    key.turn_back()
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_text("could not be checked")).to_be_visible()
    expect(page).to_have_url(f"{url}/sign-in")


def test_a_passkey_gets_in_where_strangers_are_kept_out(
    either_stage: Stage, either_server: Server, window: Open, watch: Watch
) -> None:
    watch.expect("status of 429")
    url = either_server.url.replace("127.0.0.1", "localhost")
    page = window()
    Key(page)
    sign_in_at_office(page, url, either_stage.cast.mina.email)
    register(page, url)
    with either_stage.database.write() as tx:
        end = [(tx.now + timedelta(minutes=10)).isoformat()]
        for house in organization_ids(tx):
            row = {"bucket": shut_bucket(house), "failures": end, "last_at": tx.now}
            tx.change(insert(SignInFailure).values(**row))

    sign_out(page, url)
    page.get_by_label("E-mail").fill(either_stage.cast.mina.email or "")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Only known devices get in right now")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{url}/today")
