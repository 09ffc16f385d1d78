"""/today and /board: what managers and the owner read, and what they are told to do next."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.factories import headers, session_of
from tests.scoreboard.make import TODAY, days_before, enter, set_benchmark, words
from tests.scoring.make import add_logs
from tests.support.cast import Cast
from topline.core.transaction import Database
from topline.scoring.updater import DayTotalsUpdater
from topline.web.services import Services

Client = TestClient[Any]
ROOMS = {"room_revenue_minor": 90_000, "rooms_sold": 10, "rooms_available": 50}


@pytest.fixture
def manager(database: Database, cast: Cast) -> dict[str, str]:
    return headers(session_of(database, cast.mina))


def read(client: Client, path: str, manager: dict[str, str]) -> str:
    answer = client.get(path, headers=manager)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def test_a_new_house_is_told_what_to_do_next(client: Client, cast: Cast, manager: dict[str, str]) -> None:
    said = read(client, "/today", manager)
    assert "No numbers yet" in said
    assert "No revenue for Tuesday 3 March yet" in said
    assert "Enter yesterday’s revenue" in said
    assert "Last year’s figures" in said


def test_the_day_shows_logs_beside_yesterday_with_room_figures(
    client: Client, database: Database, cast: Cast, parts: Services, manager: dict[str, str]
) -> None:
    with database.write(cast.olga.actor) as tx:
        set_benchmark(tx, cast)
        for day in days_before(9):
            enter(tx, cast, day, 104_000, **ROOMS)
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["upsell"], 6)
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["upsell"], 1, status="rejected")
    totals = parts.get(DayTotalsUpdater)
    totals.mark(cast.organization_id, [(TODAY, cast.fred.id)])
    totals.flush()
    said = read(client, "/today", manager)
    assert "We are winning" in said
    assert "6 of 18" in said
    assert "4 % above target yesterday, closed Revenue €1,040 of €1,000" in said
    assert "ADR €90.00 3 Mar, +€0.00 vs last week" in said
    assert "Occupancy 20.0 %" in said.replace(" ", " ")
    assert "To verify 6" in said
    assert "Rejected today 1 1 without an answer" in said
    assert "Leading today 1 FF Fred Front desk 60 points" in said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ("month", "Revenue this month €2,880 of €31,000"),
        ("month", "€3,000 would be on pace by now."),
        ("year", "Revenue this year €2,880 of €365,000"),
        ("year", "59 days without an entry count on neither side."),
    ],
)
def test_month_and_year_are_named_and_paced(
    client: Client, database: Database, cast: Cast, manager: dict[str, str], span: str, said: str
) -> None:
    with database.write(cast.olga.actor) as tx:
        set_benchmark(tx, cast)
        for day in days_before(3):
            enter(tx, cast, day, 96_000)
    found = read(client, f"/today?span={span}", manager)
    assert "We are winning" in found
    assert said in found


def test_the_chart_is_drawn_without_a_script_and_as_a_table(
    client: Client, database: Database, cast: Cast, manager: dict[str, str]
) -> None:
    with database.write(cast.olga.actor) as tx:
        for day in days_before(5):
            enter(tx, cast, day, 10_000 * day.day)
    html = client.get("/today", headers=manager).text
    assert 'class="trend__revenue" d="M' in html
    assert "Tue 3 Mar €300.00 –" in words(html)
    assert "style=" not in html


def test_today_is_not_for_staff(client: Client, database: Database, cast: Cast) -> None:
    staff = headers(session_of(database, cast.fred))
    assert client.get("/today", headers=staff).status_code == 403
    assert client.get("/board", headers=staff).status_code == 403


def test_the_board_shows_ties_and_more_on_demand(
    client: Client, database: Database, cast: Cast, parts: Services, manager: dict[str, str]
) -> None:
    assert "Nobody has points yet" in read(client, "/board", manager)
    with database.write(cast.olga.actor) as tx:
        for who, count in ((cast.fred, 2), (cast.bella, 2), (cast.milo, 1)):
            add_logs(tx, who, cast.location_id, cast.behaviors["greet"], count)
    totals = parts.get(DayTotalsUpdater)
    totals.mark(cast.organization_id, [(TODAY, who.id) for who in cast.people])
    totals.flush()
    said = read(client, "/board", manager)
    assert "Place 1 BB Bella Bar 20 Place 1 FF Fred Front desk 20 Place 3 MM Milo Bar 10" in said
    bar = read(client, f"/board?department={cast.bar_id}&period=week", manager)
    assert "Fred" not in bar
    assert "Bella" in bar
    assert "Nothing verified yet" in read(client, "/board?metric=verified", manager)
    assert "Nobody has guests enough yet" in read(client, "/board?metric=average_check", manager)


def test_every_choice_on_the_board_leads_somewhere(client: Client, manager: dict[str, str]) -> None:
    page = client.get("/board", headers=manager).text
    links = {html.unescape(link) for link in re.findall(r'href="(/board[^"]*)"', page)}
    assert len(links) > 4
    for link in links - {"/board"}:
        read(client, link, manager)


def test_another_hotel_s_department_has_no_board_here(
    client: Client, cast: Cast, manager: dict[str, str]
) -> None:
    assert client.get(f"/board?department={cast.other.department_id}", headers=manager).status_code == 404


def test_days_before_yesterday_are_not_called_yesterday(
    client: Client, database: Database, cast: Cast, manager: dict[str, str]
) -> None:
    with database.write(cast.olga.actor) as tx:
        set_benchmark(tx, cast)
        enter(tx, cast, TODAY - timedelta(days=2), 104_000)
    said = read(client, "/today", manager)
    assert "yesterday, closed" not in said
    assert "No revenue for Tuesday 3 March yet" in said
