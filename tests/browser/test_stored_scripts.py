"""Fifty programs in every text the hotel keeps: none runs on any page, and each is shown as the text it is."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Open, serve
from tests.browser.support.crawl import Crawl
from tests.browser.support.payloads import PAYLOADS
from tests.browser.support.planted import KEPT, NEEDS_A_DEVICE, NO_FREE_TEXT, SAME_COLUMN, Planted
from tests.browser.support.stage import PINS, set_stage
from tests.browser.support.tablet import make_tablet, open_tablet, sign_in
from tests.browser.support.watch import Watch
from tests.contract.fuzz import GENEROUS
from tests.house.openapi import promised
from tests.support.databases import SqliteDatabases

#: Texts that no page shows in full, and where they are looked at instead.
NOT_SHOWN: Final = {"place": "ten characters are no payload; the crawl would hear them break a page"}


@pytest.fixture(scope="module")
def planted(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """What a text is and how it is shown has nothing to do with the database: once is enough."""
    with sqlite_databases.fresh() as url:
        stage = set_stage(url)
        settings = {f"TOPLINE_{name.upper()}": value for name, value in GENEROUS.items()}
        server = serve(stage, tmp_path_factory.mktemp("planted"), **settings)
        with httpx.Client(base_url=server.url, timeout=30) as client:
            found = Planted(server.url, stage, client)
            found.everything()
            yield found
        server.kill()
        stage.database.close()


def test_every_text_field_of_the_api_is_planted_or_says_why_not() -> None:
    """A new field turns this red until somebody put it into `planted.py`."""
    found = set(_text_fields(promised()))
    assert len(found) > 30
    explained = set(KEPT) | SAME_COLUMN | NEEDS_A_DEVICE
    silent = {name for name in found - explained if name.rpartition(".")[2] not in NO_FREE_TEXT}
    assert silent == set()
    assert explained - found == set()


def test_the_payloads_bite_where_nobody_escapes(browser: Browser) -> None:
    """The control: on a page that takes texts for markup, most of them run by themselves."""
    crawl = Crawl("", 0)
    context = browser.new_context()
    crawl.listen_to(context)
    page = context.new_page()
    for payload in PAYLOADS:
        page.set_content(f"<div><p>{payload}</p><input value=\"{payload}\"><input value='{payload}'></div>")
    page.wait_for_timeout(200)
    context.close()
    ran = {int(number) for number in re.findall(r"payload (\d+) ran", "\n".join(crawl.ran))}
    assert len(ran) >= 25, sorted(set(range(50)) - ran)


def test_no_text_runs_on_any_page_and_each_is_shown_as_it_is(
    planted: Planted, window: Open, watch: Watch
) -> None:
    crawl = Crawl(
        planted.url, 50, before=lambda n: planted.rename_the_hotel(n) if n < len(PAYLOADS) else None
    )
    imports = (f"/results/imports/{one}" for one in planted.imports)
    for token, starts in zip(planted.sessions, (("/today", "/account", *imports), (), ()), strict=True):
        page = window()
        crawl.listen_to(page.context)
        page.context.add_cookies([{"name": "topline_session", "value": token, "url": planted.url}])
        crawl.walk(page, *starts)
        page.goto(f"{planted.url}/account")
        crawl.look(page)
    _tablet(planted, window, crawl)
    _wall(planted, window, crawl)
    assert crawl.ran == []
    everything = "\n".join(crawl.shown)
    missing = {
        sign: [text for text in texts if " ".join(text.split()) not in everything]
        for sign, texts in planted.texts.items()
        if sign not in NOT_SHOWN
    }
    assert {sign: texts for sign, texts in missing.items() if texts} == {}, crawl.kinds
    assert len(crawl.kinds) > 25
    assert watch.unexpected() == []


def test_no_cell_of_a_download_is_a_formula(planted: Planted) -> None:
    key = {"Authorization": f"Bearer {planted.key}"}
    house = planted.stage.cast.location_id
    days = planted.client.get("/api/daily-entries", params={"limit": 100}, headers=key).json()["items"]
    dates = sorted(day["business_date"] for day in days)
    wanted = {"location_id": str(house), "from": dates[0], "to": dates[-1]}
    files = [planted.client.get("/api/daily-entries/export", params=wanted, headers=key)]
    files += [planted.client.get(f"/api/imports/{one}/problems", headers=key) for one in planted.imports]
    cells = [
        cell
        for file in files
        for row in csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
        for cell in row
    ]
    assert sum("p(49)" in cell for cell in cells) >= 2
    assert [
        cell for cell in cells if cell[:1] in "=+-@\t\r" and cell and not re.fullmatch(r"-?[\d.]+", cell)
    ] == []


def _tablet(planted: Planted, window: Open, crawl: Crawl) -> None:
    page = window()
    crawl.listen_to(page.context)
    make_tablet(page.context, planted.url, planted.stage.tablet)
    open_tablet(page, planted.url)
    page.locator('[data-testid="department"][data-department-id=""]').click()
    crawl.look(page)
    sign_in(page, planted.stage.cast.fred, PINS["fred"])
    row = page.locator('[data-testid="log"][data-state="rejected"]').first
    row.scroll_into_view_if_needed()
    crawl.look(page)


def _wall(planted: Planted, window: Open, crawl: Crawl) -> None:
    page = window()
    crawl.listen_to(page.context)
    page.goto(f"{planted.url}/wall/{planted.stage.display.token}")
    expect(page.locator("[data-wall]")).to_contain_text("as of")
    crawl.look(page)


def _text_fields(document: dict[str, Any]) -> Iterator[str]:
    """`POST /api/roles .name` for every string in a body that is neither an id, a date nor one of listed words."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for name in _strings(content["schema"], document["components"]["schemas"], ""):
                    yield f"{method.upper()} {path} {name}"


def _strings(shape: dict[str, Any], shapes: dict[str, Any], name: str) -> Iterator[str]:
    while "$ref" in shape:
        shape = shapes[shape["$ref"].rsplit("/", 1)[1]]
    for option in shape.get("oneOf", shape.get("anyOf", ())):
        yield from _strings(option, shapes, name)
    if shape.get("type") == "string" and not {"format", "enum", "const", "contentEncoding"} & set(shape):
        yield name
    if "items" in shape:
        yield from _strings(shape["items"], shapes, f"{name}[]")
    for inner, kind in shape.get("properties", {}).items():
        yield from _strings(kind, shapes, f"{name}.{inner}")
    if isinstance(shape.get("additionalProperties"), dict):
        yield from _strings(shape["additionalProperties"], shapes, f"{name}.*")
