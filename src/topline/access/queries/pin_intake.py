"""Read PINs that stand somewhere as plain text, and how the hashed ones are made."""

from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Select, and_, column, func, inspect, literal, select, table

from topline.access.hashing import is_pin_hash
from topline.access.models import ImportedPin, Pin
from topline.core.transaction import Read
from topline.people.models import Person

_LEGACY_NAMES: Final = frozenset({"user", "users"})
_LEGACY_COLUMNS: Final = frozenset({"id", "email", "pin"})
_HASH: Final = and_(Pin.organization_id == Person.organization_id, Pin.person_id == Person.id)


@dataclass(frozen=True, slots=True)
class PlainPin:
    """A PIN as it came in. `key` finds its row again; `person_id` None: nobody here is meant by it."""

    key: Any
    who: str
    person_id: UUID | None
    active: bool
    has_pin: bool
    pin: str = field(repr=False)


class PinSource(Protocol):
    """A table that holds plain PINs. Rows are read in the order of their keys, `after` the last one seen."""

    @property
    def name(self) -> str: ...

    def waiting(self, tx: Read, after: Any, limit: int) -> list[PlainPin]: ...


class BulkLoad:
    """The table `imported_pins`."""

    name = ImportedPin.__tablename__

    def waiting(self, tx: Read, after: Any, limit: int) -> list[PlainPin]:
        """PINs of the caller's house that a bulk load brought in."""
        query = (
            select(
                ImportedPin.person_id, Person.name, Person.id, Person.active, Pin.pin_hash, ImportedPin.pin
            )
            .join(
                Person,
                and_(
                    Person.organization_id == ImportedPin.organization_id, Person.id == ImportedPin.person_id
                ),
            )
            .outerjoin(Pin, _HASH)
            .where(ImportedPin.organization_id == tx.organization_id)
        )
        return _page(tx, query, ImportedPin.person_id, after, limit)


class LegacyColumn:
    """The column `pin` of the earlier prototype's table of users, restored beside our own tables.

    A user is the person with the same e-mail address.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.table = table(name, column("id"), column("email"), column("pin"))

    def waiting(self, tx: Read, after: Any, limit: int) -> list[PlainPin]:
        """PINs of users who are people of the caller's house."""
        user = self.table.c
        query = (
            select(user.id, Person.name, Person.id, Person.active, Pin.pin_hash, user.pin)
            .select_from(self.table)
            .join(Person, Person.email == func.lower(func.trim(user.email)))
            .outerjoin(Pin, _HASH)
            .where(Person.organization_id == tx.organization_id, user.pin != "")
        )
        return _page(tx, query, user.id, after, limit)

    def unknown(self, tx: Read, after: Any, limit: int) -> list[PlainPin]:
        """PINs that are left when every house took its own: nobody has these e-mail addresses."""
        user = self.table.c
        nobody = (literal(None), literal(False), literal(None))
        query = select(user.id, user.email, *nobody, user.pin).where(user.pin != "")
        return _page(tx, query, user.id, after, limit)


def legacy_columns(tx: Read) -> list[LegacyColumn]:
    """Every table of the earlier prototype's users in this database that has a column for PINs."""
    found = inspect(tx.connection)
    names = [name for name in found.get_table_names() if name.lower() in _LEGACY_NAMES]
    return [
        LegacyColumn(name)
        for name in names
        if {str(known["name"]) for known in found.get_columns(name)} >= _LEGACY_COLUMNS
    ]


def pins_by_pepper(tx: Read) -> dict[int, int]:
    """How many PINs of the caller's house were hashed with each version of the pepper."""
    rows = tx.execute(
        select(Pin.pepper_version, func.count().label("pins"))
        .where(Pin.organization_id == tx.organization_id)
        .group_by(Pin.pepper_version)
    )
    return {row.pepper_version: row.pins for row in rows}


def pins_by_shape(tx: Read) -> tuple[int, int]:
    """How many stored PINs of the caller's house are bcrypt hashes, and how many are something else.

    There should be none of the latter: a constraint refuses them, unless somebody took it away.
    """
    stored = tx.execute(select(Pin.pin_hash).where(Pin.organization_id == tx.organization_id)).scalars().all()
    hashed = sum(is_pin_hash(text) for text in stored)
    return hashed, len(stored) - hashed


def _page(tx: Read, query: Select[*tuple[Any, ...]], key: Any, after: Any, limit: int) -> list[PlainPin]:
    if after is not None:
        query = query.where(key > after)
    rows = tx.execute(query.order_by(key).limit(limit))
    return [
        PlainPin(key, who, person_id, bool(active), pin_hash is not None, pin)
        for key, who, person_id, active, pin_hash, pin in rows
    ]
