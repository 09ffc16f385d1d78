"""The servers, databases and guards of the suite itself."""

import socket
import subprocess
import sys
import time

import pytest
from sqlalchemy import inspect

from tests.browser.support.proxy import proxy_before
from tests.support.databases import ROOT
from tests.support.hotel import Hotel
from tests.support.network import NetworkUseError, is_local
from tests.support.parts import REDIS, Part, need
from tests.support.servers import free_port, redis
from topline.core.permissions import Permission
from topline.core.transaction import Database
from topline.tables import metadata


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database_whatever_the_one_before_left(database: Database, turn: int) -> None:
    with database.write() as tx:
        tx.connection.exec_driver_sql("CREATE TABLE left_behind (id INTEGER)")
    with database.read() as tx:
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM left_behind").scalar_one() == 0


def test_a_database_has_every_table_of_the_program(database: Database) -> None:
    with database.read() as tx:
        assert set(inspect(tx.connection).get_table_names()) >= set(metadata.tables)


def test_the_cast_is_known_to_the_program(hotel: Hotel, other_hotel: Hotel, database: Database) -> None:
    assert hotel.sam.actor.device_id == hotel.tablet.id
    assert hotel.olive.actor.may(Permission.ORGANIZATION_MANAGE)
    assert not hotel.max.actor.may(Permission.ORGANIZATION_MANAGE)
    assert hotel.sam.actor.organization_id != other_hotel.sam.actor.organization_id


def test_redis_runs_for_us_alone() -> None:
    with (
        redis(need(REDIS)) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=2) as connection,
    ):
        connection.sendall(b"DBSIZE\r\n")
        assert connection.recv(16) == b":0\r\n"


@pytest.mark.parametrize(
    ("address", "local"),
    [
        (("127.0.0.1", 80), True),
        (("127.8.0.1", 80), True),
        (("::1", 80, 0, 0), True),
        (("localhost", 80), True),
        ("/run/socket", True),
        (("192.0.2.1", 80), False),
        (("0.0.0.0", 80), False),
        (("example.org", 80), False),
        (("10.0.0.1", 80), False),
    ],
)
def test_only_this_machine_is_local(address: object, local: bool) -> None:
    assert is_local(address) is local


def test_a_connection_to_another_machine_fails_the_test() -> None:
    with socket.socket() as connection, pytest.raises(NetworkUseError):
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkUseError):
        socket.getaddrinfo("example.org", 443)


def test_a_missing_part_is_skipped_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part("organ", "apt-get install organ", None)
    monkeypatch.delenv("REQUIRE", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install organ"):
        need(part)


def test_a_missing_part_fails_where_all_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part("organ", "apt-get install organ", None)
    monkeypatch.setenv("REQUIRE", "all")
    with pytest.raises(pytest.fail.Exception, match="REQUIRE=all"):
        need(part)


def test_a_killed_run_takes_its_servers_along() -> None:
    need(REDIS)
    script = (
        "import time; from tests.support import parts, servers\n"
        "with servers.redis(parts.need(parts.REDIS)) as server: print(server.port, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
        assert run.stdout is not None
        port = int(run.stdout.readline())
        run.kill()
    end = time.monotonic() + 10
    while _listens(port):
        assert time.monotonic() < end, "the server outlived the run"
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def test_a_connection_left_open_ends_with_the_proxy() -> None:
    """Browsers open connections in advance; one that is only dropped fails whatever test collects it later."""
    with proxy_before(free_port()) as proxy:
        idle = socket.create_connection(("127.0.0.1", proxy.port))
        time.sleep(0.05)
    with idle:
        idle.settimeout(5)
        assert idle.recv(1) == b""
