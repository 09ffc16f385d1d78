"""Define behaviors: add, change, take off the tablets and bring back."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final, get_args
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from topline.audit.actions import record
from topline.behaviors import queries
from topline.behaviors.actions.locked import locked
from topline.behaviors.actions.roles import check_roles, insert_roles
from topline.behaviors.actions.terms import NewTerm, check_term, term_data
from topline.behaviors.catalog import HOTEL_BEHAVIORS, Category, PlaceLabel, Verification
from topline.behaviors.events import BehaviorsChanged
from topline.behaviors.models import Behavior, BehaviorTerm
from topline.core.errors import FieldError, Problem, invalid, invalid_fields
from topline.core.ids import new_id
from topline.core.permissions import Permission as P
from topline.core.text import TextError, clean_line, clean_note
from topline.core.transaction import Write
from topline.organizations.queries import main_location, today

CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
VERIFICATIONS: Final[tuple[str, ...]] = get_args(Verification)
PLACE_LABELS: Final[tuple[str, ...]] = get_args(PlaceLabel)
ICONS: Final = tuple(sorted({template.icon for template in HOTEL_BEHAVIORS}))


@dataclass(frozen=True, slots=True)
class Definition:
    """What a behavior is, apart from its points, target and roles."""

    name: str
    description: str
    category: str
    icon: str
    verification: str
    place_label: str | None = None
    asks_amount: bool = False
    asks_covers: bool = False
    asks_outcome: bool = False


def create(
    tx: Write,
    definition: Definition,
    term: NewTerm,
    role_ids: Collection[UUID],
    valid_from: date | None = None,
) -> UUID:
    """Add a behavior. Its first term begins on `valid_from`, today at the main location unless given.

    Raises 400 for bad values, 409 `duplicate` for a name that is there already.
    """
    tx.actor.must(P.BEHAVIORS_MANAGE)
    definition = _checked(definition)
    check_term(term)
    check_roles(tx, role_ids)
    used = queries.names_in_use(tx)
    if len(used) >= queries.MOST_BEHAVIORS:
        raise invalid("name", "too_many", f"A house has at most {queries.MOST_BEHAVIORS} behaviors.")
    begins = valid_from or today(tx, main_location(tx))
    behavior_id = insert_behavior(tx, definition, term, role_ids, begins, queries.last_position(tx) + 1)
    after = {**asdict(definition), **term_data(begins, term), "role_ids": sorted(map(str, role_ids))}
    record(tx, "behavior.created", "behavior", behavior_id, after=after)
    tx.after_commit(BehaviorsChanged(tx.organization_id))
    return behavior_id


def update_definition(
    tx: Write, behavior_id: UUID, changes: dict[str, Any], version: int | None = None
) -> None:
    """Change fields of `Definition` by name. `version`, when given, must still be the current one (409)."""
    tx.actor.must(P.BEHAVIORS_MANAGE)
    before = locked(tx, behavior_id)
    if version is not None and version != before.version:
        raise Problem("conflict", "Somebody else changed this behavior in the meantime. Look at it again.")
    old = Definition(**{name: getattr(before, name) for name in Definition.__dataclass_fields__})
    new = _checked(replace(old, **changes))
    changed = {name: value for name, value in asdict(new).items() if value != getattr(old, name)}
    if not changed:
        return
    _set(tx, behavior_id, **changed, version=before.version + 1)
    record(
        tx,
        "behavior.changed",
        "behavior",
        behavior_id,
        before={name: getattr(old, name) for name in changed},
        after=changed,
    )
    tx.after_commit(BehaviorsChanged(tx.organization_id))


def deactivate(tx: Write, behavior_id: UUID) -> None:
    """Take a behavior off the tablets. Its logs stay; deactivating it again changes nothing."""
    _set_active(tx, behavior_id, False)


def reactivate(tx: Write, behavior_id: UUID) -> None:
    """Bring a behavior back as it was."""
    _set_active(tx, behavior_id, True)


def _checked(definition: Definition) -> Definition:
    errors: list[FieldError] = []
    cleaned: dict[str, Any] = {}
    for field, clean, length, empty in (
        ("name", clean_line, 100, False),
        ("description", clean_note, 500, True),
    ):
        try:
            cleaned[field] = clean(getattr(definition, field), length, empty)
        except TextError as error:
            errors.append(FieldError(field, error.code, str(error)))
    for field, value, known in (
        ("category", definition.category, CATEGORIES),
        ("verification", definition.verification, VERIFICATIONS),
        ("place_label", definition.place_label, (*PLACE_LABELS, None)),
        ("icon", definition.icon, ICONS),
    ):
        if value not in known:
            errors.append(
                FieldError(field, "unknown", "Choose one of: " + ", ".join(filter(None, known)) + ".")
            )
    if errors:
        raise invalid_fields(errors)
    return replace(definition, **cleaned)


def _set(tx: Write, behavior_id: UUID, **values: Any) -> None:
    mine = (Behavior.organization_id == tx.organization_id, Behavior.id == behavior_id)
    try:
        tx.change(update(Behavior).where(*mine).values(**values))
    except IntegrityError as error:
        raise _duplicate() from error


def _set_active(tx: Write, behavior_id: UUID, active: bool) -> None:
    tx.actor.must(P.BEHAVIORS_MANAGE)
    before = locked(tx, behavior_id)
    if before.active == active:
        return
    _set(tx, behavior_id, active=active, version=before.version + 1)
    act = "behavior.reactivated" if active else "behavior.deactivated"
    record(tx, act, "behavior", behavior_id, before={"active": before.active}, after={"active": active})
    tx.after_commit(BehaviorsChanged(tx.organization_id))


def insert_behavior(
    tx: Write, definition: Definition, term: NewTerm, role_ids: Collection[UUID], begins: date, position: int
) -> UUID:
    behavior_id = new_id()
    own = {"organization_id": tx.organization_id}
    try:
        tx.change(
            insert(Behavior).values(
                **own, id=behavior_id, **asdict(definition), position=position, active=True, created_at=tx.now
            )
        )
    except IntegrityError as error:
        raise _duplicate() from error
    tx.change(insert(BehaviorTerm).values(**own, behavior_id=behavior_id, valid_from=begins, **asdict(term)))
    insert_roles(tx, behavior_id, role_ids)
    return behavior_id


def _duplicate() -> Problem:
    return Problem(
        "duplicate",
        "There is a behavior of this name already.",
        fields=(FieldError("name", "duplicate", "There is a behavior of this name already."),),
    )
