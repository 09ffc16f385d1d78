"""The second step: complete a sign-in with it, and set up, replace and remove one's own."""

from uuid import UUID

from litestar import Response

from topline.access import actions, cookies, queries
from topline.access.api.shapes import factors_out, signed_in_out
from topline.access.entrance import caller, doors
from topline.access.schemas import (
    AddAuthenticatorIn,
    FactorsOut,
    LoginOut,
    NewAuthenticatorOut,
    RecoveryCodesOut,
    SecondStepIn,
)
from topline.core.permissions import Permission
from topline.web.guard import Public
from topline.web.request import Req, actor, in_slow_lane, read, write
from topline.web.routing import api

TAG = "Second step"
NO_STORE = {"Cache-Control": "no-store"}


@api(
    "POST",
    "/api/auth/login/second",
    needs=Public("whoever comes here has shown their password and is not signed in yet"),
    limit="sign_in",
    summary="Complete a sign-in with the second factor",
    tag=TAG,
    errors=["ticket_over", "second_factor_wrong", "too_many_sign_ins", "known_devices_only"],
    status=200,
)
async def second_step(request: Req, data: SecondStepIn) -> Response[LoginOut]:
    """Takes the ticket of `second_factor_required` and a code of the authenticator app, or a recovery code.

    A ticket counts for ten minutes and once; a code counts once. Wrong codes are counted like wrong passwords.
    """

    def work() -> tuple[actions.SignedIn, LoginOut]:
        found = actions.finish_sign_in(doors(request), caller(request), data.ticket, data.code)
        return found, signed_in_out(request, found)

    found, out = await in_slow_lane(request, work)
    return Response(out, cookies=cookies.signed_in(request, found), headers=NO_STORE)


@api(
    "GET",
    "/api/auth/factors",
    needs=Permission.SELF,
    summary="List my second factors",
    tag=TAG,
    before_all=True,
)
def my_factors(request: Req) -> FactorsOut:
    """The authenticator app, passkeys, and how many recovery codes are left."""
    with read(request) as tx:
        mine = queries.factors(tx, actor(request).person())
        return factors_out(mine, required=actions.is_factor_required(tx))


@api(
    "POST",
    "/api/auth/factors/authenticator",
    needs=Permission.SELF,
    summary="Begin to set up an authenticator app",
    tag=TAG,
    status=200,
    before_all=True,
    fresh=True,
)
def offer_authenticator(request: Req) -> Response[NewAuthenticatorOut]:
    """A fresh secret for the app. Nothing changes until it is confirmed with a code, within half an hour."""
    offered = actions.offer_authenticator(doors(request), actor(request))
    out = NewAuthenticatorOut(secret=offered.secret, address=offered.address, ticket=offered.ticket)
    return Response(out, headers=NO_STORE)


@api(
    "PUT",
    "/api/auth/factors/authenticator",
    needs=Permission.SELF,
    summary="Confirm the authenticator app",
    tag=TAG,
    errors=["ticket_over"],
    status=200,
    before_all=True,
    fresh=True,
)
def add_authenticator(request: Req, data: AddAuthenticatorIn) -> Response[RecoveryCodesOut]:
    """Takes the place of the app before. The first second factor brings ten recovery codes, shown this once, and ends
    every other session of yours; otherwise the list is empty.
    """
    with write(request) as tx:
        codes = actions.add_authenticator(tx, doors(request), data.ticket, data.code)
    return Response(RecoveryCodesOut(codes=codes), headers=NO_STORE)


@api(
    "DELETE",
    "/api/auth/factors/authenticator",
    needs=Permission.SELF,
    summary="Remove my authenticator app",
    tag=TAG,
    errors=["last_factor"],
    status=204,
    fresh=True,
)
def remove_authenticator(request: Req) -> None:
    """Ends your other sessions. Refused where your house requires a second factor and this is your last."""
    with write(request) as tx:
        actions.remove_authenticator(tx)


@api(
    "POST",
    "/api/auth/factors/codes",
    needs=Permission.SELF,
    summary="Make new recovery codes",
    tag=TAG,
    errors=["conflict"],
    status=200,
    fresh=True,
)
def renew_codes(request: Req) -> Response[RecoveryCodesOut]:
    """Ten, shown this once; those before them stop working."""
    with write(request) as tx:
        codes = actions.renew_recovery_codes(tx)
    return Response(RecoveryCodesOut(codes=codes), headers=NO_STORE)


@api(
    "DELETE",
    "/api/users/{person_id:uuid}/factors",
    needs=Permission.FACTORS_RESET,
    summary="Reset somebody's second factors",
    tag="People",
    status=204,
    fresh=True,
)
def reset_factors(request: Req, person_id: UUID) -> None:
    """For somebody who lost their phone and their recovery codes. Ends their sessions; not for oneself."""
    with write(request) as tx:
        actions.reset_factors(tx, person_id)


ROUTES = [
    second_step,
    my_factors,
    offer_authenticator,
    add_authenticator,
    remove_authenticator,
    renew_codes,
    reset_factors,
]
