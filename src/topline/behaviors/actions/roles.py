"""Give behaviors to roles."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, insert, select

from topline.audit.actions import record
from topline.behaviors import queries
from topline.behaviors.actions.locked import locked
from topline.behaviors.events import BehaviorsChanged
from topline.behaviors.models import BehaviorRole
from topline.core.errors import invalid
from topline.core.permissions import Permission as P
from topline.core.transaction import Write


def assign_roles(tx: Write, behavior_id: UUID, role_ids: Collection[UUID]) -> None:
    """Make these roles, and no others, have the behavior on their tablets."""
    tx.actor.must(P.BEHAVIORS_MANAGE)
    locked(tx, behavior_id)
    check_roles(tx, role_ids)
    mine = (BehaviorRole.organization_id == tx.organization_id, BehaviorRole.behavior_id == behavior_id)
    before = set(tx.execute(select(BehaviorRole.role_id).where(*mine)).scalars())
    wanted = set(role_ids)
    if before == wanted:
        return
    if before - wanted:
        tx.change(delete(BehaviorRole).where(*mine, BehaviorRole.role_id.in_(before - wanted)))
    insert_roles(tx, behavior_id, wanted - before)
    record(
        tx,
        "behavior.roles_changed",
        "behavior",
        behavior_id,
        before={"role_ids": sorted(map(str, before))},
        after={"role_ids": sorted(map(str, wanted))},
    )
    tx.after_commit(BehaviorsChanged(tx.organization_id))


def check_roles(tx: Write, role_ids: Collection[UUID]) -> None:
    known = {role.id for role in queries.assignable_roles(tx)}
    if not set(role_ids) <= known:
        raise invalid("role_ids", "role_unknown", "One of these roles does not exist.")


def insert_roles(tx: Write, behavior_id: UUID, role_ids: Collection[UUID]) -> None:
    own = {"organization_id": tx.organization_id, "behavior_id": behavior_id}
    rows = [{**own, "role_id": role_id} for role_id in set(role_ids)]
    if rows:
        tx.change(insert(BehaviorRole), rows)
