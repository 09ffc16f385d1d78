"""Write the audit trail: called by every action that changes money, settings, people or decisions."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from topline.audit.models import AuditEvent
from topline.core.ids import new_id
from topline.core.transaction import Write


def record(
    tx: Write,
    act: str,
    subject_type: str,
    subject_id: UUID | None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    address: str = "",
) -> None:
    """Add one row in the caller's transaction.

    `act` reads `subject.verb` (`person.deactivated`). `before` and `after` hold the changed fields as JSON values and
    never a PIN, token or password.
    """
    actor = tx.actor
    tx.execute(
        insert(AuditEvent).values(
            organization_id=actor.organization_id,
            id=new_id(),
            at=tx.now,
            act=act,
            actor_kind=actor.kind.value,
            actor_id=actor.person_id or actor.device_id,
            actor_label=actor.label,
            subject_type=subject_type,
            subject_id=subject_id,
            before=before,
            after=after,
            address=address,
            request_id=tx.request_id,
        )
    )
