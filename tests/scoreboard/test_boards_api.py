"""GET /api/leaderboard and /api/scoreboard: who may see what, cached but never wrong."""

from random import Random
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import update

from tests.factories import display_of, headers, key_of, session_of, tablet_of
from tests.scoreboard.make import TODAY, enter, set_benchmark, set_scoreboard
from tests.scoring.make import STATUSES, add_logs
from tests.support.cast import Cast, Who
from topline.core.transaction import Database
from topline.logbook.models import BehaviorLog
from topline.people.models import Person
from topline.scoreboard.api import boards
from topline.scoring.updater import DayTotalsUpdater
from topline.web.services import Services

Client = TestClient[Any]


def log(database: Database, parts: Services, cast: Cast, **counts: int) -> None:
    """So many logs by each, as the program itself would have rebuilt them."""
    totals = parts.get(DayTotalsUpdater)
    with database.write(cast.olga.actor) as tx:
        for name, count in counts.items():
            who: Who = getattr(cast, name)
            add_logs(tx, who, cast.location_id, cast.behaviors["greet"], count)
            totals.mark(cast.organization_id, [(TODAY, who.id)])
    totals.flush()


def get(client: Client, path: str, *tokens: str, **more: str) -> Any:
    return client.get(path, headers={**headers(*tokens), **more})


def test_a_manager_sees_everybody_page_by_page(
    client: Client, database: Database, parts: Services, cast: Cast
) -> None:
    log(database, parts, cast, fred=2, bella=2, mina=3, milo=1)
    token = session_of(database, cast.mina)
    seen, path = [], "/api/leaderboard?limit=2"
    for _ in range(2):
        page = get(client, path, token).json()
        seen += [(line["rank"], line["display_name"], line["score"]) for line in page["items"]]
        assert (page["of"], page["me"]) == (4, None)
        path = f"/api/leaderboard?limit=2&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert seen == [(1, "Mina", 30), (2, "Bella", 20), (2, "Fred", 20), (4, "Milo", 10)]


def test_staff_see_their_own_place_two_neighbors_and_what_the_next_mark_needs(
    client: Client, database: Database, parts: Services, cast: Cast
) -> None:
    log(database, parts, cast, olga=9, mina=5, milo=4, fred=2, bella=1)
    token = session_of(database, cast.fred, tablet_of(database, cast))
    found = get(client, "/api/leaderboard", token).json()
    assert [(line["rank"], line["display_name"], line["is_me"]) for line in found["items"]] == [
        (3, "Milo", False),
        (4, "Fred", True),
        (5, "Bella", False),
    ]
    assert found["me"] == {"rank": 4, "score": 20, "next": {"rank": 3, "points_needed": 20}}
    assert (found["of"], found["next_cursor"]) == (5, None)


def test_a_colleague_who_opted_out_keeps_the_place_and_loses_the_name(
    client: Client, database: Database, parts: Services, cast: Cast
) -> None:
    with database.write(cast.olga.actor) as tx:
        tx.change(update(Person).where(Person.id == cast.bella.id).values(wall_opt_out=True))
    log(database, parts, cast, fred=1, bella=2)
    theirs = get(client, "/api/leaderboard", session_of(database, cast.fred)).json()["items"]
    assert [(line["display_name"], line["person_id"] is None) for line in theirs] == [
        ("A colleague", True),
        ("Fred", False),
    ]
    own = get(client, "/api/leaderboard", session_of(database, cast.bella)).json()["items"]
    assert own[0]["display_name"] == "Bella"
    office = get(client, "/api/leaderboard", session_of(database, cast.mina)).json()["items"]
    assert office[0]["display_name"] == "Bella"


def test_who_is_not_in_the_asked_department_has_no_place_there(
    client: Client, database: Database, parts: Services, cast: Cast
) -> None:
    log(database, parts, cast, fred=1, bella=2)
    path = f"/api/leaderboard?department_id={cast.bar_id}"
    found = get(client, path, session_of(database, cast.fred)).json()
    assert (found["items"], found["me"]) == ([], None)
    names = [
        line["display_name"] for line in get(client, path, session_of(database, cast.mina)).json()["items"]
    ]
    assert names == ["Bella"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("period=decade", 400, "invalid_input"),
        ("metric=beauty", 400, "invalid_input"),
        ("limit=0", 400, "invalid_input"),
        ("limit=101", 400, "invalid_input"),
        ("cursor=nonsense", 400, "invalid_input"),
        ("department_id=nonsense", 400, "invalid_input"),
    ],
)
def test_wrong_questions_are_refused(
    client: Client, database: Database, cast: Cast, query: str, status: int, code: str
) -> None:
    answer = get(client, f"/api/leaderboard?{query}", session_of(database, cast.mina))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("path", ["/api/leaderboard?department_id={}", "/api/leaderboard?location_id={}"])
def test_another_hotel_s_ids_are_not_found(client: Client, database: Database, cast: Cast, path: str) -> None:
    token = session_of(database, cast.mina)
    own = path.format(cast.bar_id if "department" in path else cast.location_id)
    foreign = path.format(cast.other.department_id if "department" in path else cast.other.location_id)
    assert get(client, own, token).status_code == 200
    assert get(client, foreign, token).status_code == 404


def test_each_hotel_sees_its_own_board(
    client: Client, database: Database, parts: Services, cast: Cast
) -> None:
    log(database, parts, cast, fred=3)
    assert get(client, "/api/leaderboard", session_of(database, cast.mina)).json()["of"] == 1
    assert get(client, "/api/leaderboard", session_of(database, cast.other.owner)).json()["of"] == 0


def test_who_may_see_the_scoreboard(client: Client, database: Database, cast: Cast) -> None:
    tablet = tablet_of(database, cast)
    tokens = {
        "owner": (session_of(database, cast.olga), 200),
        "manager": (session_of(database, cast.mina), 200),
        "key": (key_of(database, cast.olga), 200),
        "display": (display_of(database, cast).token, 200),
        "staff": (session_of(database, cast.fred), 401),
        "tablet": (tablet.token, 401),
    }
    got = {name: get(client, "/api/scoreboard", token).status_code for name, (token, _) in tokens.items()}
    assert got == {name: status for name, (_, status) in tokens.items()}
    assert client.get("/api/scoreboard").status_code == 401


def test_a_display_sees_amounts_only_where_the_hotel_shows_them(
    client: Client, database: Database, parts: Services, cast: Cast
) -> None:
    with database.write(cast.olga.actor) as tx:
        set_benchmark(tx, cast)
        enter(tx, cast, TODAY, 34_000, status="open")
    display, manager = display_of(database, cast).token, session_of(database, cast.mina)
    shown = get(client, "/api/scoreboard", display).json()["live"]
    assert (shown["actual"], shown["target"], shown["share_bp"]) == (34_000, 100_000, 10_200)
    set_scoreboard(database, cast, show_revenue=False)
    parts.get(DayTotalsUpdater).announce(cast.organization_id)
    hidden = get(client, "/api/scoreboard", display)
    live = hidden.json()["live"]
    assert (live["actual"], live["should_be_now"], live["target"]) == (None, None, None)
    assert (live["state"], live["share_bp"]) == ("winning", 10_200)
    assert b"34000" not in hidden.content
    assert get(client, "/api/scoreboard", manager).json()["live"]["actual"] == 34_000


def test_an_answer_the_caller_has_is_not_sent_again(
    client: Client, database: Database, parts: Services, cast: Cast
) -> None:
    token = session_of(database, cast.mina)
    for path in ("/api/leaderboard", "/api/scoreboard"):
        first = get(client, path, token)
        again = get(client, path, token, **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        log(database, parts, cast, fred=1)
        changed = get(client, path, token, **{"If-None-Match": first.headers["etag"]})
        assert changed.status_code == 200
        assert changed.headers["etag"] != first.headers["etag"]


def test_a_cached_answer_is_not_computed_again(
    client: Client, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = session_of(database, cast.mina)
    first = get(client, "/api/leaderboard", token)
    monkeypatch.setattr(boards, "ranking", lambda *_, **__: 1 / 0)
    assert get(client, "/api/leaderboard", token).content == first.content
    assert get(client, "/api/leaderboard?period=week", token).status_code == 500


@pytest.mark.parametrize("seed", range(2))
def test_what_is_cached_is_what_would_be_computed(
    client: Client, database: Database, parts: Services, cast: Cast, seed: int
) -> None:
    """After any logs, decisions and entries: the same answer with and without the cache."""
    rng = Random(seed)
    totals = parts.get(DayTotalsUpdater)
    token = session_of(database, cast.olga)
    day = TODAY
    paths = ("/api/leaderboard", "/api/leaderboard?metric=verified&period=month", "/api/scoreboard")
    with database.write(cast.olga.actor) as tx:
        set_benchmark(tx, cast)
    for turn in range(8):
        with database.write(cast.olga.actor) as tx:
            for _ in range(rng.randrange(3)):
                who = rng.choice([cast.fred, cast.bella, cast.mina])
                values = {"status": rng.choice(STATUSES), "points": rng.randrange(1, 20)}
                add_logs(tx, who, cast.location_id, cast.behaviors["greet"], rng.randrange(1, 4), **values)
                totals.mark(cast.organization_id, [(day, who.id)])
            if rng.random() < 0.5:
                tx.change(
                    update(BehaviorLog)
                    .where(BehaviorLog.person_id == cast.fred.id)
                    .values(status=rng.choice(STATUSES))
                )
                totals.mark(cast.organization_id, [(day, cast.fred.id)])
            if turn == 4:
                enter(tx, cast, day, rng.randrange(200_000), status="open")
                totals.mark(cast.organization_id)
        totals.flush()
        cached = [get(client, path, token).json() for path in paths]
        parts.cache.forget(f"leaderboard:{cast.organization_id}")
        assert [get(client, path, token).json() for path in paths] == cached
