"""A database password, a pepper and a key of tickets are replaced while requests run; not one of them fails."""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.factories import Machine, Who, make_house, session_of, set_pin, tablet_of
from tests.support import servers
from tests.support.databases import ROOT, PostgresDatabases
from tests.support.vault import Vault
from topline.access.hashing import Hasher
from topline.core.clock import SystemClock
from topline.core.peppers import with_new
from topline.core.secrets.own import fresh
from topline.core.transaction import Database

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

FIRST, SECOND, THIRD = (secrets.token_urlsafe(24) for _ in range(3))
PIN = "7294"


class Operator:
    """The server's superuser: a role of its own for the program, with a password that is really asked for."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.role = f"rotating_{secrets.token_hex(4)}"
        self.run(f"CREATE ROLE {self.role} LOGIN IN ROLE topline")
        self.password(FIRST)
        rules = Path(self.one("SHOW hba_file"))
        rules.write_text(f"host all {self.role} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        self.run("SELECT pg_reload_conf()")

    def run(self, statement: str) -> None:
        self.connection.execute(statement)

    def one(self, statement: str) -> str:
        row = self.connection.execute(statement).fetchone()
        assert row is not None
        return str(row[0])

    def password(self, new: str) -> None:
        self.run(f"ALTER ROLE {self.role} PASSWORD '{new}'")

    def connections(self) -> int:
        return int(self.one(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{self.role}'"))


@pytest.fixture
def url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    with postgres_databases.fresh() as url:
        yield url


@pytest.fixture
def operator(url: str, postgres_server: servers.PostgresServer) -> Iterator[Operator]:
    operator = Operator(postgres_server.admin_url())
    yield operator
    operator.connection.close()


Call = Callable[[], None]


class Load:
    """Calls without a pause, a thread for each; whatever fails is kept."""

    def __init__(self, *calls: Call) -> None:
        self.answered = 0
        self.failed: list[str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._go, args=(call,)) for call in calls]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def more(self, count: int) -> None:
        """Go on until so many more were answered."""
        enough, end = self.answered + count, time.monotonic() + 60
        while self.answered < enough:
            assert time.monotonic() < end, (self.answered, self.failed)
            threading.Event().wait(0.02)

    def _go(self, call: Call) -> None:
        while not self._over.is_set():
            try:
                call()
            except (OSError, AssertionError) as error:
                self.failed.append(repr(error))
            self.answered += 1


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """A real server process with these settings; what it said is in `server.log` of the folder."""
    port = servers.free_port()
    given = {"data": str(folder), "port": str(port), "secrets_refresh": "1", "limit_api": "1000000/minute"}
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    environment |= {f"TOPLINE_{name.upper()}": value for name, value in {**given, **settings}.items()}
    log = folder / "server.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", "topline", "serve"], env=environment, stdout=out, stderr=out
        ) as process,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/health/ready", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert process.poll() is None and time.monotonic() < end, log.read_text()  # noqa: PT018
            threading.Event().wait(0.05)


def asked(address: str, body: dict[str, Any] | None = None, cookie: str = "") -> Any:
    """The answer of the server. Anything else than a good one is an `HTTPError`."""
    headers = {"Content-Type": "application/json", "Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    content = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address, content, headers), timeout=30) as answer:
        return json.load(answer)


def reading(base: str, token: str) -> Call:
    return lambda: asked(f"{base}/api/auth/me", cookie=f"topline_session={token}")


def signing_in(base: str, tablet: Machine, who: Who) -> Call:
    body = {"person_id": str(who.id), "pin": PIN}
    return lambda: asked(f"{base}/api/auth/pin", body, f"topline_device={tablet.token}")


def carrying_a_ticket(base: str) -> Call:
    """From the challenge for a passkey to the answer, with one that nobody has: the ticket counts, the passkey not."""

    def call() -> None:
        ticket = asked(f"{base}/api/auth/passkeys/challenge", {})["ticket"]
        body = {"ticket": ticket, "credential": {"id": "AAAA", "type": "public-key"}}
        with pytest.raises(urllib.error.HTTPError) as refused:
            asked(f"{base}/api/auth/login/passkey", body)
        assert json.load(refused.value)["code"] == "second_factor_wrong"

    return call


@pytest.mark.parametrize("order", ["store first", "server first"])
def test_the_databases_password_is_replaced_under_load(
    order: str, url: str, operator: Operator, store: Vault, tmp_path: Path
) -> None:
    database = Database(url, SystemClock(), pool_size=2, row_security=False)
    house = make_house(database)
    token = session_of(database, house.mina)
    database.close()
    pepper = fresh()
    store.put("kv/topline", database_password=FIRST, pepper=pepper)
    settings = {
        "database_url": url.replace("topline@", f"{operator.role}@"),
        "secrets": "vault:kv/topline",
        "vault_address": store.address,
        "vault_token": store.token,
    }
    log = tmp_path / "server.log"
    with serving(tmp_path, **settings) as base, Load(*[reading(base, token)] * 4) as load:
        load.more(50)
        for times, new in enumerate((SECOND, THIRD), 1):
            changes = [
                lambda new=new: store.put("kv/topline", database_password=new, pepper=pepper),
                lambda new=new: operator.password(new),
            ]
            first, second = changes if order == "store first" else reversed(changes)
            first()
            # Now the two do not agree, and so many at once need more connections than there are.
            with Load(*[reading(base, token)] * 8) as crowd:
                # Well within the five seconds that are promised; counting requests, a busy machine would take longer.
                threading.Event().wait(0.5)
                second()
                renewed(log, times, load)
                load.more(50)
            assert crowd.failed == []
        assert operator.connections() > 0
    assert load.failed == []
    assert not [word for word in (FIRST, SECOND, THIRD, store.token, pepper) if word in log.read_text()]


def renewed(log: Path, times: int, load: Load) -> None:
    """Until the server says so many times that it has a new secret."""
    end = time.monotonic() + 30
    while log.read_text().count("secrets_changed") < times:
        assert time.monotonic() < end, (log.read_text(), load.failed)
        threading.Event().wait(0.05)


def test_the_pepper_is_replaced_under_load_and_an_old_one_leaves(
    url: str, postgres_server: servers.PostgresServer, tmp_path: Path
) -> None:
    database = Database(url, SystemClock(), pool_size=2, row_security=False)
    house = make_house(database)
    tablet = tablet_of(database, house)
    first = fresh()
    hasher = Hasher({1: first.encode()}, 1, 10, 1)
    for who in house.people:
        set_pin(database, hasher, who, PIN)
    hasher.close()
    pepper = tmp_path / "the-pepper"
    pepper.write_text(first)
    given = {"database_url": url, "pepper_file": str(pepper)}
    with (
        serving(tmp_path, **given) as base,
        Load(*[signing_in(base, tablet, who) for who in house.people]) as load,
    ):
        load.more(10)
        pepper.write_text(with_new(first, fresh()))
        renewed(tmp_path / "server.log", 1, load)
        load.more(20)
        with psycopg.connect(postgres_server.admin_url(url.rpartition("/")[2])) as connection:
            assert connection.execute("SELECT DISTINCT pepper_version FROM pins").fetchall() == [(2,)]
        pepper.write_text(pepper.read_text().split(",")[0])
        renewed(tmp_path / "server.log", 2, load)
        load.more(10)
    database.close()
    assert load.failed == []
    assert not [word for word in (first, pepper.read_text()) if word in (tmp_path / "server.log").read_text()]


def test_the_key_of_tickets_is_replaced_under_load(url: str, tmp_path: Path) -> None:
    """A ticket that was signed by one key is read while the next one signs."""
    file, log = tmp_path / "the-key", tmp_path / "server.log"
    file.write_text(FIRST)
    given = {"database_url": url, "session_key_file": str(file), "limit_unknown_sign_in": "1000000/minute"}
    with serving(tmp_path, **given) as base, Load(*[carrying_a_ticket(base)] * 4) as load:
        load.more(20)
        for times, keys in enumerate((f"{FIRST},{SECOND}", f"{SECOND},{FIRST}", SECOND), 1):
            file.write_text(keys)
            renewed(log, times, load)
            load.more(20)
    assert load.failed == []
    assert not [key for key in (FIRST, SECOND) if key in log.read_text()]
