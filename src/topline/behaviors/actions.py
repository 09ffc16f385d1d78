"""Change the catalog: define behaviors, date their points and targets, give them to roles."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from topline.audit.actions import record
from topline.behaviors import queries
from topline.behaviors.catalog import HOTEL_BEHAVIORS, BehaviorTemplate
from topline.behaviors.events import BehaviorsChanged
from topline.behaviors.models import Behavior, BehaviorRole, BehaviorTerm
from topline.behaviors.queries import TermView
from topline.behaviors.rules import Frequency, TermError, check_points, check_target
from topline.core.db import upsert
from topline.core.errors import FieldError, Problem, invalid, invalid_fields, not_found
from topline.core.ids import new_id
from topline.core.permissions import Permission as P
from topline.core.text import TextError, clean_line, clean_note
from topline.core.transaction import Write
from topline.organizations.queries import main_location, today

CATEGORIES: Final = ("REVENUE", "COST", "QUALITY", "EFFICIENCY", "COMPLIANCE")
VERIFICATIONS: Final = ("self_reported", "manager", "evidence")
PLACE_LABELS: Final = ("room", "table")
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


@dataclass(frozen=True, slots=True)
class NewTerm:
    """Points and target to begin with, or from a date on."""

    points: int
    target: int
    frequency: str


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
    _check_term(term)
    _check_roles(tx, role_ids)
    used = queries.names_in_use(tx)
    if len(used) >= queries.MOST_BEHAVIORS:
        raise invalid("name", "too_many", f"A house has at most {queries.MOST_BEHAVIORS} behaviors.")
    begins = valid_from or today(tx, main_location(tx))
    behavior_id = _insert(tx, definition, term, role_ids, begins, queries.last_position(tx) + 1)
    after = {**asdict(definition), **_term_data(begins, term), "role_ids": sorted(map(str, role_ids))}
    record(tx, "behavior.created", "behavior", behavior_id, after=after)
    tx.after_commit(BehaviorsChanged(tx.organization_id))
    return behavior_id


def update_definition(
    tx: Write, behavior_id: UUID, changes: dict[str, Any], version: int | None = None
) -> None:
    """Change fields of `Definition` by name. `version`, when given, must still be the current one (409)."""
    tx.actor.must(P.BEHAVIORS_MANAGE)
    before = _locked(tx, behavior_id)
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


def change_term(tx: Write, behavior_id: UUID, term: NewTerm, valid_from: date | None = None) -> date:
    """Give a behavior other points or another target from a business date on; answers that date.

    What was logged keeps the points it was logged with. Today unless given; a past date is refused.
    """
    tx.actor.must(P.BEHAVIORS_MANAGE)
    _check_term(term)
    _locked(tx, behavior_id)
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
        before=None if before is None else _term_data(before.valid_from, before),
        after=_term_data(begins, term),
    )
    tx.after_commit(BehaviorsChanged(tx.organization_id))
    return begins


def assign_roles(tx: Write, behavior_id: UUID, role_ids: Collection[UUID]) -> None:
    """Make these roles, and no others, have the behavior on their tablets."""
    tx.actor.must(P.BEHAVIORS_MANAGE)
    _locked(tx, behavior_id)
    _check_roles(tx, role_ids)
    mine = (BehaviorRole.organization_id == tx.organization_id, BehaviorRole.behavior_id == behavior_id)
    before = set(tx.execute(select(BehaviorRole.role_id).where(*mine)).scalars())
    wanted = set(role_ids)
    if before == wanted:
        return
    if before - wanted:
        tx.change(delete(BehaviorRole).where(*mine, BehaviorRole.role_id.in_(before - wanted)))
    _insert_roles(tx, behavior_id, wanted - before)
    record(
        tx,
        "behavior.roles_changed",
        "behavior",
        behavior_id,
        before={"role_ids": sorted(map(str, before))},
        after={"role_ids": sorted(map(str, wanted))},
    )
    tx.after_commit(BehaviorsChanged(tx.organization_id))


def install_catalog(
    tx: Write, templates: Collection[BehaviorTemplate] = HOTEL_BEHAVIORS, valid_from: date | None = None
) -> int:
    """Add the starting set, each behavior given to the roles of its types; tells how many were added.

    A behavior whose name is there already is left alone, so that installing twice is harmless.
    """
    tx.actor.must(P.BEHAVIORS_MANAGE)
    used = queries.names_in_use(tx)
    roles = queries.roles_by_type(tx)
    position = queries.last_position(tx)
    begins = valid_from or today(tx, main_location(tx))
    missing = [template for template in templates if template.name not in used]
    for offset, template in enumerate(missing, start=1):
        definition = Definition(**{name: getattr(template, _FROM.get(name, name)) for name in _NAMES})
        term = NewTerm(template.points, template.target, template.frequency)
        suited = [role_id for kind in template.role_types for role_id in roles.get(kind, ())]
        _insert(tx, definition, term, suited, begins, position + offset)
    if missing:
        record(
            tx,
            "behavior.catalog_installed",
            "organization",
            tx.organization_id,
            after={"added": len(missing)},
        )
        tx.after_commit(BehaviorsChanged(tx.organization_id))
    return len(missing)


_NAMES: Final = tuple(Definition.__dataclass_fields__)
_FROM: Final = {"place_label": "place"}


def _checked(definition: Definition) -> Definition:
    errors: list[FieldError] = []
    cleaned = {"name": definition.name, "description": definition.description}
    for field, clean, length, empty in (
        ("name", clean_line, 100, False),
        ("description", clean_note, 500, True),
    ):
        try:
            cleaned[field] = clean(cleaned[field], length, empty)
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
    return replace(definition, name=cleaned["name"], description=cleaned["description"])


def _check_term(term: NewTerm) -> None:
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


def _check_roles(tx: Write, role_ids: Collection[UUID]) -> None:
    known = {role.id for role in queries.assignable_roles(tx)}
    if not set(role_ids) <= known:
        raise invalid("role_ids", "role_unknown", "One of these roles does not exist.")


def _locked(tx: Write, behavior_id: UUID) -> Any:
    mine = (Behavior.organization_id == tx.organization_id, Behavior.id == behavior_id)
    row = tx.execute(select(Behavior.__table__).where(*mine).with_for_update()).one_or_none()
    if row is None:
        raise not_found("behavior")
    return row


def _set(tx: Write, behavior_id: UUID, **values: Any) -> None:
    mine = (Behavior.organization_id == tx.organization_id, Behavior.id == behavior_id)
    try:
        tx.change(update(Behavior).where(*mine).values(**values))
    except IntegrityError as error:
        raise _duplicate() from error


def _set_active(tx: Write, behavior_id: UUID, active: bool) -> None:
    tx.actor.must(P.BEHAVIORS_MANAGE)
    before = _locked(tx, behavior_id)
    if before.active == active:
        return
    _set(tx, behavior_id, active=active, version=before.version + 1)
    act = "behavior.reactivated" if active else "behavior.deactivated"
    record(tx, act, "behavior", behavior_id, before={"active": before.active}, after={"active": active})
    tx.after_commit(BehaviorsChanged(tx.organization_id))


def _insert(
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
    _insert_roles(tx, behavior_id, role_ids)
    return behavior_id


def _insert_roles(tx: Write, behavior_id: UUID, role_ids: Collection[UUID]) -> None:
    own = {"organization_id": tx.organization_id, "behavior_id": behavior_id}
    rows = [{**own, "role_id": role_id} for role_id in set(role_ids)]
    if rows:
        tx.change(insert(BehaviorRole), rows)


def _duplicate() -> Problem:
    return Problem(
        "duplicate",
        "There is a behavior of this name already.",
        fields=(FieldError("name", "duplicate", "There is a behavior of this name already."),),
    )


def _term_data(begins: date, term: NewTerm | TermView) -> dict[str, Any]:
    return {
        "valid_from": begins.isoformat(),
        "points": term.points,
        "target": term.target,
        "frequency": term.frequency,
    }
