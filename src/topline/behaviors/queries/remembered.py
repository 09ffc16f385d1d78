"""The catalog as the hottest requests need it: one immutable value per organization, kept in the process.

Five minutes at most; forgotten at once here when the catalog changes, and by a signal in the other processes.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from topline.behaviors.catalog import PlaceLabel, Verification
from topline.behaviors.queries.definitions import MOST_BEHAVIORS, TermView, all_terms, behaviors
from topline.behaviors.rules import Frequency, Period, expected_count, term_on, whole_target
from topline.core.actor import system
from topline.core.transaction import Database
from topline.infra.remember import Remembered

REMEMBER_SECONDS: Final = 300.0
#: Signals `behaviors:<organization>` tell other processes to forget.
CATALOG_TOPIC: Final = "behaviors:"


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One behavior, inactive ones too: a log of it must be refused by name."""

    id: UUID
    name: str
    icon: str
    verification: Verification
    place_label: PlaceLabel | None
    asks_amount: bool
    asks_covers: bool
    asks_outcome: bool
    active: bool
    role_ids: frozenset[UUID]
    terms: tuple[TermView, ...]

    def term_on(self, day: date) -> TermView | None:
        """Points and target of a business date; None before the first term."""
        return term_on(self.terms, day)

    def target_on(self, day: date) -> int:
        """How many logs one person is expected to make on that date, a weekly or monthly target by its share."""
        term = self.term_on(day)
        if term is None:
            return 0
        return whole_target(expected_count(term.target, Frequency(term.frequency), 1, Period(day, day)))


@dataclass(frozen=True, slots=True)
class Catalog:
    """All behaviors of an organization by id, in the order of the catalog."""

    entries: dict[UUID, CatalogEntry]
    _targets: dict[tuple[UUID, date], int] = field(default_factory=dict, repr=False)

    def get(self, behavior_id: UUID) -> CatalogEntry | None:
        """The behavior, None for a foreign or unknown id."""
        return self.entries.get(behavior_id)

    def of_role(self, role_id: UUID | None) -> list[CatalogEntry]:
        """What a role logs, in order."""
        return [entry for entry in self.entries.values() if entry.active and role_id in entry.role_ids]

    def target(self, behavior_id: UUID, day: date) -> int:
        """`CatalogEntry.target_on`, remembered; 0 for an unknown behavior."""
        found = self._targets.get((behavior_id, day))
        if found is None:
            entry = self.entries.get(behavior_id)
            found = self._targets[(behavior_id, day)] = 0 if entry is None else entry.target_on(day)
        return found

    def day_target(self, role_id: UUID | None, day: date) -> int:
        """How many logs are expected of a person of the role on that date, all behaviors together."""
        if role_id is None:
            return 0
        found = self._targets.get((role_id, day))
        if found is None:
            found = sum(self.target(entry.id, day) for entry in self.of_role(role_id))
            self._targets[(role_id, day)] = found
        return found


class Catalogs(Remembered[UUID, Catalog]):
    """The catalogs by organization."""

    def __init__(self, db: Database) -> None:
        super().__init__(lambda organization_id: load(db, organization_id), REMEMBER_SECONDS)


def load(db: Database, organization_id: UUID) -> Catalog:
    """Read the whole catalog of an organization."""
    with db.read(system(organization_id, "catalog")) as tx:
        dated = all_terms(tx)
        return Catalog(
            {
                view.id: CatalogEntry(
                    id=view.id,
                    name=view.name,
                    icon=view.icon,
                    verification=view.verification,
                    place_label=view.place_label,
                    asks_amount=view.asks_amount,
                    asks_covers=view.asks_covers,
                    asks_outcome=view.asks_outcome,
                    active=view.active,
                    role_ids=frozenset(role.id for role in view.roles),
                    terms=tuple(dated.get(view.id, ())),
                )
                for view in behaviors(tx, date.max, with_inactive=True, limit=MOST_BEHAVIORS)
            }
        )
