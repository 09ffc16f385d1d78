"""The pages of owners and managers, and those that anybody sees."""

from datetime import UTC, datetime, timedelta
from typing import Final

from playwright.sync_api import expect

from tests.browser.screenshots.shots import WALL, Draw, Scene, Shot, at

_ROSTER: Final = """Name,Department,Role,Staff number,E-mail
Aramis Testwell,Front office,Front desk agent,F-9001,
Beatrix Sampleton,Bar,Bartender,B-9002,
Corvin Exampler,Kitchen,Nobody knows,K-9003,
,Housekeeping,Room attendant,H-9004,
Delphine Mockford,Housekeeping,Room attendant,H-9005,
"""
_DAYS: Final = """Date,Revenue,Room revenue,Covers,Rooms sold,Rooms available
{0},12345.67,9000.00,180,140,207
{1},13345.67,9500.00,190,150,207
{1},1.00,1.00,1,1,207
2019-13-01,1,1,1,1,1
{2},14345.67,-3,195,155,207
"""


def _day(ago: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=ago)).isoformat()


def _dialog(path: str, opener: str, name: str) -> Draw:
    def draw(scene: Scene) -> None:
        scene.go(path)
        scene.page.locator(f'[data-dialog-open="{opener}"]').first.click()
        expect(scene.page.locator(f"dialog#{opener}")).to_be_visible()
        expect(scene.page.locator(f"dialog#{opener}")).to_contain_text(name)

    return draw


def _first_link(path: str, prefix: str) -> Draw:
    def draw(scene: Scene) -> None:
        scene.go(path)
        links = scene.page.locator(f'main a[href^="{prefix}"]:not([href="{prefix}new"])')
        found = links.first.get_attribute("href")
        assert found, f"no link to {prefix} on {path}"
        scene.go(found)

    return draw


def _of_a_person(what: str) -> Draw:
    def draw(scene: Scene) -> None:
        scene.go("/people?search=@")
        found = scene.page.locator('main a[href^="/people/"]:not([href="/people/new"])').last.get_attribute(
            "href"
        )
        assert found, "nobody signs in by e-mail"
        scene.go(found + what)

    return draw


def _import(kind: str, text: str) -> Draw:
    def draw(scene: Scene) -> None:
        scene.go("/results/imports")
        page = scene.page
        page.locator(f'input[name="kind"][value="{kind}"]').check(force=True)
        content = text.format(_day(200), _day(201), _day(202)).encode()
        page.locator('input[type="file"]').set_input_files(
            {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content}
        )
        page.locator('form[data-upload] button[type="submit"]').click()
        page.wait_for_url("**/results/imports/*")

    return draw


def _code(scene: Scene) -> None:
    _dialog("/devices", "enrol", "code")(scene)
    scene.page.locator('dialog#enrol button[type="submit"]').click()
    expect(scene.page.locator("#new-device")).to_contain_text("/tablet")


def _wrong_password(scene: Scene) -> None:
    scene.go("/sign-in")
    scene.page.get_by_label("E-mail").fill("owner@example.test")
    scene.page.get_by_label("Password", exact=True).fill("not the password")
    scene.page.get_by_role("button", name="Sign in").click()
    expect(scene.page.get_by_role("alert")).to_be_visible()


def _error(scene: Scene) -> None:
    scene.page.goto(f"{scene.hotel.url}/people/01a08942-0000-7000-8000-000000000000")


def _link_over(scene: Scene) -> None:
    scene.page.goto(f"{scene.hotel.url}/password/tl_link_{43 * 'x'}")


def _select_some(scene: Scene) -> None:
    scene.go("/verify")
    boxes = scene.page.locator("[data-select]")
    for number in range(4):
        boxes.nth(number).check()
    expect(scene.page.locator("[data-bulk-bar]")).to_be_visible()


def _reject(scene: Scene) -> None:
    _select_some(scene)
    scene.page.locator("[data-bulk-bar]").get_by_role("button", name="Reject").click()
    expect(scene.page.locator("dialog[open]")).to_be_visible()


def _look_at_one(scene: Scene) -> None:
    scene.go("/verify")
    scene.page.locator("tr[data-row] .queue__open").first.click()
    expect(scene.page.locator("dialog#log .log-detail__history")).to_be_visible()


OFFICE: Final = (
    Shot("sign-in", "Sign in", "nobody", at("/sign-in")),
    Shot("sign-in-refused", "Sign in, refused", "nobody", _wrong_password),
    Shot("today", "Today: the day", "owner", at("/today")),
    Shot("today-month", "Today: the month", "owner", at("/today?span=month")),
    Shot("verify", "Verify", "manager", at("/verify")),
    Shot("verify-selected", "Verify, four selected", "manager", _select_some, window_only=True),
    Shot("verify-reject", "Verify, rejecting", "manager", _reject, window_only=True),
    Shot("verify-log", "Verify, looking at one", "manager", _look_at_one, window_only=True),
    Shot("results", "Day's results: the month", "manager", at("/results")),
    Shot("results-day", "A closed day", "manager", lambda scene: scene.go(f"/results/{_day(2)}")),
    Shot("results-today", "Entering today", "manager", lambda scene: scene.go(f"/results/{_day(0)}")),
    Shot("results-adjust", "Adjusting", "manager", lambda scene: scene.go(f"/results/{_day(2)}?adjust=1")),
    Shot("benchmarks", "Benchmarks", "manager", at("/results/benchmarks")),
    Shot("imports", "Imports", "manager", at("/results/imports")),
    Shot("import-daily", "An import of days", "manager", _import("daily", _DAYS)),
    Shot("import-roster", "An import of staff", "manager", _import("roster", _ROSTER)),
    Shot("board", "Board", "manager", at("/board")),
    Shot("board-month", "Board: the month, verified", "manager", at("/board?period=month&metric=verified")),
    Shot("people", "People", "owner", at("/people")),
    Shot("people-none", "People, nobody found", "owner", at("/people?search=zzzz")),
    Shot("person", "A person", "owner", _first_link("/people", "/people/")),
    Shot("person-new", "A new person", "owner", at("/people/new")),
    Shot("roles", "Roles", "owner", at("/roles")),
    Shot("behaviors", "Behaviors", "owner", at("/behaviors")),
    Shot("behavior", "A behavior", "owner", _first_link("/behaviors", "/behaviors/")),
    Shot("behavior-new", "A new behavior", "owner", at("/behaviors/new")),
    Shot("devices", "Tablets and wall", "manager", at("/devices")),
    Shot(
        "devices-enrol",
        "Enrolling, the dialog",
        "manager",
        _dialog("/devices", "enrol", "code"),
        window_only=True,
    ),
    Shot("devices-code", "Enrolling, the code", "manager", _code),
    Shot("settings", "Settings", "owner", at("/settings")),
    Shot("account", "My account", "owner", at("/account")),
    Shot("account-history", "My sign-ins", "owner", at("/account/history")),
    Shot("account-factors", "My second step", "owner", at("/account/factors")),
    Shot("account-authenticator", "An authenticator app", "owner", at("/account/factors/authenticator")),
    Shot("account-passkey", "A passkey", "owner", at("/account/factors/passkey")),
    Shot("confirm", "Confirming", "owner", at("/confirm")),
    Shot("person-access", "A person's sign-ins", "owner", _of_a_person("/access")),
    Shot("person-password", "A new password for a person", "owner", _of_a_person("/password")),
    Shot("password-link-over", "A link that is over", "nobody", _link_over),
    Shot("audit", "Audit trail", "owner", at("/audit")),
    Shot("reference", "API reference", "nobody", at("/docs")),
    Shot("styleguide", "Styleguide", "owner", at("/styleguide"), frozenset({"desktop", "phone"})),
    Shot("error", "Not found", "owner", _error),
)


def _welcome_refused(scene: Scene) -> None:
    scene.go("/welcome")
    scene.page.get_by_label("Name of the hotel").fill("Harbour House")
    scene.page.get_by_label("E-mail").fill("not-an-address")
    scene.page.locator("form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    scene.page.wait_for_selector(".field__error")


FIRST_RUN: Final = (
    Shot("welcome", "First run", "nobody", at("/welcome")),
    Shot("welcome-refused", "First run, refused", "nobody", _welcome_refused),
)
_EMPTY_PAGES: Final = (
    ("today", "Today", "/today"),
    ("verify", "Verify", "/verify"),
    ("results", "Day's results", "/results"),
    ("imports", "Imports", "/results/imports"),
    ("board", "Board", "/board"),
    ("people", "People", "/people"),
    ("behaviors", "Behaviors", "/behaviors"),
    ("devices", "Tablets and wall", "/devices"),
    ("audit", "Audit trail", "/audit"),
)
EMPTY: Final = (
    *(Shot(f"empty-{name}", f"{title}, empty", "founder", at(path)) for name, title, path in _EMPTY_PAGES),
    Shot("empty-wall", "The wall, empty", "founder", at("/wall"), WALL, window_only=True),
)
