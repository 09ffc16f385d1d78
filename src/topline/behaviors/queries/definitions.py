"""Read the catalog: definitions with the points and target that hold on a date, and whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, exists, func, select, tuple_

from topline.behaviors.catalog import PlaceLabel, Verification
from topline.behaviors.models import Behavior, BehaviorRole, BehaviorTerm
from topline.core.errors import not_found
from topline.core.permissions import Permission
from topline.core.transaction import Read
from topline.people.models import Role

#: More terms than this are not shown; a behavior whose points changed weekly for two years would have as many.
MOST_TERMS: Final = 100
#: An organization has at most so many behaviors, inactive ones included.
MOST_BEHAVIORS: Final = 500


@dataclass(frozen=True, slots=True)
class TermView:
    """Points and target from a business date on."""

    valid_from: date
    points: int
    target: int
    frequency: str

    @property
    def valid_until(self) -> None:
        """A term holds until the next one begins."""
        return None


@dataclass(frozen=True, slots=True)
class RoleRef:
    """A role that has a behavior."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class BehaviorView:
    """One behavior. `term` is what holds on the asked date, None before the first one."""

    id: UUID
    name: str
    description: str
    category: str
    icon: str
    verification: Verification
    place_label: PlaceLabel | None
    asks_amount: bool
    asks_covers: bool
    asks_outcome: bool
    position: int
    active: bool
    version: int
    term: TermView | None
    roles: tuple[RoleRef, ...] = ()


def behaviors(
    tx: Read,
    day: date,
    *,
    with_inactive: bool = False,
    limit: int = MOST_BEHAVIORS,
    after: tuple[int, UUID] | None = None,
) -> list[BehaviorView]:
    """The catalog in its order, with the term of `day`. `after` is the position and id of the last one before."""
    query = _behaviors(tx, day).order_by(Behavior.position, Behavior.id).limit(limit)
    if not with_inactive:
        query = query.where(Behavior.active)
    if after is not None:
        query = query.where(tuple_(Behavior.position, Behavior.id) > tuple_(*after))
    return _with_roles(tx, [_view(row) for row in tx.execute(query)])


def behavior(tx: Read, behavior_id: UUID, day: date) -> BehaviorView:
    """One behavior with the term of `day`. Raises 404 for a foreign or unknown id."""
    row = tx.execute(_behaviors(tx, day).where(Behavior.id == behavior_id)).one_or_none()
    if row is None:
        raise not_found("behavior")
    return _with_roles(tx, [_view(row)])[0]


def terms(tx: Read, behavior_id: UUID) -> list[TermView]:
    """The dated points and targets of one behavior, newest first."""
    query = (
        select(BehaviorTerm.valid_from, BehaviorTerm.points, BehaviorTerm.target, BehaviorTerm.frequency)
        .where(BehaviorTerm.organization_id == tx.organization_id, BehaviorTerm.behavior_id == behavior_id)
        .order_by(BehaviorTerm.valid_from.desc())
        .limit(MOST_TERMS)
    )
    return [TermView(*row) for row in tx.execute(query)]


def assignable_roles(tx: Read) -> list[RoleRef]:
    """The active roles behaviors can be given to, by name."""
    query = select(Role.id, Role.name).where(Role.organization_id == tx.organization_id, Role.active)
    return [RoleRef(*row) for row in tx.execute(query.order_by(Role.name))]


def roles_by_type(tx: Read) -> dict[str, list[UUID]]:
    """The active roles of each type."""
    found: dict[str, list[UUID]] = {}
    query = select(Role.type, Role.id).where(Role.organization_id == tx.organization_id, Role.active)
    for kind, role_id in tx.execute(query.order_by(Role.name)):
        found.setdefault(kind, []).append(role_id)
    return found


def names_in_use(tx: Read) -> set[str]:
    """The names of every behavior, also of inactive ones."""
    return set(
        tx.execute(select(Behavior.name).where(Behavior.organization_id == tx.organization_id)).scalars()
    )


def last_position(tx: Read) -> int:
    """Where the last behavior stands; 0 when there is none."""
    query = select(func.coalesce(func.max(Behavior.position), 0)).where(
        Behavior.organization_id == tx.organization_id
    )
    return int(tx.execute(query).scalar_one())


def all_terms(tx: Read) -> dict[UUID, list[TermView]]:
    """Every term of the organization by behavior, oldest first."""
    found: dict[UUID, list[TermView]] = {}
    query = (
        select(
            BehaviorTerm.behavior_id,
            BehaviorTerm.valid_from,
            BehaviorTerm.points,
            BehaviorTerm.target,
            BehaviorTerm.frequency,
        )
        .where(BehaviorTerm.organization_id == tx.organization_id)
        .order_by(BehaviorTerm.valid_from)
    )
    for behavior_id, *term in tx.execute(query):
        found.setdefault(behavior_id, []).append(TermView(*term))
    return found


def _behaviors(tx: Read, day: date) -> Any:
    """Those the caller may see: every one, or those of the own role."""
    latest = (
        select(func.max(BehaviorTerm.valid_from))
        .where(
            BehaviorTerm.organization_id == Behavior.organization_id,
            BehaviorTerm.behavior_id == Behavior.id,
            BehaviorTerm.valid_from <= day,
        )
        .correlate(Behavior)
        .scalar_subquery()
    )
    mine = exists().where(
        BehaviorRole.organization_id == Behavior.organization_id,
        BehaviorRole.behavior_id == Behavior.id,
        BehaviorRole.role_id == tx.actor.role_id,
    )
    query = (
        select(
            Behavior.id,
            Behavior.name,
            Behavior.description,
            Behavior.category,
            Behavior.icon,
            Behavior.verification,
            Behavior.place_label,
            Behavior.asks_amount,
            Behavior.asks_covers,
            Behavior.asks_outcome,
            Behavior.position,
            Behavior.active,
            Behavior.version,
            BehaviorTerm.valid_from,
            BehaviorTerm.points,
            BehaviorTerm.target,
            BehaviorTerm.frequency,
        )
        .outerjoin(
            BehaviorTerm,
            and_(
                BehaviorTerm.organization_id == Behavior.organization_id,
                BehaviorTerm.behavior_id == Behavior.id,
                BehaviorTerm.valid_from == latest,
            ),
        )
        .where(Behavior.organization_id == tx.organization_id)
    )
    return query if tx.actor.may(Permission.BEHAVIORS_READ) else query.where(mine)


def _view(row: Any) -> BehaviorView:
    *definition, valid_from, points, target, frequency = row
    term = None if valid_from is None else TermView(valid_from, points, target, frequency)
    made: Any = BehaviorView
    view: BehaviorView = made(*definition, term=term)
    return view


def _with_roles(tx: Read, found: Sequence[BehaviorView]) -> list[BehaviorView]:
    if not found:
        return []
    query = (
        select(BehaviorRole.behavior_id, Role.id, Role.name)
        .join(
            Role, and_(Role.organization_id == BehaviorRole.organization_id, Role.id == BehaviorRole.role_id)
        )
        .where(
            BehaviorRole.organization_id == tx.organization_id,
            BehaviorRole.behavior_id.in_([view.id for view in found]),
        )
        .order_by(Role.name)
    )
    roles: dict[UUID, list[RoleRef]] = {}
    for behavior_id, role_id, name in tx.execute(query):
        roles.setdefault(behavior_id, []).append(RoleRef(role_id, name))
    return [replace(view, roles=tuple(roles.get(view.id, ()))) for view in found]
