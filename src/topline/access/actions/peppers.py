"""Which versions of the pepper are still needed, by PINs and authenticator apps, and the end of an old one."""

from collections import Counter
from uuid import UUID

from sqlalchemy import delete, select, update

from topline.access import queries
from topline.access.models import Authenticator, Pin
from topline.access.sealing import Seal, Sealed
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


def authenticators_by_pepper(db: Database) -> Counter[int]:
    """How many authenticator apps of the whole installation are sealed with each version."""
    with db.read() as tx:
        houses = organization_ids(tx)
    found: Counter[int] = Counter()
    for house in houses:
        with db.read(system(house, _LABEL)) as tx:
            found.update(queries.authenticators_by_pepper(tx))
    return found


def reseal(db: Database, seal: Seal) -> int:
    """Seal with the current version what an older one sealed. Unlike a PIN it needs nobody to type it."""
    if not any(seal.is_stale(Sealed("", str(version))) for version in authenticators_by_pepper(db)):
        return 0
    with db.read() as tx:
        houses = organization_ids(tx)
    return sum(_reseal(db, seal, house) for house in houses)


def _reseal(db: Database, seal: Seal, house: UUID) -> int:
    with db.write(system(house, _LABEL)) as tx:
        rows = tx.execute(
            select(Authenticator.person_id, Authenticator.sealed, Authenticator.key_id).where(
                Authenticator.organization_id == tx.organization_id
            )
        ).all()
        done = 0
        for person_id, text, key_id in rows:
            old = Sealed(text, key_id)
            if seal.is_stale(old):
                new = seal.close(person_id, seal.open(person_id, old))
                done += tx.change(
                    update(Authenticator)
                    .where(
                        Authenticator.organization_id == tx.organization_id,
                        Authenticator.person_id == person_id,
                        Authenticator.sealed == old.text,
                    )
                    .values(sealed=new.text, key_id=new.key_id)
                )
        return done


def retire_pepper(db: Database, version: int) -> int:
    """Take away every PIN that was made with this version: these people need a new one from their manager.

    Authenticator apps that were not sealed anew go with it. Returns how many PINs.

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
            tx.change(
                delete(Authenticator).where(
                    Authenticator.organization_id == tx.organization_id,
                    Authenticator.key_id == str(version),
                )
            )
    return retired
