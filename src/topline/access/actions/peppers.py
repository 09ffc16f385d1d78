"""Which versions of the pepper the stored PINs still need, and the end of an old one."""

from collections import Counter

from sqlalchemy import delete, select

from topline.access import queries
from topline.access.models import Pin
from topline.audit.actions import record
from topline.core.actor import system
from topline.core.transaction import Database
from topline.organizations.queries import organization_ids

_LABEL = "pepper"


def pins_by_pepper(db: Database) -> Counter[int]:
    """How many PINs of the whole installation were hashed with each version."""
    with db.read() as tx:
        houses = organization_ids(tx)
    found: Counter[int] = Counter()
    for house in houses:
        with db.read(system(house, _LABEL)) as tx:
            found.update(queries.pins_by_pepper(tx))
    return found


def retire_pepper(db: Database, version: int) -> int:
    """Take away every PIN that was made with this version: these people need a new one from their manager.

    For those who did not sign in since a newer version came, or at once when the old one became known to somebody.
    """
    with db.read() as tx:
        houses = organization_ids(tx)
    retired = 0
    for house in houses:
        with db.write(system(house, _LABEL)) as tx:
            mine = (Pin.organization_id == tx.organization_id, Pin.pepper_version == version)
            people = list(tx.execute(select(Pin.person_id).where(*mine)).scalars())
            for person_id in people:
                record(tx, "pin.retired", "person", person_id, after={"pepper_version": version})
            retired += tx.change(delete(Pin).where(*mine))
    return retired
