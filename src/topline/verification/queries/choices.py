"""What the filters of the queue offer."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from topline.behaviors.models import Behavior
from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog
from topline.people.models import Person
from topline.verification.queries.filters import is_waiting


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose."""

    id: UUID
    name: str


def behavior_choices(tx: Read) -> list[Choice]:
    """The behaviors somebody else must confirm, by name."""
    query = (
        select(Behavior.id, Behavior.name)
        .where(Behavior.organization_id == tx.organization_id, Behavior.verification != "self_reported")
        .order_by(Behavior.name)
        .limit(500)
    )
    return [Choice(*row) for row in tx.execute(query)]


def person_choices(tx: Read, chosen: UUID | None = None) -> list[Choice]:
    """The people of whom something waits, by name, and the one that is chosen already."""
    waiting = select(BehaviorLog.person_id).where(
        BehaviorLog.organization_id == tx.organization_id, is_waiting()
    )
    query = select(Person.id, Person.name).where(Person.organization_id == tx.organization_id)
    matches = Person.id.in_(waiting) if chosen is None else Person.id.in_(waiting) | (Person.id == chosen)
    return [Choice(*row) for row in tx.execute(query.where(matches).order_by(Person.name).limit(500))]
