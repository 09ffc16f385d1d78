"""Scripts of other sites: none may call, until the operator names their origin; and then the API alone, with a key."""

from collections.abc import Iterator

import pytest
from httpx import Response

from tests.factories import key_of, make_house, session_of
from tests.support.apps import Running, running
from tests.support.databases import SqliteDatabases
from topline.core.settings import SettingsError, load_settings
from topline.web.headers import SecurityHeaders

INTRANET = "https://intranet.example"
ELSEWHERE = [
    "https://evil.example",
    "http://intranet.example",
    "https://intranet.example.evil.example",
    "null",
    "",
]


@pytest.fixture(scope="module")
def open_house(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    origins = f"https://bi.example:8443, {INTRANET}"
    folder = tmp_path_factory.mktemp("cors")
    with sqlite_databases.fresh() as url, running(url, folder, cors_origins=origins) as house:
        yield house


@pytest.fixture(scope="module")
def closed_house(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("no-cors")) as house:
        yield house


@pytest.fixture(scope="module")
def key(open_house: Running) -> dict[str, str]:
    owner = make_house(open_house.database).olga
    return {"Authorization": f"Bearer {key_of(open_house.database, owner)}"}


def asked_first(house: Running, origin: str, path: str = "/api/users", method: str = "GET") -> Response:
    sent = {"Origin": origin, "Access-Control-Request-Method": method}
    return house.call("OPTIONS", path, sent)


def said_of_origins(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


def test_nobody_may_as_long_as_nobody_is_named(closed_house: Running) -> None:
    for path in ("/api/auth/me", "/docs", "/health", "/static/favicon.svg", "/nothing"):
        assert said_of_origins(closed_house.call("GET", path, {"Origin": INTRANET})) == {}, path
    assert said_of_origins(asked_first(closed_house, INTRANET)) == {}


@pytest.mark.parametrize("origin", [INTRANET, "https://bi.example:8443"])
def test_a_named_site_may_read_the_api_with_a_key(
    open_house: Running, key: dict[str, str], origin: str
) -> None:
    answer = open_house.call("GET", "/api/users", {**key, "Origin": origin, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == origin
    assert "ratelimit-remaining" in answer.headers["access-control-expose-headers"]
    assert answer.headers["vary"] == "origin"


def test_a_named_site_may_change_things_with_a_key(open_house: Running, key: dict[str, str]) -> None:
    sent = {**key, "Origin": INTRANET, "Sec-Fetch-Site": "cross-site"}
    answer = open_house.call("POST", "/api/departments", sent, json={})
    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == INTRANET


def test_the_browser_that_asks_first_is_told_what_may_be_sent(open_house: Running) -> None:
    answer = asked_first(open_house, INTRANET, method="PUT")
    assert answer.status_code == 204
    said = said_of_origins(answer)
    assert said["access-control-allow-origin"] == INTRANET
    assert "PUT" in said["access-control-allow-methods"]
    assert "authorization" in said["access-control-allow-headers"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_every_other_site_is_kept_out(open_house: Running, key: dict[str, str], origin: str) -> None:
    assert said_of_origins(asked_first(open_house, origin)) == {}
    assert said_of_origins(open_house.call("GET", "/api/users", {**key, "Origin": origin})) == {}


@pytest.mark.parametrize("path", ["/docs", "/sign-in", "/health", "/tablet", "/static/favicon.svg"])
def test_pages_are_never_open_to_other_sites(open_house: Running, path: str) -> None:
    assert said_of_origins(asked_first(open_house, INTRANET, path)) == {}
    assert said_of_origins(open_house.call("GET", path, {"Origin": INTRANET})) == {}


def test_a_cookie_never_counts_from_another_site(open_house: Running, key: dict[str, str]) -> None:
    owner = make_house(open_house.database).olga
    cookie = {"Cookie": f"topline_session={session_of(open_house.database, owner)}"}
    sent = {**cookie, "Origin": INTRANET, "Sec-Fetch-Site": "cross-site"}
    answers = [
        asked_first(open_house, INTRANET),
        open_house.call("GET", "/api/users", sent),
        open_house.call("POST", "/api/departments", sent, json={}),
        open_house.call("GET", "/api/users", {**key, "Origin": INTRANET}),
    ]
    assert answers[2].json()["code"] == "cross_site"
    assert not any("access-control-allow-credentials" in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "origins",
    ["*", "https://*.example", "null", "intranet.example", "https://a.example/", "https://a.example/x"],
)
def test_what_is_no_single_origin_stops_the_start(origins: str) -> None:
    with pytest.raises(SettingsError, match="TOPLINE_CORS_ORIGINS"):
        load_settings(cors_origins=origins)


def test_how_long_tls_is_insisted_on_is_a_setting() -> None:
    assert dict(SecurityHeaders(300).of(secure=True))[b"strict-transport-security"] == b"max-age=300"
    assert b"strict-transport-security" not in dict(SecurityHeaders(300).of(secure=False))
    assert b"strict-transport-security" not in dict(SecurityHeaders(0).of(secure=True))
