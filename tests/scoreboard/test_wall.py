"""The wall over HTTP: for whom it is, named as the hotel and its people wish, sent only when it changed."""

from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import update

from tests.factories import display_of, headers, session_of
from tests.scoreboard.make import TODAY, enter, set_benchmark, set_scoreboard, words
from tests.scoring.make import add_logs
from tests.support.cast import Cast
from topline.core.transaction import Database
from topline.people.models import Person
from topline.scoring.updater import DayTotalsUpdater
from topline.web.services import Services

Client = TestClient[Any]


@pytest.fixture
def display(database: Database, cast: Cast) -> dict[str, str]:
    return headers(display_of(database, cast).token)


def fragment(client: Client, display: dict[str, str], parts: Services, cast: Cast) -> str:
    """The wall after whatever the test wrote straight into the tables."""
    totals = parts.get(DayTotalsUpdater)
    totals.mark(cast.organization_id, [(TODAY, who.id) for who in cast.people])
    totals.flush()
    answer = client.get("/wall/fragment", headers=display)
    assert answer.status_code == 200
    return str(answer.text)


def test_hidden_revenue_leaves_only_shares(
    client: Client, database: Database, display: dict[str, str], parts: Services, cast: Cast
) -> None:
    with database.write(cast.olga.actor) as tx:
        set_benchmark(tx, cast)
        enter(tx, cast, TODAY, 300_00, status="open")
    assert "€" in fragment(client, display, parts, cast)
    set_scoreboard(database, cast, show_revenue=False, leaderboard="average_check")
    html = fragment(client, display, parts, cast)
    assert "€" not in html
    assert "At 12:00 we had 30 % of today’s target, where 33 % would be on pace." in words(html)


@pytest.mark.parametrize(
    ("names", "shown", "hidden"),
    [("names", "Fred", "F-17"), ("initials", "FF", "Fred"), ("numbers", "F-17", "Fred")],
)
def test_people_are_named_as_the_hotel_wishes(
    client: Client,
    database: Database,
    display: dict[str, str],
    parts: Services,
    cast: Cast,
    names: str,
    shown: str,
    hidden: str,
) -> None:
    set_scoreboard(database, cast, names=names)
    with database.write(cast.olga.actor) as tx:
        tx.change(update(Person).where(Person.id == cast.fred.id).values(staff_number="F-17"))
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 1)
    said = words(fragment(client, display, parts, cast))
    assert shown in said
    assert hidden not in said


def test_below_the_third_place_and_who_opted_out_is_nobody_named(
    client: Client, database: Database, display: dict[str, str], parts: Services, cast: Cast
) -> None:
    with database.write(cast.olga.actor) as tx:
        for who, count in zip(cast.people, (9, 5, 4, 3, 2), strict=True):
            add_logs(tx, who, cast.location_id, cast.behaviors["greet"], count)
        tx.change(update(Person).where(Person.id == cast.olga.id).values(wall_opt_out=True))
    said = words(fragment(client, display, parts, cast))
    assert all(name in said for name in ("Mina", "Milo", "Fred"))
    assert "Olga" not in said
    assert "Bella" not in said


def test_the_fragment_is_sent_only_when_it_changed(
    client: Client, database: Database, display: dict[str, str], parts: Services, cast: Cast
) -> None:
    fragment(client, display, parts, cast)
    first = client.get("/wall/fragment", headers=display)
    again = client.get("/wall/fragment", headers={**display, "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with database.write(cast.olga.actor) as tx:
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 1)
    assert "1 behavior logged" in words(fragment(client, display, parts, cast))
    changed = client.get("/wall/fragment", headers={**display, "If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_the_page_holds_the_fragment_and_what_its_script_needs(
    client: Client, database: Database, display: dict[str, str], parts: Services, cast: Cast
) -> None:
    part = fragment(client, display, parts, cast)
    whole = client.get("/wall", headers=display).text
    assert part.strip() in whole
    assert 'data-stream="/api/scoreboard/stream"' in whole
    assert 'data-fragment="/wall/fragment"' in whole
    assert 'data-theme="dark"' in whole


def test_the_wall_is_for_displays_and_managers_of_the_own_hotel(
    client: Client, database: Database, display: dict[str, str], cast: Cast
) -> None:
    assert client.get("/wall", headers=headers(session_of(database, cast.mina))).status_code == 200
    assert client.get("/wall", headers=headers(session_of(database, cast.fred))).status_code == 401
    assert client.get("/wall").status_code == 401
    assert "House of Examples" in client.get("/wall/fragment", headers=display).text
    theirs = client.get("/wall/fragment", headers=headers(display_of(database, cast.other).token)).text
    assert "Hotel Next Door" in theirs
    assert "House of Examples" not in theirs
