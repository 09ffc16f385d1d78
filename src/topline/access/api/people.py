"""Give people PINs and passwords."""

from uuid import UUID

from litestar import Response

from topline.access import actions
from topline.access.entrance import caller, doors
from topline.access.schemas import NewPinOut, ResetPinIn, SetPasswordIn
from topline.core.permissions import Permission
from topline.web.request import Req, actor, in_slow_lane
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
)
async def reset_pin(request: Req, person_id: UUID, data: ResetPinIn | None = None) -> Response[NewPinOut]:
    """Replaces the PIN, lifts every pause and ends the person's sessions. The PIN is shown this once.

    Only for people whose role does not stand above your own.
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
)
async def set_password(request: Req, person_id: UUID, data: SetPasswordIn) -> None:
    """For somebody with an e-mail address who has none or forgot it. Ends their sessions.

    Only for people whose role does not stand above your own.
    """

    def work() -> None:
        actions.set_password(doors(request), actor(request), person_id, data.password, caller(request))

    await in_slow_lane(request, work)


ROUTES = [reset_pin, set_password]
