"""GET /api/tablet/me: the whole own day, fresh after each tap, nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import update

from tests.factories import display_of, headers, session_of, tablet_of
from tests.scoreboard.make import TODAY
from tests.scoring.make import add_logs
from tests.support.cast import Cast
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.people.models import Person
from topline.scoring.updater import DayTotalsUpdater
from topline.web.services import Services

Client = TestClient[Any]


@pytest.fixture
def fred(database: Database, cast: Cast) -> dict[str, str]:
    """Headers of Fred at a tablet."""
    tablet = tablet_of(database, cast)
    return headers(session_of(database, cast.fred, tablet), tablet.token)


def test_the_day_of_somebody_who_has_not_begun(client: Client, cast: Cast, fred: dict[str, str]) -> None:
    me = client.get("/api/tablet/me", headers=fred).json()
    assert me["person"] == {
        "id": str(cast.fred.id),
        "display_name": "Fred",
        "initials": "FF",
        "color": 0,
        "role_name": "Front desk agent",
        "department_name": "Front desk",
    }
    assert (me["business_date"], me["turns_at"]) == ("2026-03-04", "2026-03-05T04:00:00Z")
    assert me["today"] == {"count": 0, "target": 15, "points": 0}
    assert (me["streak_days"], me["place"], me["logs"]) == (0, None, [])
    assert me["session_id"]
    greet = next(one for one in me["behaviors"] if one["name"] == "Greet by name")
    assert greet == {
        "id": str(cast.behaviors["greet"]),
        "name": "Greet by name",
        "icon": "star",
        "points": 10,
        "target": 5,
        "count": 0,
        "verification": "self_reported",
        "place_label": None,
        "asks_amount": False,
        "asks_covers": False,
        "asks_outcome": False,
    }
    assert len(me["behaviors"]) == 3


def test_a_tap_and_its_undo_show_at_once(client: Client, cast: Cast, fred: dict[str, str]) -> None:
    body = {"id": str(new_id()), "behavior_id": str(cast.behaviors["upsell"])}
    assert client.post("/api/behavior-logs", json=body, headers=fred).status_code == 201
    me = client.get("/api/tablet/me", headers=fred).json()
    assert me["today"] == {"count": 1, "target": 15, "points": 10}
    assert (me["streak_days"], me["place"]["rank"], me["place"]["of"]) == (1, 1, 1)
    assert [(log["id"], log["status"], log["can_undo"]) for log in me["logs"]] == [
        (body["id"], "pending", True)
    ]
    assert client.post(f"/api/behavior-logs/{body['id']}/undo", headers=fred).status_code == 200
    me = client.get("/api/tablet/me", headers=fred).json()
    assert me["today"] == {"count": 0, "target": 15, "points": 0}
    assert (me["streak_days"], me["place"], me["logs"][0]["status"]) == (0, None, "undone")


def test_the_place_names_neighbors_who_want_to_be_named(
    client: Client, database: Database, parts: Services, cast: Cast, fred: dict[str, str]
) -> None:
    with database.write(cast.olga.actor) as tx:
        for who, count in ((cast.bella, 3), (cast.fred, 2), (cast.milo, 1)):
            add_logs(tx, who, cast.location_id, cast.behaviors["greet"], count)
        tx.change(update(Person).where(Person.id == cast.bella.id).values(wall_opt_out=True))
    totals = parts.get(DayTotalsUpdater)
    totals.mark(cast.organization_id, [(TODAY, who.id) for who in cast.people])
    totals.flush()
    place = client.get("/api/tablet/me", headers=fred).json()["place"]
    assert place == {
        "rank": 2,
        "of": 3,
        "points": 20,
        "neighbours": [
            {"rank": 1, "display_name": "A colleague", "points": 30, "is_me": False},
            {"rank": 2, "display_name": "Fred", "points": 20, "is_me": True},
            {"rank": 3, "display_name": "Milo", "points": 10, "is_me": False},
        ],
        "next": {"rank": 1, "points_needed": 10},
    }


def test_old_rejections_stay_until_they_are_answered(
    client: Client, database: Database, cast: Cast, fred: dict[str, str]
) -> None:
    yesterday = TODAY - timedelta(days=1)
    where = (cast.location_id, cast.behaviors["upsell"])
    refused: dict[str, Any] = {"status": "rejected", "reject_reason": "duplicate"}
    with database.write(cast.olga.actor) as tx:
        (waiting,) = add_logs(tx, cast.fred, *where, business_date=yesterday, **refused)
        add_logs(
            tx, cast.fred, *where, business_date=yesterday, **refused, answer="Two guests", answered_at=tx.now
        )
        add_logs(tx, cast.fred, *where, business_date=TODAY - timedelta(days=15), **refused)
        add_logs(tx, cast.fred, *where, business_date=yesterday)
        add_logs(tx, cast.bella, *where, business_date=yesterday, **refused)
        (today,) = add_logs(tx, cast.fred, *where)
    logs = client.get("/api/tablet/me", headers=fred).json()["logs"]
    assert [log["id"] for log in logs] == [str(today), str(waiting)]
    assert (logs[1]["reject_reason"], logs[1]["can_answer"]) == ("duplicate", True)


def test_only_a_person_has_a_day(client: Client, database: Database, cast: Cast) -> None:
    refused = {
        "nobody": client.get("/api/tablet/me"),
        "tablet": client.get("/api/tablet/me", headers=headers(tablet_of(database, cast).token)),
        "display": client.get("/api/tablet/me", headers=headers(display_of(database, cast).token)),
    }
    assert {name: answer.status_code for name, answer in refused.items()} == {
        "nobody": 401,
        "tablet": 403,
        "display": 403,
    }
