"""Passkeys: register and manage one's own, and sign in or confirm with one."""

from uuid import UUID

import msgspec
from litestar import Response

from topline.access import actions, cookies
from topline.access.api.shapes import signed_in_out
from topline.access.entrance import caller, doors, site
from topline.access.schemas import (
    AddPasskeyIn,
    ConfirmPasskeyIn,
    LoginOut,
    PasskeyChallengeIn,
    PasskeyPatch,
    RecoveryCodesOut,
    ShowPasskeyIn,
    SiteChallengeOut,
)
from topline.core.permissions import Permission
from topline.web.guard import Public
from topline.web.request import Req, actor, in_slow_lane, write
from topline.web.routing import api

TAG = "Passkeys"
NO_STORE = {"Cache-Control": "no-store"}


@api(
    "POST",
    "/api/auth/passkeys/offer",
    needs=Permission.SELF,
    summary="Begin to register a passkey",
    tag=TAG,
    status=200,
    before_all=True,
    fresh=True,
)
def offer_passkey(request: Req) -> Response[SiteChallengeOut]:
    """A challenge for the browser's own dialog, good once and for five minutes."""
    return _challenge(actions.offer_passkey(doors(request), actor(request), site(request)))


@api(
    "POST",
    "/api/auth/passkeys",
    needs=Permission.SELF,
    summary="Register a passkey",
    tag=TAG,
    errors=["ticket_over", "conflict", "duplicate"],
    status=201,
    before_all=True,
    fresh=True,
)
def add_passkey(request: Req, data: AddPasskeyIn) -> Response[RecoveryCodesOut]:
    """The first second factor brings ten recovery codes, shown this once, and ends every other session of yours."""
    with write(request) as tx:
        codes = actions.add_passkey(
            tx, doors(request), site(request), data.ticket, data.name, data.credential
        )
    return Response(RecoveryCodesOut(codes=codes), headers=NO_STORE)


@api(
    "PATCH",
    "/api/auth/passkeys/{passkey_id:uuid}",
    needs=Permission.SELF,
    summary="Rename one of my passkeys",
    tag=TAG,
    status=204,
)
def rename_passkey(request: Req, passkey_id: UUID, data: PasskeyPatch) -> None:
    """Gives it another name; everything else stays."""
    with write(request) as tx:
        actions.rename_passkey(tx, passkey_id, data.name)


@api(
    "DELETE",
    "/api/auth/passkeys/{passkey_id:uuid}",
    needs=Permission.SELF,
    summary="Remove one of my passkeys",
    tag=TAG,
    errors=["last_factor"],
    status=204,
    fresh=True,
)
def remove_passkey(request: Req, passkey_id: UUID) -> None:
    """Ends your other sessions. Refused where your house requires a second factor and this is your last."""
    with write(request) as tx:
        actions.remove_passkey(tx, passkey_id)


@api(
    "POST",
    "/api/auth/passkeys/challenge",
    needs=Public("a passkey is shown by somebody who is not signed in yet"),
    summary="Begin to show a passkey",
    tag=TAG,
    errors=["ticket_over"],
    status=200,
)
def challenge(request: Req, data: PasskeyChallengeIn | None = None) -> Response[SiteChallengeOut]:
    """A challenge for the browser's own dialog, good once and for five minutes."""
    step = data.step if data is not None else None
    return _challenge(actions.challenge_passkey(doors(request), site(request), step))


@api(
    "POST",
    "/api/auth/login/passkey",
    needs=Public("this is where people show who they are"),
    summary="Sign in by passkey",
    tag=TAG,
    errors=["ticket_over", "second_factor_wrong", "too_many_sign_ins"],
    status=200,
    limit="sign_in",
)
async def log_in_by_passkey(request: Req, data: ShowPasskeyIn) -> Response[LoginOut]:
    """As the second step (`step` is the ticket of `second_factor_required`), or instead of a password: a passkey is
    something one has, opened by something one knows or is. Refused answers are counted like wrong passwords.
    """

    def work() -> tuple[actions.SignedIn, LoginOut]:
        found = actions.sign_in_with_passkey(
            doors(request), caller(request), site(request), data.ticket, data.credential, data.step
        )
        return found, signed_in_out(request, found)

    found, out = await in_slow_lane(request, work)
    return Response(out, cookies=cookies.signed_in(request, found), headers=NO_STORE)


@api(
    "POST",
    "/api/auth/confirm/passkey",
    needs=Permission.SELF,
    summary="Confirm by passkey that it is still me",
    tag=TAG,
    errors=["ticket_over", "second_factor_wrong", "too_many_sign_ins"],
    status=204,
    before_all=True,
    limit="sign_in",
)
async def confirm_by_passkey(request: Req, data: ConfirmPasskeyIn) -> None:
    """After `confirmation_needed`, with one of the own passkeys."""

    def work() -> None:
        actions.confirm_with_passkey(
            doors(request), actor(request), caller(request), site(request), data.ticket, data.credential
        )

    await in_slow_lane(request, work)


def _challenge(made: actions.Challenge) -> Response[SiteChallengeOut]:
    out = SiteChallengeOut(options=msgspec.json.decode(made.options), ticket=made.ticket)
    return Response(out, headers=NO_STORE)


ROUTES = [
    offer_passkey,
    add_passkey,
    rename_passkey,
    remove_passkey,
    challenge,
    log_in_by_passkey,
    confirm_by_passkey,
]
