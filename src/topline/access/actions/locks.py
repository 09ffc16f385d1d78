"""Let somebody in again before the wait is over."""

from uuid import UUID

from sqlalchemy import delete

from topline.access import queries
from topline.access.actions import failures, tries
from topline.access.actions.doors import must_rank
from topline.access.limits import device_bucket, house_bucket, organization_bucket, shut_bucket
from topline.access.models import PinFailure
from topline.audit.actions import record
from topline.core.errors import Problem, invalid, not_found
from topline.core.permissions import Permission
from topline.core.transaction import Write


def clear_lock(tx: Write, kind: str, subject_id: UUID) -> None:
    """Forget the wrong tries behind a lock: `pin` and `password` of a person, `device`, `organization` (no tablet takes
    PINs), or `unknown_devices` (only known ones get in).

    A PIN that was switched off stays off: it gets replaced (`reset_pin`), because ten guesses were made at it.
    Clearing what is not locked changes nothing. Raises 403 for a person above the own rank and with an API key, 404
    for a foreign id.
    """
    tx.actor.must(Permission.PEOPLE_MANAGE)
    if tx.actor.is_api_key:
        # A key that leaked would take every limit away while its thief goes on guessing.
        raise Problem("forbidden", "Locks are lifted by a person who signed in, not with an API key.")
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
        cleared = bool(account.email) and tries.forget(tx, account.email or "")
    elif kind == "device":
        queries.device(tx, subject_id)
        cleared = failures.clear(tx, device_bucket(subject_id))
    elif kind in ("organization", "unknown_devices"):
        if subject_id != tx.organization_id:
            raise not_found("organization")
        cleared = _clear_house(tx, kind)
    else:
        raise invalid("kind", "unknown", "One of pin, password, device, organization, unknown_devices.")
    if cleared:
        record(
            tx,
            "sign_in.lock_cleared",
            {"pin": "person", "password": "person", "device": "device"}.get(kind, "organization"),
            subject_id,
            after={"kind": kind},
        )


def _clear_house(tx: Write, kind: str) -> bool:
    if kind == "organization":
        return failures.clear(tx, organization_bucket(tx.organization_id))
    failures.clear(tx, house_bucket(tx.organization_id))
    return failures.clear(tx, shut_bucket(tx.organization_id))
