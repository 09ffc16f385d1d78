"""The cast's house at noon of a day that is open from eight to eight, and the running program's parts."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.factories import make_house
from tests.scoreboard.make import NOON, set_hours
from tests.support.cast import Cast
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.web.doorway import Doorway
from topline.web.services import Services


@pytest.fixture
def cast(database: Database, clock: FixedClock) -> Cast:
    clock.instant = NOON
    cast = make_house(database)
    with database.write(cast.olga.actor) as tx:
        set_hours(tx, cast)
    return cast


@pytest.fixture
def parts(app: Doorway, client: TestClient[Any]) -> Services:
    """The services of the program behind `client`, which runs."""
    assert client is not None
    found: Services = app.litestar.state.services
    return found
