"""A house of two hundred whose PINs came in as plain text, and a run of the migration that can be killed.

As a program, `python -m tests.access.plain URL`, it migrates and says after each PIN how many are done.
"""

import sys
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import insert

from tests.factories import SEAL, TICKETS, Cast, make_house, quick_hasher
from topline.access.actions import Doors, migrate_pins
from topline.access.entrance import limits_of
from topline.access.models import ImportedPin
from topline.core.clock import SystemClock
from topline.core.ids import new_id
from topline.core.scrub import scrub
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.people.models import Person

LIMITS = limits_of(Settings())


def staff(database: Database, house: Cast, count: int) -> list[UUID]:
    """So many more people at the front desk, with addresses `number@house.invalid`."""
    ids = [new_id() for _ in range(count)]
    rows = [
        {
            "organization_id": house.organization_id,
            "id": person_id,
            "name": f"Person {number}",
            "display_name": f"P{number}",
            "email": f"{number}@house.invalid",
            "role_id": house.front_desk_role_id,
            "department_id": house.front_desk_id,
            "created_at": database.clock.now(),
        }
        for number, person_id in enumerate(ids)
    ]
    with database.write() as tx:
        tx.change(insert(Person), rows)
    return ids


def bulk_load(database: Database, house: Cast, pins: Mapping[UUID, str]) -> None:
    """What an operator's load does: plain values into `imported_pins`."""
    rows = [{"organization_id": house.organization_id, "person_id": who, "pin": pins[who]} for who in pins]
    with database.write() as tx:
        tx.change(insert(ImportedPin), rows)


def canaries(count: int) -> list[str]:
    """PINs of eight digits that stand nowhere by chance."""
    return [f"{(7919 * 10007 * (number + 11)) % 89_999_989 + 10_000_000}" for number in range(count)]


def house_of(database: Database, count: int) -> tuple[Cast, dict[UUID, str]]:
    """A house with so many people whose plain PINs wait."""
    house = make_house(database)
    pins = dict(zip(staff(database, house, count), canaries(count), strict=True))
    bulk_load(database, house, pins)
    return house, pins


def main(url: str) -> None:
    """Migrate and scrub."""
    database, hasher = Database(url, SystemClock(), pool_size=2), quick_hasher()
    done = migrate_pins(
        Doors(database, hasher, LIMITS, TICKETS, SEAL), lambda count: print(count, flush=True)
    )
    scrub(url, done.tables)
    print(f"hashed {done.hashed}", flush=True)
    hasher.close()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1])
