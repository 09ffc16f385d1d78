"""The queue in the hands of two managers."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.support.evening import log_many
from tests.browser.support.office import sign_in_at_office
from tests.browser.support.server import Server
from tests.browser.support.stage import Stage


def test_an_open_log_is_verified_though_its_row_has_left_the_list(
    stage: Stage, server: Server, window: Open
) -> None:
    """The list behind the dialog was read anew, and shows others by now."""
    log_many(server.url, stage, stage.cast.fred, "upsell", 2)
    page = window(viewport={"width": 1440, "height": 900})
    sign_in_at_office(page, server.url, stage.cast.mina.email)
    page.goto(f"{server.url}/verify")
    opened = page.locator("tr[data-row]").first
    opened.locator(".queue__open").click()
    verify = page.locator("dialog#log").get_by_role("button", name="Verify")
    expect(verify).to_be_visible()
    opened.evaluate("row => row.remove()")
    verify.click()
    expect(page.locator("dialog#log")).to_be_hidden()
    page.goto(f"{server.url}/verify")
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_one_log_after_the_other_is_looked_at(stage: Stage, server: Server, window: Open) -> None:
    log_many(server.url, stage, stage.cast.fred, "upsell", 2)
    page = window(viewport={"width": 1440, "height": 900})
    sign_in_at_office(page, server.url, stage.cast.mina.email)
    page.goto(f"{server.url}/verify")
    for row in page.locator("tr[data-row]").all():
        which = str(row.get_attribute("id")).removeprefix("log-")
        row.locator(".queue__open").click()
        expect(page.locator("dialog#log form")).to_have_attribute("hx-post", f"/verify/{which}/verify")
        page.keyboard.press("Escape")
        expect(page.locator("dialog#log")).to_be_hidden()
