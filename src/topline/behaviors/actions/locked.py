"""Fetch a behavior to change it: within the organization, and nobody else meanwhile."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from topline.behaviors.models import Behavior
from topline.core.errors import not_found
from topline.core.transaction import Write


def locked(tx: Write, behavior_id: UUID) -> Any:
    mine = (Behavior.organization_id == tx.organization_id, Behavior.id == behavior_id)
    row = tx.execute(select(Behavior.__table__).where(*mine).with_for_update()).one_or_none()
    if row is None:
        raise not_found("behavior")
    return row
