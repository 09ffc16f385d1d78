"""The wall over HTTP: every state in words, from real numbers, named as the hotel and its people wish."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import update

from tests.factories import display_of, headers, session_of
from tests.scoreboard.make import TODAY, close_on, enter, set_benchmark, set_scoreboard
from tests.scoring.make import add_logs
from tests.support.cast import Cast
from topline.core.clock import FixedClock
from topline.core.transaction import Database, Write
from topline.people.models import Person
from topline.web.services import Services

Client = TestClient[Any]


@pytest.fixture
def display(database: Database, cast: Cast) -> dict[str, str]:
    return headers(display_of(database, cast).token)


def words(html: str) -> str:
    """What somebody reads: no markup, no double blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).replace(" .", ".").replace(" ,", ",")


def fragment(client: Client, display: dict[str, str], parts: Services, cast: Cast) -> str:
    """The wall after whatever the test wrote straight into the tables."""
    totals = parts.extras["day_totals"]
    totals.mark(cast.organization_id, [(TODAY, who.id) for who in cast.people])
    totals.flush()
    answer = client.get("/wall/fragment", headers=display)
    assert answer.status_code == 200
    return str(answer.text)


def winning(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast)
    enter(tx, cast, TODAY, 1_234_50, status="open")


def neutral(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast)
    enter(tx, cast, TODAY, 300_00, status="open")


def losing(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast)
    enter(tx, cast, TODAY, 100_00, status="open")


def later(tx: Write, cast: Cast, clock: FixedClock) -> None:
    neutral(tx, cast, clock)
    clock.advance(timedelta(hours=2))


def day_over(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast, is_estimate=True)
    enter(tx, cast, TODAY, 960_00)


def logs_only(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast)
    enter(tx, cast, TODAY - timedelta(days=1), 700_00)
    add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 6)


def all_logged(tx: Write, cast: Cast, clock: FixedClock) -> None:
    add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 18)


def before_opening(tx: Write, cast: Cast, clock: FixedClock) -> None:
    clock.instant = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)


def closed(tx: Write, cast: Cast, clock: FixedClock) -> None:
    close_on(tx, cast, TODAY, "Winter break <b>")


def nothing(tx: Write, cast: Cast, clock: FixedClock) -> None:
    """A house on its first day."""


def no_target(tx: Write, cast: Cast, clock: FixedClock) -> None:
    enter(tx, cast, TODAY, 500_00, status="open")


@pytest.mark.parametrize(
    ("story", "tone", "said"),
    [
        (
            winning,
            "celebrating",
            "Target reached March 370 % of pace 2026 370 % of pace We are at €1,234, past",
        ),
        (neutral, "neutral", "We are at €300. At this hour of a Wednesday, €333 would be on target."),
        (neutral, "neutral", "30 % where we should be now target €1,000"),
        (losing, "losing", "Behind March 30 % of pace"),
        (later, "neutral", "At 12:00 we were at €300, when €333 would have been on target."),
        (day_over, "winning", "The day closed at €960. Its target was €1,000."),
        (day_over, "winning", "estimated target €1,000"),
        (logs_only, "winning", "We logged 6 behaviors. At this hour of a Wednesday, 6 would be on target."),
        (logs_only, "winning", "Winning Yesterday 70 % of target March 70 % of pace 2026 70 % of pace"),
        (all_logged, "celebrating", "We logged 18 behaviors: all 18 we set out to do today."),
        (before_opening, None, "Opens at 08:00"),
        (closed, None, "Closed today Winter break <b> The team today"),
        (nothing, None, "No numbers yet Nothing has been logged yet today. The first one counts."),
        (no_target, None, "No numbers yet"),
    ],
)
def test_every_state_is_said_in_words(
    client: Client,
    database: Database,
    display: dict[str, str],
    parts: Services,
    cast: Cast,
    clock: FixedClock,
    story: Any,
    tone: str | None,
    said: str,
) -> None:
    with database.write(cast.olga.actor) as tx:
        story(tx, cast, clock)
    html = fragment(client, display, parts, cast)
    assert said in words(html).replace(" %", " %")
    found = re.search(r'class="wall-hero(?: wall-hero--(\w+))?"', html)
    assert found is not None
    assert found[1] == tone
    assert ("wall-bar" in html) == (tone is not None)
    assert ("data-celebration" in html) == (tone == "celebrating")
    assert "<b>" not in html


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
