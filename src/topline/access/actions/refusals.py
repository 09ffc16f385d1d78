"""The history of refused tries, as the person they were about sees it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert

from topline.access.actions.doors import Caller
from topline.access.models import SignInRefusal
from topline.core.ids import new_id
from topline.core.transaction import Write

KEPT: Final = timedelta(days=180)


def note_refusal(tx: Write, caller: Caller, person_id: UUID, method: str) -> None:
    """A try to sign in as this person was refused."""
    tx.change(
        insert(SignInRefusal).values(
            organization_id=tx.organization_id,
            id=new_id(),
            person_id=person_id,
            at=tx.now,
            method=method,
            device_id=caller.device_id,
            address=caller.address,
            agent=caller.agent,
        )
    )


def forget_refusals(tx: Write) -> int:
    """Drop those of the caller's house that are half a year old."""
    return tx.change(
        delete(SignInRefusal).where(
            SignInRefusal.organization_id == tx.organization_id, SignInRefusal.at < tx.now - KEPT
        )
    )
