"""The cast, and its house behind the whole program."""

from typing import TYPE_CHECKING, Any

import pytest
from litestar.testing import TestClient

from tests.factories import make_house
from tests.results.make import House
from tests.support.cast import Cast
from topline.core.settings import Settings
from topline.core.transaction import Database

if TYPE_CHECKING:
    from topline.web.doorway import Doorway


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Uploads without their limit; a test of the limit sets its own."""
    return settings.model_copy(update={"limit_uploads": "100000/hour"})


@pytest.fixture
def house(client: TestClient[Any], app: "Doorway", database: Database) -> House:
    """The cast, signed in, on a fresh database of each kind."""
    return House(client, database, app.litestar.state.services)


@pytest.fixture
def cast(database: Database) -> Cast:
    """The cast on a fresh database, without the program."""
    return make_house(database)
