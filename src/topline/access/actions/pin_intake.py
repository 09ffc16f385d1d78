"""Hash the PINs that came in as plain text: from a bulk load, or with a database of the earlier prototype.

A row at a time, each in a transaction of its own that stores the hash and erases the plain value: killed at any moment,
every PIN is either still waiting or done, and the next run goes on from there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, update

from topline.access import queries
from topline.access.actions.doors import Doors
from topline.access.actions.pins import store_pin
from topline.access.hashing import looks_like_bcrypt
from topline.access.models import ImportedPin
from topline.access.queries import BulkLoad, LegacyColumn, PinSource, PlainPin
from topline.access.rules import is_pin
from topline.audit.actions import record
from topline.core.actor import system
from topline.core.transaction import Write
from topline.organizations.queries import organization_ids

_TOGETHER: Final = 100
_LABEL: Final = "PIN migration"

NOT_A_PIN: Final = "not a PIN of 4 to 8 digits"
HASHED_ELSEWHERE: Final = "hashed without our pepper, so that ten thousand tries give it away"
LEFT: Final = "does not work here any more"
UNKNOWN: Final = "nobody here has this e-mail address"


@dataclass(frozen=True, slots=True)
class Unusable:
    """Somebody whose imported value cannot become their PIN; never the value itself."""

    table: str
    who: str
    why: str


@dataclass(slots=True)
class Intake:
    """What one run did. `kept`: the person had chosen a PIN here already, so the imported one was only erased."""

    hashed: int = 0
    kept: int = 0
    dropped: int = 0
    unusable: list[Unusable] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)


def migrate_pins(doors: Doors, say: Callable[[int], object], *, drop_unusable: bool = False) -> Intake:
    """Hash every plain PIN of the installation. Each of these people is asked for a new one when they next sign in.

    What cannot be used stays where it is and is told, unless `drop_unusable` erases it. `say` hears how many are done.
    Whoever calls this scrubs the tables afterwards (`core/scrub.py`).
    """
    run = _Run(doors, say, drop_unusable)
    with doors.db.read() as tx:
        houses = organization_ids(tx)
        legacy = queries.legacy_columns(tx)
    sources: list[PinSource] = [BulkLoad(), *legacy]
    run.done.tables = [source.name for source in sources]
    for house in houses:
        for source in sources:
            run.take_in(source, house)
    for users in legacy:
        run.take_in_unknown(users)
    return run.done


class _Run:
    def __init__(self, doors: Doors, say: Callable[[int], object], drop_unusable: bool) -> None:
        self.doors = doors
        self.say = say
        self.drop_unusable = drop_unusable
        self.done = Intake()

    def take_in(self, source: PinSource, house: UUID) -> None:
        for plain in self._all(source.waiting, house):
            why = _why_not(plain)
            if why:
                self._set_aside(source, plain, why, house)
            else:
                self._hash(source, plain, house)

    def take_in_unknown(self, users: LegacyColumn) -> None:
        for plain in self._all(users.unknown, None):
            self._set_aside(users, plain, UNKNOWN, None)

    def _all(self, read: Callable[..., list[PlainPin]], house: UUID | None) -> Iterator[PlainPin]:
        after: Any = None
        while True:
            with self.doors.db.read(system(house, _LABEL) if house else None) as tx:
                found = read(tx, after, _TOGETHER)
            yield from found
            if len(found) < _TOGETHER:
                return
            after = found[-1].key

    def _hash(self, source: PinSource, plain: PlainPin, house: UUID) -> None:
        assert plain.person_id is not None
        made = None if plain.has_pin else self.doors.hasher.hash_pin(plain.person_id, plain.pin)
        with self.doors.db.write(system(house, _LABEL)) as tx:
            if not _erase(tx, source, plain):
                return  # another run was quicker
            holder = queries.pin_holder(tx, plain.person_id)
            if made is None or holder is None or holder.pin_hash is not None:
                self.done.kept += 1
                return
            store_pin(tx, plain.person_id, *made, must_change=True)
            record(tx, "pin.imported", "person", plain.person_id)
        self.done.hashed += 1
        self.say(self.done.hashed)

    def _set_aside(self, source: PinSource, plain: PlainPin, why: str, house: UUID | None) -> None:
        self.done.unusable.append(Unusable(source.name, plain.who, why))
        if self.drop_unusable:
            with self.doors.db.write(system(house, _LABEL) if house else None) as tx:
                self.done.dropped += _erase(tx, source, plain)


def _why_not(plain: PlainPin) -> str:
    if not plain.active:
        return LEFT
    if looks_like_bcrypt(plain.pin):
        return HASHED_ELSEWHERE
    return "" if is_pin(plain.pin) else NOT_A_PIN


def _erase(tx: Write, source: PinSource, plain: PlainPin) -> int:
    """Take the plain value away, unless it is another one by now. Tells whether it did."""
    if isinstance(source, LegacyColumn):
        user = source.table.c
        return tx.change(
            update(source.table).where(user.id == plain.key, user.pin == plain.pin).values(pin=None)
        )
    return tx.change(
        delete(ImportedPin).where(
            ImportedPin.organization_id == tx.organization_id,
            ImportedPin.person_id == plain.key,
            ImportedPin.pin == plain.pin,
        )
    )
