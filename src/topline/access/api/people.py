"""Give people PINs and passwords."""

from uuid import UUID

from litestar import Response

from topline.access import actions, queries
from topline.access.api.shapes import history_out
from topline.access.entrance import absolute, caller, doors
from topline.access.schemas import HistoryOut, NewPinOut, PasswordLinkOut, ResetPinIn, SetPasswordIn
from topline.core.permissions import Permission
from topline.web.request import Req, actor, in_slow_lane, read, write
from topline.web.routing import api

TAG = "People"


@api(
    "POST",
    "/api/users/{person_id:uuid}/pin",
    needs=Permission.PEOPLE_MANAGE,
    summary="Give somebody a new PIN",
    tag=TAG,
    errors=["unavailable"],
    status=200,
    fresh=True,
)
async def reset_pin(request: Req, person_id: UUID, data: ResetPinIn | None = None) -> Response[NewPinOut]:
    """Replaces the PIN, lifts every pause and ends the person's sessions. The PIN is shown this once.

    Only for people whose role does not stand above your own, and not with an API key.
    """

    def work() -> str:
        wanted = data.pin if data else None
        return actions.reset_pin(doors(request), actor(request), person_id, wanted, caller(request))

    pin = await in_slow_lane(request, work)
    return Response(NewPinOut(pin=pin), headers={"Cache-Control": "no-store"})


@api(
    "POST",
    "/api/users/{person_id:uuid}/password",
    needs=Permission.PEOPLE_MANAGE,
    summary="Give somebody a password",
    tag=TAG,
    errors=["unavailable"],
    status=204,
    fresh=True,
)
async def set_password(request: Req, person_id: UUID, data: SetPasswordIn) -> None:
    """For somebody with an e-mail address who has none or forgot it. Ends their sessions.

    Only for people whose role does not stand above your own.
    """

    def work() -> None:
        actions.set_password(doors(request), actor(request), person_id, data.password, caller(request))

    await in_slow_lane(request, work)


@api(
    "POST",
    "/api/users/{person_id:uuid}/password-link",
    needs=Permission.PEOPLE_MANAGE,
    summary="Make a link for a new password",
    tag=TAG,
    status=201,
    fresh=True,
)
def make_password_link(request: Req, person_id: UUID) -> Response[PasswordLinkOut]:
    """For somebody with an e-mail address who forgot theirs: good once, for a day; the one before it is over.

    The link is shown this once and stored hashed. Hand it over in person.
    """
    with write(request) as tx:
        made = actions.make_password_link(tx, person_id)
    out = PasswordLinkOut(url=absolute(request, f"/password/{made.token}"), expires_at=made.expires_at)
    return Response(out, headers={"Cache-Control": "no-store"})


@api(
    "GET",
    "/api/users/{person_id:uuid}/sign-ins",
    needs=Permission.PEOPLE_MANAGE,
    summary="Somebody's sign-in history",
    tag=TAG,
)
def sign_ins(request: Req, person_id: UUID) -> HistoryOut:
    """The newest fifty sign-ins and refused tries, for people whose role does not stand above your own."""
    with read(request) as tx:
        actions.must_rank(tx, queries.rank_of(tx, person_id))
        return history_out(queries.sign_in_history(tx, person_id))


ROUTES = [reset_pin, set_password, make_password_link, sign_ins]
