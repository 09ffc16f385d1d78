"""The office pages as a manager uses them."""

from playwright.sync_api import Page, expect

from tests.browser.support.stage import PASSWORD


def sign_in_at_office(page: Page, url: str, email: str | None, password: str = PASSWORD) -> None:
    """Sign in by e-mail and password; ends on the first page."""
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail").fill(email or "")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{url}/today")


def choose(page: Page, name: str, label: str) -> None:
    """Choose in a filter; wait until the list follows."""
    with page.expect_navigation():
        page.locator(f'select[name="{name}"]').select_option(label=label)


def toast(page: Page) -> str:
    """What the page just said."""
    said = page.locator("[data-toast]").last
    expect(said).to_be_visible()
    return said.inner_text()
