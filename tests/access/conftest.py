"""The doors with a quick hasher that counts, on the cast's house."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from tests.access.http import BROWSER, PASSWORD, PIN
from tests.access.plain import LIMITS
from tests.factories import (
    PEPPER,
    QUICK_COST,
    SEAL,
    TICKETS,
    Cast,
    Machine,
    Who,
    headers,
    make_house,
    session_of,
    set_password,
    set_pin,
    tablet_of,
)
from tests.support.databases import LookingDatabase, SqliteDatabases
from topline.access.actions import Caller, Doors
from topline.access.hashing import Hasher, hash_token
from topline.access.limits import policy_of
from topline.access.queries import actor_of_token
from topline.access.rules import CredentialKind
from topline.core.actor import Actor
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.web.doorway import Doorway


class CountingHasher(Hasher):
    """A hasher that remembers what it was asked to spend time on."""

    def __init__(self) -> None:
        super().__init__({1: PEPPER}, 1, QUICK_COST, 2)
        self.spent: list[str] = []

    def verify_pin(self, person_id: UUID, pin: str, stored: str, version: int) -> bool:
        self.spent.append("pin")
        return super().verify_pin(person_id, pin, stored, version)

    def verify_nobody(self) -> None:
        self.spent.append("nobody")
        super().verify_nobody()

    def verify_password(self, password: str, stored: str) -> tuple[bool, bool]:
        self.spent.append("password")
        return super().verify_password(password, stored)

    def verify_no_password(self) -> None:
        self.spent.append("no password")
        super().verify_no_password()


@dataclass
class House:
    """The cast with open doors and one enrolled tablet."""

    doors: Doors
    hasher: CountingHasher
    cast: Cast
    tablet: Machine
    at: Caller = field(init=False)

    def __post_init__(self) -> None:
        self.at = Caller("192.0.2.1", self.tablet.id)

    def with_limits(self, **texts: str) -> Doors:
        """The doors with other policies, such as `device="5/15minute"`."""
        changed: dict[str, Any] = {name: policy_of(text) for name, text in texts.items()}
        return replace(self.doors, limits=replace(self.doors.limits, **changed))


@pytest.fixture
def hasher() -> Iterator[CountingHasher]:
    hasher = CountingHasher()
    yield hasher
    hasher.close()


@pytest.fixture
def house(database: Database, hasher: CountingHasher) -> House:
    cast = make_house(database)
    doors = Doors(database, hasher, LIMITS, TICKETS, SEAL)
    return House(doors, hasher, cast, tablet_of(database, cast))


@pytest.fixture
def app_hasher(app: Doorway) -> Hasher:
    found: Hasher = app.litestar.state.services.get(Hasher)
    return found


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_house(database)


@pytest.fixture
def tablet(database: Database, cast: Cast) -> Machine:
    return tablet_of(database, cast)


@pytest.fixture
def fred(database: Database, cast: Cast, app_hasher: Hasher) -> Who:
    set_pin(database, app_hasher, cast.fred, PIN)
    return cast.fred


@pytest.fixture
def mina(database: Database, cast: Cast) -> dict[str, str]:
    """Mina's browser."""
    return {**BROWSER, **headers(session_of(database, cast.mina))}


@pytest.fixture
def with_password(database: Database, cast: Cast, app_hasher: Hasher) -> Cast:
    set_password(database, app_hasher, cast.mina, PASSWORD)
    return cast


@pytest.fixture
def sqlite_database(sqlite_databases: SqliteDatabases, clock: FixedClock) -> Iterator[Database]:
    """For what only concerns the files of SQLite."""
    with sqlite_databases.fresh() as url:
        database = LookingDatabase(url, clock, pool_size=2)
        yield database
        database.close()


@pytest.fixture
def desk_mina(house: House, database: Database) -> Who:
    """Mina, who has a password and whose house is not started."""
    set_password(database, house.hasher, house.cast.mina, PASSWORD)
    return house.cast.mina


@pytest.fixture
def at_desk(database: Database, desk_mina: Who) -> Actor:
    """Mina at her browser."""
    token = session_of(database, desk_mina)
    with database.read() as tx:
        actor = actor_of_token(tx, CredentialKind.SESSION, hash_token(token))
    assert actor is not None
    return actor


@pytest.fixture
def desk_neighbor(house: House, database: Database) -> Who:
    """The owner next door, who has a password too."""
    set_password(database, house.hasher, house.cast.other.owner, PASSWORD)
    return house.cast.other.owner
