"""A body may hold the fields its route asks for and no other: nobody sends along a role, a hash or another hotel."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.walk import content, filled, routes_of
from tests.support.apps import Running, running
from tests.support.databases import SqliteDatabases
from tests.support.furnished import Furnished, furnish, rows_of
from tests.support.hotel import headers

SMUGGLED = ("organization_id", "password_hash", "permissions_granted")


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("over")) as house:
        yield house


@pytest.fixture(scope="module")
def things(house: Running) -> Furnished:
    return furnish(house, "Hotel of Bodies")


@pytest.mark.parametrize("field", SMUGGLED)
def test_a_field_nobody_asked_for_refuses_the_body(house: Running, things: Furnished, field: str) -> None:
    olive = headers(things.hotel.olive)
    before = rows_of(house.database, things.hotel.organization_id)
    tried, taken = 0, {}
    for route in routes_of(house.app.litestar):
        body: Any = content(route, things).get("json") if route.path.startswith("/api/") else None
        if not isinstance(body, dict) or field in body:
            continue
        tried += 1
        answer = house.call(
            route.method, filled(route.path, things.ids), olive, json={**body, field: "smuggled"}
        )
        if answer.status_code not in (400, 401, 403):
            taken[route.name] = f"{answer.status_code} {answer.text[:120]}"
    assert taken == {}
    assert tried > 20
    assert rows_of(house.database, things.hotel.organization_id) == before
