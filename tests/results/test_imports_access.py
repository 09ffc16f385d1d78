"""Imports: who may, how often, and what is left behind."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from litestar.testing import TestClient

from tests.factories import headers, make_house, session_of
from tests.results.make import House, csv_of, days_of
from topline.core.clock import FixedClock
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.main import create_app
from topline.results import queries
from topline.results.actions import file_key, forget_old_previews


def test_staff_may_not_and_the_neighbor_finds_nothing(house: House) -> None:
    found = house.upload(csv_of(days_of(1))).json()
    one = f"/api/imports/{found['id']}"
    choices = {"options": found["options"], "location_id": found["location_id"]}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", one, {}),
        ("GET", f"{one}/problems", {}),
        ("PUT", one, {"json": choices}),
        ("POST", f"{one}/commit", {}),
        ("POST", f"{one}/undo", {}),
        ("DELETE", one, {}),
    ]
    for method, path, more in calls:
        assert house.call(house.cast.fred, method, path, **more).status_code == 403, path
        assert house.call(house.cast.other.owner, method, path, **more).status_code == 404, path
    assert house.upload(csv_of(days_of(1)), who=house.cast.fred).status_code == 403
    assert house.call(house.cast.fred, "GET", "/api/imports").status_code == 403
    assert house.call(house.cast.other.owner, "GET", "/api/imports").json()["items"] == []
    assert house.commit(found).status_code == 200


def test_a_file_for_the_house_next_door_is_refused(house: House) -> None:
    found = house.upload(csv_of(days_of(1))).json()
    body = {"options": found["options"], "location_id": str(house.cast.other.location_id)}
    refused = house.call(house.cast.mina, "PUT", f"/api/imports/{found['id']}", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "location_id")
    upload = house.call(
        house.cast.mina,
        "POST",
        "/api/imports",
        data={"kind": "daily", "location_id": str(house.cast.other.location_id)},
        files={"file": ("days.csv", csv_of(days_of(1)), "text/csv")},
    )
    assert upload.status_code == 404


def test_an_upload_without_a_file_or_of_another_kind_is_refused(house: House) -> None:
    for data, files in (
        ({"kind": "daily"}, None),
        ({"kind": "other"}, {"file": ("a.csv", b"a,b\n1,2\n")}),
        ({"kind": "daily", "file": "no file"}, None),
    ):
        answer = house.call(house.cast.mina, "POST", "/api/imports", data=data, files=files)
        assert answer.status_code == 400, answer.text
    assert house.call(house.cast.mina, "GET", "/api/imports").json()["items"] == []


def test_unknown_options_are_refused(house: House) -> None:
    found = house.upload(csv_of(days_of(1))).json()
    for wrong in (
        {"existing": "burn"},
        {"columns": {"business_date": -1}},
        {"surprise": 1},
        {"reason": "x" * 201},
    ):
        assert house.choose(found, **wrong).status_code == 400, wrong
    assert house.choose(found, reason="a\x00b").json()["errors"][0]["field"] == "reason"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/<b>days.csv", "<b>days.csv"),
        ("C:\\files\\days.csv", "days.csv"),
        ("x" * 300 + ".csv", "x" * 120),
    ],
)
def test_the_name_of_the_file_is_only_a_name(house: House, name: str, kept: str) -> None:
    assert house.upload(csv_of(days_of(1)), name=name).json()["file_name"] == kept


def test_the_fifty_first_upload_of_an_hour_waits(
    settings: Settings, clock: FixedClock, database: Database
) -> None:
    cast = make_house(database)
    app = create_app(settings.model_copy(update={"limit_uploads": "3/hour"}), clock)
    with TestClient(app, base_url="http://topline.test") as client:

        def upload(who: Any) -> Any:
            files = {"file": ("days.csv", csv_of(days_of(1)), "text/csv")}
            sent = headers(session_of(database, who))
            return client.post("/api/imports", data={"kind": "daily"}, files=files, headers=sent)

        assert [upload(cast.mina).status_code for _ in range(4)] == [201, 201, 201, 429]
        refused = upload(cast.mina)
        assert refused.json()["code"] == "too_many_requests"
        assert int(refused.headers["retry-after"]) > 0
        assert upload(cast.milo).status_code == 201


def test_previews_nobody_finished_are_forgotten_with_their_files(house: House, clock: FixedClock) -> None:
    old = house.upload(csv_of(days_of(1))).json()
    done = house.upload(csv_of(days_of(2))).json()
    house.commit(done)
    clock.advance(timedelta(hours=25))
    files, key = house.parts.files, file_key(UUID(old["id"]))
    assert files.get(key) is not None
    assert forget_old_previews(house.database, files, clock.now()) == 1
    assert files.get(key) is None
    with house.database.read(house.cast.mina.actor) as tx:
        assert [str(item.id) for item in queries.imports_page(tx, limit=10)] == [done["id"]]
