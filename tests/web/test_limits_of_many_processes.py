"""Four real server processes behind one port, one Redis: what one admits the others do not admit again."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.browser.support.server import Server
from tests.factories import headers, key_of, make_house, tablet_of
from tests.support import parts, servers
from tests.support.cast import Cast
from tests.support.databases import SqliteDatabases
from topline.core.clock import SystemClock
from topline.core.ids import new_id
from topline.core.transaction import Database

pytestmark = [pytest.mark.redis, pytest.mark.slow]

#: Requests sent side by side; each has a connection of its own, so that the kernel deals them to all four processes.
SIDE_BY_SIDE = 40


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str | None
    limit: str | None
    remaining: str | None
    content_type: str


class House:
    """Four processes, their Redis, their database."""

    def __init__(self, server: Server, store: servers.RedisServer, database: Database, cast: Cast) -> None:
        self.server, self.store, self.database, self.cast = server, store, database, cast

    def get(self, path: str, sent: dict[str, str]) -> Answer:
        return self.send("GET", path, sent)

    def send(self, method: str, path: str, sent: dict[str, str], body: object = None) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.server.port, timeout=30)) as connection:
            packed = None if body is None else json.dumps(body)
            kind = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, packed, {**sent, **kind})
            response = connection.getresponse()
            response.read()
            told = response.headers
            return Answer(
                response.status,
                told["Retry-After"],
                told["RateLimit-Limit"],
                told["RateLimit-Remaining"],
                told["Content-Type"],
            )


@contextmanager
def four_processes(folder: Path, url: str, **settings: str) -> Iterator[House]:
    database = Database(url, SystemClock(), pool_size=2)
    cast = make_house(database)
    with servers.redis(parts.need(parts.REDIS)) as store:
        given = {"TOPLINE_WORKERS": "4", "TOPLINE_REDIS_URL": store.url, "TOPLINE_THREADS": "4"}
        named = {f"TOPLINE_{name.upper()}": value for name, value in settings.items()}
        server = Server(folder / "data", url, {**given, **named}).start()
        try:
            yield House(server, store, database, cast)
        finally:
            server.stop()
            database.close()


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        sqlite_databases.fresh() as url,
        four_processes(tmp_path_factory.mktemp("four"), url, limit_api="100/hour") as house,
    ):
        yield house


def side_by_side(times: int, ask: Callable[[int], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(ask, range(times)))


def statuses(answers: list[Answer]) -> dict[int, int]:
    return dict(Counter(answer.status for answer in answers))


def test_of_400_requests_at_once_by_one_user_exactly_100_are_admitted(house: House) -> None:
    key = headers(key_of(house.database, house.cast.mina))
    found = side_by_side(400, lambda _: house.get("/api/auth/me", key))
    assert statuses(found) == {200: 100, 429: 300}
    refused = [answer for answer in found if answer.status == 429]
    assert all(0 < int(answer.retry_after or 0) <= 3601 for answer in refused)
    assert {(answer.limit, answer.remaining, answer.content_type) for answer in refused} == {
        ("100", "0", "application/problem+json")
    }
    assert sorted(int(answer.remaining or -1) for answer in found if answer.status == 200) == list(range(100))


def test_10_000_requests_with_invented_addresses_admit_not_one_more(house: House) -> None:
    """No proxy is configured: whatever these headers say, it is one client."""
    chance = random.Random(7)
    many = 10_000

    def invented() -> str:
        return ".".join(str(chance.randrange(1, 255)) for _ in range(4))

    forged = [
        {
            "X-Forwarded-For": ", ".join(invented() for _ in range(chance.randrange(1, 4))),
            "Forwarded": f"for={invented()};proto=https",
            "X-Real-IP": invented(),
            "X-Forwarded-Proto": "https",
        }
        for _ in range(many)
    ]
    found = side_by_side(many, lambda number: house.get("/api/auth/me", forged[number]))
    # Unknown and admitted is a 401.
    assert statuses(found) == {401: 100, 429: many - 100}


@pytest.mark.parametrize("fault", ["stopped", "frozen"])
def test_when_the_store_fails_in_mid_flight_nothing_fails_and_sign_in_stays_limited(
    sqlite_databases: SqliteDatabases, tmp_path: Path, fault: str
) -> None:
    with (
        sqlite_databases.fresh() as url,
        four_processes(
            tmp_path, url, limit_api="100000/minute", limit_device_sign_in="7/15minute", bcrypt_cost="10"
        ) as house,
    ):
        key = headers(key_of(house.database, house.cast.mina))
        tablet = headers(tablet_of(house.database, house.cast).token)
        halfway = threading.Event()
        slow: list[float] = []

        def ask(number: int) -> Answer:
            if number == 300:
                halfway.set()
            began = time.monotonic()
            answer = house.get("/api/auth/me", key)
            slow.append(time.monotonic() - began)
            return answer

        def guess(_: int) -> Answer:
            # At nobody of the house, so that no person's own pause gets in the way of the tablet's limit.
            wrong = {"person_id": str(new_id()), "pin": "6173"}
            return house.send("POST", "/api/auth/pin", tablet, wrong)

        def fail() -> None:
            halfway.wait(30)
            house.store.process.stop() if fault == "stopped" else house.store.process.freeze()

        breaking = threading.Thread(target=fail)
        breaking.start()
        found = side_by_side(1500, ask)
        breaking.join()
        guesses = side_by_side(30, guess)
        assert statuses(found) == {200: 1500}
        assert statuses(guesses) == {401: 7, 429: 23}
        assert "limit_store_away" in house.server.log
        # Every process waits for the store once, and whoever comes in that moment with it; nobody does afterwards.
        assert max(slow) < 3
