"""A small hotel behind each kind of front: Caddy and nginx as we ship them, and Topline doing TLS itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.support.server import PEPPER, Server
from tests.browser.support.stage import Stage, set_stage
from tests.support import parts, proxies
from tests.support.certificates import Pair, make_pair
from tests.support.databases import SqliteDatabases
from tests.support.proxies import Front
from tests.support.servers import free_port

HERE = Path(__file__).parent
#: What one unknown address may ask in a minute: few enough to be used up in a test.
LIMIT = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.proxy)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def stage(sqlite_databases: SqliteDatabases) -> Iterator[Stage]:
    """The small hotel on a SQLite file."""
    with sqlite_databases.fresh() as url:
        set_up = set_stage(url)
        yield set_up
        set_up.database.close()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A certificate for this machine."""
    return make_pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module", params=["caddy", "nginx", "topline"])
def front(
    request: pytest.FixtureRequest, stage: Stage, pair: Pair, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """What speaks TLS before the hotel of this module."""
    folder = tmp_path_factory.mktemp(request.param)
    settings = {"TOPLINE_PEPPER": PEPPER, "TOPLINE_LIMIT_API": f"{LIMIT}/minute"}
    if request.param == "topline":
        plain_port = free_port()
        tls = {"CERTIFICATE": pair.certificate, "KEY": pair.key, "REDIRECT_PORT": plain_port}
        settings |= {f"TOPLINE_TLS_{name}": str(value) for name, value in tls.items()}
        server = Server(folder / "data", stage.url, settings).start()
        yield Front("topline", server.port, plain_port, pair.certificate)
        server.kill()
        return
    part = {"caddy": parts.CADDY, "nginx": parts.NGINX}[request.param]
    program, socket = parts.need(part), folder / "topline.sock"
    settings |= {"TOPLINE_SOCKET": str(socket), "TOPLINE_TRUSTED_PROXIES": "127.0.0.1"}
    server = Server(folder / "data", stage.url, settings).start()
    started = (
        proxies.caddy(program, folder / "proxy", f"unix/{socket}")
        if request.param == "caddy"
        else proxies.nginx(program, folder / "proxy", f"unix:{socket}", pair)
    )
    with started as front:
        yield front
    server.kill()
