"""A request that does not say which site it is for is refused, and is no fault of ours."""

from collections.abc import Iterator
from typing import Any

import anyio
import pytest

from tests.support.apps import Running, running
from tests.support.databases import SqliteDatabases


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("host")) as house:
        yield house


def status_of(house: Running, path: str, *hosts: bytes, version: str = "1.1") -> tuple[int, bytes]:
    """What the program answers to exactly these headers: no client library adds or mends one."""
    told: list[Any] = []
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": version,
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", host) for host in hosts] + [(b"accept", b"text/html")],
        "client": ("203.0.113.5", 40000),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    async def ask() -> None:
        await house.app(scope, receive, send)

    anyio.run(ask)
    return told[0]["status"], b"".join(message.get("body", b"") for message in told[1:])


@pytest.mark.parametrize("path", ["/sign-in", "/nothing"])
@pytest.mark.parametrize(
    "hosts", [(), (b"",), (b"[",), (b"[::1",), (b"a b",), (b"a/b",), (b"user@house.example",), (b"a:port",)]
)
def test_without_a_host_nothing_is_answered(house: Running, path: str, hosts: tuple[bytes, ...]) -> None:
    status, body = status_of(house, path, *hosts)
    assert status == 400
    assert b"which site it is for" in body


def test_the_old_protocol_too_must_name_the_site_but_a_probe_need_not(house: Running) -> None:
    assert status_of(house, "/sign-in", version="1.0")[0] == 400
    assert status_of(house, "/health/ready", version="1.0")[0] == 200
    assert status_of(house, "/health", version="1.0")[0] == 200


@pytest.mark.parametrize(
    "host", [b"house.example", b"house.example:8443", b"127.0.0.1", b"[::1]:8000", b"my_box"]
)
def test_any_name_or_address_is_taken(house: Running, host: bytes) -> None:
    assert status_of(house, "/sign-in", host)[0] in (200, 303)
