"""A small hotel as the browser tests need it: with passwords and PINs that the server takes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from tests.browser.support.server import PEPPER
from tests.factories import display_of, make_house, set_password, set_pin, tablet_of
from tests.support.cast import Cast, Machine, Who
from tests.support.databases import LookingDatabase
from topline.access.hashing import Hasher
from topline.core.clock import SystemClock
from topline.core.transaction import Database
from topline.logbook.models import BehaviorLog
from topline.organizations.models import Organization

PASSWORD = "seven quiet lanterns"
PINS = {"fred": "4711", "bella": "2903"}
#: bcrypt's least cost, so that a stage is set in a moment. The server's own cost does not matter to what is stored.
_COST = 4


@dataclass(frozen=True)
class Log:
    """One row of the logbook."""

    id: UUID
    behavior_id: UUID
    status: str
    occurred_at: datetime


@dataclass(frozen=True)
class Stage:
    """The cast on a database that a server serves, a tablet and a display."""

    url: str
    database: Database
    cast: Cast
    tablet: Machine
    display: Machine

    def logs(self, who: Who) -> list[Log]:
        """Everything in the logbook of a person, by the tablet's time."""
        wanted = (
            select(BehaviorLog.id, BehaviorLog.behavior_id, BehaviorLog.status, BehaviorLog.occurred_at)
            .where(BehaviorLog.organization_id == who.organization_id, BehaviorLog.person_id == who.id)
            .order_by(BehaviorLog.occurred_at)
        )
        with self.database.read() as tx:
            return [Log(*row) for row in tx.execute(wanted)]


def set_stage(url: str) -> Stage:
    """Put the cast into an empty, migrated database. Idle tablets wait long: a test machine may be slow."""
    database = LookingDatabase(url, SystemClock(), pool_size=2)
    hasher = Hasher({1: PEPPER.encode()}, 1, _COST, 1)
    try:
        cast = make_house(database)
        for who in (cast.olga, cast.mina):
            set_password(database, hasher, who, PASSWORD)
        set_pin(database, hasher, cast.fred, PINS["fred"])
        set_pin(database, hasher, cast.bella, PINS["bella"])
    finally:
        hasher.close()
    with database.write() as tx:
        tx.change(
            update(Organization)
            .where(Organization.id == cast.organization_id)
            .values(settings={"tablet": {"idle_seconds": 300}})
        )
    return Stage(url, database, cast, tablet_of(database, cast), display_of(database, cast))
