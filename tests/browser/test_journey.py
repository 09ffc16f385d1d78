"""A day of the house, in real browsers: the tablet at the bar, the manager's laptop and the wall at the same time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, serve
from tests.browser.support.evening import log_many
from tests.browser.support.office import choose, sign_in_at_office, toast
from tests.browser.support.script import Script
from tests.browser.support.server import Server
from tests.browser.support.stage import PINS, Stage
from tests.browser.support.tablet import log_once, sign_in, tile_of
from tests.browser.support.watch import Watch
from tests.factories import key_of
from topline.organizations.rules import business_date

MANY = 120
#: The wall has so long to show what somebody just did, in milliseconds.
WALL_MS = 2_000
OFFER = "Offer a better room"
COCKTAIL = "Suggest a cocktail"


@pytest.fixture
def house(either_stage: Stage, tmp_path: Path) -> Iterator[Server]:
    """A server on either database, with Bella's busy evening behind it and a year to compare with."""
    server = serve(either_stage, tmp_path)
    script = Script(server.url, key_of(either_stage.database, either_stage.cast.olga))
    year = datetime.now(UTC).year - 1
    path = f"/api/benchmarks/{either_stage.cast.location_id}/{year}"
    script.call("PUT", path, {"revenue_minor": 365_000_00, "days_open": 365})
    script.close()
    log_many(server.url, either_stage, either_stage.cast.bella, "cocktail", MANY)
    log_many(server.url, either_stage, either_stage.cast.fred, "upsell", 2)
    yield server
    server.kill()


def test_a_day_from_the_first_tap_to_the_wall(
    either_stage: Stage, house: Server, window: Open, watch: Watch
) -> None:
    stage, url = either_stage, house.url
    cast, behaviors = stage.cast, stage.cast.behaviors
    watch.expect("status of 401")  # a tablet nobody enrolled yet asks who it is

    wall = window(viewport={"width": 1920, "height": 1080})
    wall.goto(f"{url}/wall/{stage.display.token}")
    expect(wall).to_have_url(f"{url}/wall")
    shows(wall, f"We logged {MANY + 2} behaviors", 15_000)
    wall.evaluate("() => { window.sinceThen = true }")

    manager = window(viewport={"width": 1440, "height": 900})
    sign_in_at_office(manager, url, cast.mina.email)
    tablet = window()
    enrol(manager, tablet, url, "Lobby tablet")

    # Fred logs with details, takes it back, and logs again.
    sign_in(tablet, cast.fred, PINS["fred"])
    log_with_details(tablet, stage)
    shows(wall, f"We logged {MANY + 3} behaviors")
    tablet.get_by_test_id("undo").click()
    shows(wall, f"We logged {MANY + 2} behaviors")
    expect(tablet.locator('[data-testid="log"][data-state="undone"]')).to_have_count(1)
    log_once(tablet, behaviors["upsell"])
    shows(wall, f"We logged {MANY + 3} behaviors")
    tablet.get_by_test_id("done").click()

    # Mina verifies Bella's evening in one go: verified logs count twice.
    shows(wall, f"{MANY * 10:,}")
    manager.goto(f"{url}/verify")
    choose(manager, "behavior", COCKTAIL)
    expect(manager.get_by_role("heading", level=1)).to_have_text(f"{MANY} logs to check")
    manager.locator("[data-select-all]").check()
    manager.locator("[data-match-switch]").click()
    manager.locator("[data-bulk-verify]").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("Nothing to check")
    shows(wall, f"{MANY * 20:,}")

    # And rejects three with a reason, Fred's new one among them.
    manager.goto(f"{url}/verify")
    choose(manager, "behavior", OFFER)
    expect(manager.locator("tr[data-row]")).to_have_count(3)
    manager.locator("[data-select-all]").check()
    manager.locator("[data-bulk-bar]").get_by_role("button", name="Reject with a reason").click()
    dialog = manager.locator("dialog#reject")
    dialog.get_by_label("Details not right").check()
    dialog.get_by_role("textbox", name="Note").fill("No such room tonight.")
    dialog.get_by_role("button", name="Reject").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("Nothing to check")
    shows(wall, f"We logged {MANY} behaviors")
    by_status = [log.status for who in (cast.fred, cast.bella) for log in stage.logs(who)]
    assert {status: by_status.count(status) for status in by_status} == {
        "verified": MANY,
        "rejected": 3,
        "undone": 1,
    }

    # Fred sees why, and answers.
    sign_in(tablet, cast.fred, PINS["fred"])
    rejected = tablet.locator('[data-testid="log"][data-state="rejected"]')
    expect(rejected).to_have_count(3)
    expect(rejected.first).to_contain_text("rejected: details not right")
    expect(rejected.first).to_contain_text("No such room tonight.")
    rejected.first.get_by_test_id("log-answer").click()
    tablet.get_by_test_id("answer-text").fill("It was 512, not 521.")
    tablet.get_by_test_id("answer-submit").click()
    expect(rejected.first).to_contain_text("You: It was 512, not 521.")
    expect(tablet.get_by_test_id("link")).to_be_hidden()
    manager.goto(f"{url}/verify?status=decided&flag=answered")
    expect(manager.locator("tr[data-row]")).to_contain_text("It was 512, not 521.")

    # Mina enters the day; from now on the wall speaks of revenue.
    today = business_date(datetime.now(UTC), "Europe/Lisbon", 4)
    manager.goto(f"{url}/results/{today.isoformat()}")
    manager.get_by_label("Revenue, all departments").fill("1,234")
    manager.get_by_label("Covers").first.fill("60")
    manager.get_by_role("button", name="Save", exact=True).click()
    assert "Saved" in toast(manager)
    shows(wall, "€1,234")
    assert wall.evaluate("() => window.sinceThen"), "the wall was loaded anew"


def shows(wall: Page, text: str, patience: int = WALL_MS) -> None:
    """What somebody did is on the wall now, without a reload. Runs from when the person was told that it is done."""
    expect(wall.locator("[data-wall]")).to_contain_text(text, timeout=patience)


def enrol(manager: Page, tablet: Page, url: str, name: str) -> None:
    """The manager reads a code aloud, somebody types it into the new tablet."""
    manager.goto(f"{url}/devices")
    manager.get_by_role("button", name="Enroll a tablet").first.click()
    manager.get_by_role("button", name="Show the code").click()
    code = manager.get_by_test_id("enrolment-code").inner_text()
    tablet.goto(f"{url}/tablet")
    tablet.get_by_test_id("enroll-code").fill(code)
    tablet.get_by_test_id("enroll-name").fill(name)
    tablet.get_by_test_id("enroll-submit").click()
    expect(tablet.get_by_test_id("screen-people")).to_be_visible()
    assert f"{name} is enrolled" in toast(manager)
    expect(manager.locator("#devices")).to_contain_text(name)


def log_with_details(tablet: Page, stage: Stage) -> None:
    """Tap, say what happened, log."""
    tile = tile_of(tablet, stage.cast.behaviors["upsell"])
    tile.get_by_test_id("behavior-tap").click()
    tile.get_by_test_id("outcome-accepted").click()
    tile.get_by_test_id("details-open").click()
    tablet.get_by_test_id("details-place").fill("512")
    tablet.get_by_test_id("details-amount").fill("40")
    tablet.get_by_test_id("details-covers").fill("2")
    tablet.get_by_test_id("details-note").fill("Sea view")
    tablet.get_by_test_id("details-submit").click()
    line = tablet.get_by_test_id("log").first
    expect(line).to_contain_text("Room 512 · accepted · €40 · 2 covers · Sea view")
    expect(line).to_have_attribute("data-state", "pending")
