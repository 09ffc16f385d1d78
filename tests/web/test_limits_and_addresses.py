"""How often somebody may ask, and whose address counts when a proxy stands in front."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from httpx import ASGITransport, AsyncClient, Response

from tests.factories import headers, key_of, make_house, session_of
from tests.support.apps import BASE_URL, Running, running
from tests.support.databases import SqliteDatabases
from topline.core.ids import new_id
from topline.web.addresses import bucket_of, client_of, parse_networks


@pytest.fixture
def house(
    sqlite_databases: SqliteDatabases, request: pytest.FixtureRequest, tmp_path: Any
) -> Iterator[Running]:
    """A fresh count for every test: five a minute, and one proxy that is believed."""
    changed = {"limit_api": "5/minute", "trusted_proxies": "192.0.2.10"}
    with sqlite_databases.fresh() as url, running(url, tmp_path, **changed) as house:
        yield house


def from_address(house: Running, peer: str, *forwarded: str | None) -> list[Response]:
    """Requests by nobody from that peer, one for each `X-Forwarded-For`."""

    async def ask() -> list[Response]:
        transport = ASGITransport(app=house.app, client=(peer, 40000))  # type: ignore[arg-type]
        async with AsyncClient(transport=transport, base_url=BASE_URL) as client:
            return [
                await client.get("/api/auth/me", headers={"X-Forwarded-For": line} if line else {})
                for line in forwarded
            ]

    return anyio.run(ask)


def remaining(answers: list[Response]) -> list[int]:
    return [int(answer.headers["ratelimit-remaining"]) for answer in answers]


def test_an_answer_says_how_many_requests_are_left(house: Running) -> None:
    found = [house.call("GET", "/api/auth/me") for _ in range(5)]
    assert [answer.headers["ratelimit-limit"] for answer in found] == ["5"] * 5
    assert remaining(found) == [4, 3, 2, 1, 0]
    assert all(1 <= int(answer.headers["ratelimit-reset"]) <= 60 for answer in found)


def test_one_more_is_a_429_that_says_when_to_come_back(house: Running) -> None:
    for _ in range(5):
        house.call("GET", "/api/auth/me")
    refused = house.call("GET", "/api/auth/me")
    body = refused.json()
    assert (refused.status_code, body["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["retry-after"]) == body["retry_after"] <= 60
    assert refused.headers["ratelimit-remaining"] == "0"


def test_a_refused_request_changes_nothing(house: Running) -> None:
    cast = make_house(house.database)
    mina = headers(session_of(house.database, cast.olga))
    for _ in range(5):
        house.call("GET", "/api/auth/me", mina)
    name = {"name": "One too many"}
    assert house.call("PATCH", f"/api/roles/{cast.owner_role_id}", mina, json=name).status_code == 429
    key = headers(key_of(house.database, cast.mina))
    roles = house.call("GET", "/api/roles", key).json()["items"]
    assert "One too many" not in [role["name"] for role in roles]


def test_a_person_is_counted_once_whatever_they_show_and_wherever_they_are(house: Running) -> None:
    cast = make_house(house.database)
    tokens = [session_of(house.database, cast.mina) for _ in range(2)] + [key_of(house.database, cast.mina)]
    found = [house.call("GET", "/api/auth/me", headers(token)) for token in tokens]
    assert remaining(found) == [4, 3, 2]
    other = house.call("GET", "/api/auth/me", headers(session_of(house.database, cast.milo)))
    assert remaining([other]) == [4]


def test_uploads_are_counted_together_whatever_they_are(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    """Before anything is looked at: a photo for a log that is not there is an upload, too."""
    with sqlite_databases.fresh() as url, running(url, tmp_path, limit_uploads="3/hour") as house:
        cast = make_house(house.database)
        mina = headers(session_of(house.database, cast.mina))
        file = {
            "files": {"file": ("days.csv", b"business_date;revenue\n", "text/csv")},
            "data": {"kind": "daily"},
        }
        photo = {"content": b"no picture"}

        def upload(method: str, path: str, more: dict[str, Any]) -> Response:
            return house.call(method, path, mina, **more)

        found = [
            upload("PUT", f"/api/behavior-logs/{new_id()}/evidence", photo),
            upload("POST", "/api/imports", file),
            upload("POST", "/results/imports", file),
            upload("PUT", f"/api/behavior-logs/{new_id()}/evidence", photo),
            upload("POST", "/api/imports", file),
            upload("POST", "/results/imports", file),
        ]
        assert [answer.status_code == 429 for answer in found] == [False] * 3 + [True] * 3
        # The answer tells of the limit that is nearer; other requests are not held up by it.
        assert (remaining(found), {answer.headers["ratelimit-limit"] for answer in found}) == (
            [2, 1, 0, 0, 0, 0],
            {"3"},
        )
        assert all(1000 < int(answer.headers["retry-after"]) <= 3601 for answer in found[3:])
        assert house.call("GET", "/api/auth/me", mina).status_code == 200
        milo = headers(session_of(house.database, cast.milo))
        assert house.call("POST", "/api/imports", milo, **file).status_code != 429


def test_a_person_reads_how_long_to_wait(house: Running) -> None:
    for _ in range(5):
        house.call("GET", "/sign-in", {"Accept": "text/html"})
    page = house.call("GET", "/sign-in", {"Accept": "text/html"})
    wait = int(page.headers["retry-after"])
    assert (page.status_code, page.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert f'data-wait="{wait}"' in page.text
    assert f"{wait // 60}:{wait % 60:02}" in page.text
    assert "Try again" in page.text
    # A form would be sent twice: it gets no such button.
    form = house.call("POST", "/sign-in", {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}, data={})
    assert (form.status_code, "Try again" in form.text) == (429, False)


def test_being_checked_by_a_load_balancer_is_never_limited(house: Running) -> None:
    for path in ("/health", "/health/ready", "/api/health"):
        assert {house.call("GET", path).status_code for _ in range(8)} == {200}, path


def test_forging_an_address_does_not_escape_the_limit(house: Running) -> None:
    """Not from the proxy: whatever the header says, the connection's own address counts."""
    forged = [f"203.0.113.{number}" for number in range(6)]
    assert [answer.status_code for answer in from_address(house, "198.51.100.7", *forged)] == [401] * 5 + [
        429
    ]


def test_behind_the_proxy_each_client_is_counted_by_itself(house: Running) -> None:
    found = from_address(house, "192.0.2.10", "203.0.113.1", "203.0.113.2", "203.0.113.1")
    assert remaining(found) == [4, 4, 3]


def test_what_a_client_wrote_before_the_proxy_is_not_believed(house: Running) -> None:
    """The proxy appends what it sees: the right-most address that is not ours is the client's."""
    forged = [f"10.0.0.{number}, 203.0.113.9" for number in range(6)]
    assert [answer.status_code for answer in from_address(house, "192.0.2.10", *forged)] == [401] * 5 + [429]


def test_one_client_does_not_escape_within_its_own_ipv6_network(house: Running) -> None:
    peers = [f"2001:db8:1:1::{number}" for number in range(6)]
    statuses = [from_address(house, peer, None)[0].status_code for peer in peers]
    assert statuses == [401] * 5 + [429]
    assert from_address(house, "2001:db8:1:2::1", None)[0].status_code == 401


TRUSTED = "127.0.0.1, 10.1.0.0/16, ::1"


@pytest.mark.parametrize(
    ("peer", "header", "found"),
    [
        ("203.0.113.5", None, "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.1.2.3, 10.1.2.4", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", ", ,", "127.0.0.1"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("", "198.51.100.1", ""),
        ("a unix socket", "198.51.100.1", "a unix socket"),
        ("::ffff:203.0.113.5", None, "203.0.113.5"),
        ("::ffff:203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:127.0.0.1", "198.51.100.1, ::ffff:10.1.2.3", "198.51.100.1"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "64:ff9b::c633:6401", "64:ff9b::c633:6401"),
        ("fe80::1%eth0", None, "fe80::1%eth0"),
    ],
)
def test_whose_address_it_is(peer: str, header: str | None, found: str) -> None:
    assert client_of(peer, header, parse_networks(TRUSTED)) == found


@pytest.mark.parametrize("text", ["::ffff:10.1.0.0/112", "10.1.0.0/16"])
def test_a_proxy_may_be_written_in_either_form(text: str) -> None:
    for peer in ("10.1.2.3", "::ffff:10.1.2.3"):
        assert client_of(peer, "198.51.100.1", parse_networks(text)) == "198.51.100.1"


@pytest.mark.parametrize("text", ["localhost", "10.0.0.0/33", "10.0.0", "*"])
def test_a_proxy_that_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_networks(text)


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:1:abcd::7", "2001:db8:1:1::"),
        ("not an address", "not an address"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("::ffff:cb00:7105", "203.0.113.5"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_under_which_key_an_address_is_counted(address: str, bucket: str) -> None:
    assert bucket_of(address) == bucket


def test_who_listens_on_every_address_counts_ipv4_clients_one_by_one(house: Running) -> None:
    first = from_address(house, "::ffff:203.0.113.5", *[None] * 6)
    assert [answer.status_code for answer in first] == [401] * 5 + [429]
    assert from_address(house, "::ffff:203.0.113.6", None)[0].status_code == 401
    assert from_address(house, "203.0.113.5", None)[0].status_code == 429
    told = from_address(house, "::ffff:192.0.2.10", *[f"198.51.100.{n}" for n in range(7)])
    assert [answer.status_code for answer in told] == [401] * 7


def test_the_scheme_too_is_believed_only_from_the_proxy(house: Running) -> None:
    async def ask(peer: str) -> Response:
        transport = ASGITransport(app=house.app, client=(peer, 40000))  # type: ignore[arg-type]
        sent = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        async with AsyncClient(transport=transport, base_url=BASE_URL) as client:
            return await client.get("/api/auth/me", headers=sent)

    assert "strict-transport-security" in anyio.run(ask, "192.0.2.10").headers
    assert "strict-transport-security" in anyio.run(ask, "::ffff:192.0.2.10").headers
    assert "strict-transport-security" not in anyio.run(ask, "198.51.100.7").headers
