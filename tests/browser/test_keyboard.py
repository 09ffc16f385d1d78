"""The two places where speed matters, by keyboard alone: signing in at the tablet, and the queue."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.support.evening import log_many
from tests.browser.support.office import sign_in_at_office
from tests.browser.support.server import Server
from tests.browser.support.stage import PASSWORD, PINS, Stage
from tests.browser.support.tablet import make_tablet, open_tablet
from tests.browser.support.watch import Watch


def test_somebody_signs_in_logs_and_leaves_by_keyboard_alone(
    stage: Stage, server: Server, window: Open, watch: Watch
) -> None:
    watch.expect("status of 401")  # a wrong PIN
    page = window()
    make_tablet(page.context, server.url, stage.tablet)
    open_tablet(page, server.url)
    keys = page.keyboard
    # Start typing the name, open the first tile, type the PIN.
    keys.type("fre")
    keys.press("Enter")
    expect(page.get_by_test_id("pin")).to_be_visible()
    keys.type("0000")
    keys.press("Enter")
    expect(page.get_by_test_id("pin-message")).to_contain_text("not right")
    keys.type(PINS["fred"] + "9")
    keys.press("Backspace")
    keys.press("Enter")
    expect(page.get_by_test_id("screen-log")).to_be_visible()

    tab_to(page, '[data-testid="behavior-tap"]')
    keys.press("Enter")
    expect(page.locator(":focus")).to_have_attribute(
        "aria-label", r"Offer a better room: tap again to log one"
    )
    keys.press("Enter")
    expect(page.get_by_test_id("undo-bar")).to_be_visible()
    tab_to(page, '[data-testid="undo"]')
    keys.press("Enter")
    expect(page.locator('[data-testid="log"][data-state="undone"]')).to_have_count(1)
    tab_to(page, '[data-testid="done"]', back=True)
    keys.press("Enter")
    expect(page.get_by_test_id("screen-people")).to_be_visible()


def test_a_manager_signs_in_and_empties_the_queue_by_keyboard_alone(
    stage: Stage, server: Server, window: Open
) -> None:
    log_many(server.url, stage, stage.cast.fred, "upsell", 6)
    page = window(viewport={"width": 1440, "height": 900})
    keys = page.keyboard
    page.goto(f"{server.url}/sign-in")
    keys.type(stage.cast.mina.email or "")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page).to_have_url(f"{server.url}/today")
    keys.press("Tab")
    expect(page.locator(":focus")).to_have_class("skip-link")
    tab_to(page, 'nav a[href="/verify"]')
    keys.press("Enter")
    page.wait_for_url(f"{server.url}/verify")  # loaded, with what listens to the keys
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(6)

    # Verify one; reject the next with a reason by its number.
    keys.press("j")
    keys.press("v")
    expect(rows).to_have_count(5)
    keys.press("r")
    expect(page.locator("dialog#reject")).to_be_visible()
    keys.press("3")
    keys.press("Enter")
    expect(rows).to_have_count(4)
    # Choose two, verify both; the rest at once.
    keys.press("j")
    keys.press("x")
    keys.press("j")
    keys.press("x")
    expect(page.locator("[data-bulk-bar]")).to_contain_text("2 selected")
    keys.press("v")
    expect(rows).to_have_count(2)
    tab_to(page, "[data-select-all]")
    keys.press("Space")
    keys.press("v")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to check")
    statuses = [log.status for log in stage.logs(stage.cast.fred)]
    assert sorted(statuses) == ["rejected", *["verified"] * 5]


def test_the_keys_of_the_queue_explain_themselves_and_a_dialog_gives_the_focus_back(
    stage: Stage, server: Server, window: Open
) -> None:
    log_many(server.url, stage, stage.cast.fred, "upsell", 1)
    page = window(viewport={"width": 1440, "height": 900})
    sign_in_at_office(page, server.url, stage.cast.mina.email)
    page.goto(f"{server.url}/verify")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    tab_to(page, '[data-key="r"]')
    page.keyboard.press("Enter")
    expect(page.locator("dialog#reject")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator('tr [data-key="r"]')).to_be_focused()


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until something is reached; what cannot be reached in a hundred steps cannot be reached."""
    for _ in range(100):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")
