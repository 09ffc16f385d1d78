"""Who is locked out, and letting them in again."""

from typing import Literal
from uuid import UUID

from topline.access import actions, queries
from topline.access.entrance import limits_of
from topline.access.schemas import LockList, LockOut
from topline.core.permissions import Permission
from topline.web.request import Req, read, services, write
from topline.web.routing import api

TAG = "Sign-in locks"


@api("GET", "/api/auth/locks", needs=Permission.PEOPLE_MANAGE, summary="List sign-in locks", tag=TAG)
def locks(request: Req) -> LockList:
    """Everything that keeps somebody of the house out right now, at most 100 of each kind.

    A PIN paused on one tablet still opens another. A PIN that was switched off needs a new one
    (`POST /api/users/{id}/pin`).
    """
    limits = limits_of(services(request).settings)
    with read(request) as tx:
        return LockList(
            items=[
                LockOut(
                    kind=lock.kind,
                    subject_id=lock.subject_id,
                    label=lock.label,
                    device_name=lock.device_name,
                    until=lock.until,
                )
                for lock in queries.locks(tx, limits)
            ]
        )


@api(
    "DELETE",
    "/api/auth/locks/{kind:str}/{subject_id:uuid}",
    needs=Permission.PEOPLE_MANAGE,
    summary="Clear a sign-in lock",
    tag=TAG,
    status=204,
)
def clear_lock(
    request: Req,
    kind: Literal["pin", "password", "device", "organization", "unknown_devices"],
    subject_id: UUID,
) -> None:
    """Forgets the wrong tries behind it. Clearing what is not locked changes nothing. Not with an API key."""
    with write(request) as tx:
        actions.clear_lock(tx, kind, subject_id)


ROUTES = [locks, clear_lock]
