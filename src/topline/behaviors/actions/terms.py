"""Date the points and target of a behavior."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from topline.audit.actions import record
from topline.behaviors import queries
from topline.behaviors.actions.locked import locked
from topline.behaviors.events import BehaviorsChanged
from topline.behaviors.models import BehaviorTerm
from topline.behaviors.queries import TermView
from topline.behaviors.rules import Frequency, TermError, check_points, check_target
from topline.core.db import upsert
from topline.core.errors import FieldError, invalid, invalid_fields
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.organizations.queries import main_location, today


@dataclass(frozen=True, slots=True)
class NewTerm:
    """Points and target to begin with, or from a date on."""

    points: int
    target: int
    frequency: str


def change_term(tx: Write, behavior_id: UUID, term: NewTerm, valid_from: date | None = None) -> date:
    """Give a behavior other points or another target from a business date on; answers that date.

    What was logged keeps the points it was logged with. Today unless given; a past date is refused.
    """
    tx.actor.must(P.BEHAVIORS_MANAGE)
    check_term(term)
    locked(tx, behavior_id)
    now = today(tx, main_location(tx))
    begins = valid_from or now
    if begins < now:
        raise invalid(
            "valid_from", "date_in_past", "Points and targets change from today on, never backwards."
        )
    before = next((old for old in queries.terms(tx, behavior_id) if old.valid_from <= begins), None)
    if before is not None and NewTerm(before.points, before.target, before.frequency) == term:
        return before.valid_from
    key = {"organization_id": tx.organization_id, "behavior_id": behavior_id, "valid_from": begins}
    tx.change(
        upsert(tx.dialect)(BehaviorTerm)
        .values(**key, **asdict(term))
        .on_conflict_do_update(index_elements=list(key), set_=asdict(term))
    )
    record(
        tx,
        "behavior.term_changed",
        "behavior",
        behavior_id,
        before=None if before is None else term_data(before.valid_from, before),
        after=term_data(begins, term),
    )
    tx.after_commit(BehaviorsChanged(tx.organization_id))
    return begins


def check_term(term: NewTerm) -> None:
    errors: list[FieldError] = []
    for field, check, value in (("points", check_points, term.points), ("target", check_target, term.target)):
        try:
            check(value)
        except TermError as error:
            errors.append(FieldError(field, error.code, str(error)))
    if term.frequency not in set(Frequency):
        errors.append(FieldError("frequency", "unknown", "Choose one of: " + ", ".join(Frequency) + "."))
    if errors:
        raise invalid_fields(errors)


def term_data(begins: date, term: NewTerm | TermView) -> dict[str, Any]:
    return {
        "valid_from": begins.isoformat(),
        "points": term.points,
        "target": term.target,
        "frequency": term.frequency,
    }
