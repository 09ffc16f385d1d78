"""The whole program, started once for many tests that do not get in each other's way.

The fixtures `app` and `client` of conftest.py give every test its own; that is half a second each. Tests that only look
at answers, or that make their own people, share one through a fixture of their module:

    @pytest.fixture(scope="module")
    def house(sqlite_databases, tmp_path_factory):
        with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("house")) as house:
            yield house
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from httpx import Response
from litestar.testing import TestClient

from tests.support.databases import LookingDatabase
from topline.core.clock import FixedClock
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.main import create_app
from topline.web.doorway import Doorway

BASE_URL = "http://topline.test"


@dataclass(frozen=True)
class Running:
    """A started program, the database under it, and the clock both read."""

    app: Doorway
    client: TestClient[Doorway]
    database: Database
    clock: FixedClock
    settings: Settings

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
        """One request with nothing remembered from those before: no cookie but those in `headers`."""
        self.client.cookies.clear()
        response = self.client.request(method, path, headers=headers, follow_redirects=False, **more)
        self.client.cookies.clear()
        return response


@contextmanager
def running(url: str, folder: Path, **changed: Any) -> Iterator[Running]:
    """The program on the database at `url`, with the general request limit out of the way unless it is given."""
    plain = {"data": folder / "data", "database_url": url, "database_pool": 5, "log_level": "error"}
    settings = Settings(**{**plain, "limit_api": "1000000/minute", **changed})
    clock = FixedClock(datetime(2026, 3, 4, 10, 0, tzinfo=UTC))
    app = create_app(settings, clock)
    database = LookingDatabase(url, clock, pool_size=2)
    try:
        with TestClient(app, base_url=BASE_URL) as client:
            yield Running(app, client, database, clock, settings)
    finally:
        database.close()
