"""What logging must know of the house for every tap: zones, turning hours, decimal digits of the currency.

Kept in the process like the catalog (`behaviors/queries/remembered.py`); forgotten when the organization changes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from topline.core.actor import Actor, system
from topline.core.errors import not_found
from topline.core.money import currency_digits
from topline.core.transaction import Database
from topline.infra.remember import Remembered
from topline.organizations.queries import locations, organization
from topline.organizations.rules import business_date

REMEMBER_SECONDS: Final = 300.0
#: Signals `organization:<organization>` tell other processes to forget.
TOPIC: Final = "organization:"


@dataclass(frozen=True, slots=True)
class Place:
    """One location's clock."""

    id: UUID
    zone: str
    turning_hour: int

    def business_date(self, instant: datetime) -> date:
        """The business date of an instant at this location."""
        return business_date(instant, self.zone, self.turning_hour)


@dataclass(frozen=True, slots=True)
class House:
    """An organization as logging sees it. `first` is where somebody without a tablet logs."""

    digits: int
    places: dict[UUID, Place]
    first: Place

    def place_of(self, actor: Actor) -> Place:
        """Where the caller's device stands, else the first location."""
        found = None if actor.location_id is None else self.places.get(actor.location_id)
        return found or self.first


class Houses(Remembered[UUID, House]):
    """The houses by organization."""

    def __init__(self, db: Database) -> None:
        super().__init__(lambda organization_id: load(db, organization_id), REMEMBER_SECONDS)


def load(db: Database, organization_id: UUID) -> House:
    """Read an organization's clocks. Raises 404 for one without a location."""
    with db.read(system(organization_id, "logbook")) as tx:
        digits = currency_digits(organization(tx).currency)
        # An inactive location's tablet may still bring what was tapped before; the first one is an active one.
        every = locations(tx, with_inactive=True)
        active = [view for view in every if view.active] or every
    if not every:
        raise not_found("location")
    places = {view.id: Place(view.id, view.zone, view.turning_hour) for view in every}
    return House(digits, places, places[active[0].id])
