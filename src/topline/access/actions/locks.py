"""Let somebody in again before the wait is over."""

from uuid import UUID

from sqlalchemy import delete

from topline.access import queries
from topline.access.actions import failures
from topline.access.actions.doors import must_rank
from topline.access.limits import account_bucket, device_bucket, organization_bucket
from topline.access.models import PinFailure
from topline.audit.actions import record
from topline.core.errors import invalid, not_found
from topline.core.permissions import Permission
from topline.core.transaction import Write


def clear_lock(tx: Write, kind: str, subject_id: UUID) -> None:
    """Forget the wrong tries behind a lock: `pin` and `password` of a person, `device`, or `organization`.

    A PIN that was switched off stays off: it gets replaced (`reset_pin`), because ten guesses were made at it.
    Clearing what is not locked changes nothing. Raises 403 for a person above the own rank, 404 for a foreign id.
    """
    tx.actor.must(Permission.PEOPLE_MANAGE)
    if kind == "pin":
        must_rank(tx, queries.rank_of(tx, subject_id))
        cleared = tx.change(
            delete(PinFailure).where(
                PinFailure.organization_id == tx.organization_id, PinFailure.person_id == subject_id
            )
        )
    elif kind == "password":
        account = queries.own_account(tx, subject_id)
        must_rank(tx, account.group)
        cleared = bool(account.email) and failures.clear(tx, account_bucket(account.email or ""))
    elif kind == "device":
        queries.device(tx, subject_id)
        cleared = failures.clear(tx, device_bucket(subject_id))
    elif kind == "organization":
        if subject_id != tx.organization_id:
            raise not_found("organization")
        cleared = failures.clear(tx, organization_bucket(subject_id))
    else:
        raise invalid("kind", "unknown", "One of pin, password, device, organization.")
    if cleared:
        record(
            tx,
            "sign_in.lock_cleared",
            "person" if kind in ("pin", "password") else kind,
            subject_id,
            after={"kind": kind},
        )
