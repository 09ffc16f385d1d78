"""Sign in, sign out, and who one is."""

from uuid import UUID

from litestar import Response

from topline.access import actions, cookies, queries
from topline.access.api.shapes import card_of, history_out, person_out, session_out, signed_in_out
from topline.access.entrance import caller, compared_evenly, doors, tablet_of
from topline.access.schemas import (
    ChangePasswordIn,
    ChangePinIn,
    ConfirmIn,
    HistoryOut,
    HouseOut,
    LoginIn,
    LoginOut,
    LogoutIn,
    MeOut,
    PinIn,
    PinOut,
    SessionList,
)
from topline.core.actor import Actor
from topline.core.errors import Problem, invalid
from topline.core.permissions import Permission
from topline.organizations import queries as organizations
from topline.people import queries as people
from topline.web.guard import Public
from topline.web.request import Req, actor, in_slow_lane, read, write
from topline.web.routing import api

TAG = "Signing in"
NO_STORE = {"Cache-Control": "no-store"}


@api(
    "POST",
    "/api/auth/login",
    needs=Public("this is where people show who they are"),
    limit="sign_in",
    summary="Sign in by e-mail and password",
    tag=TAG,
    errors=[
        "sign_in_failed",
        "second_factor_required",
        "too_many_sign_ins",
        "known_devices_only",
        "unavailable",
    ],
    status=200,
)
async def log_in(request: Req, data: LoginIn) -> Response[LoginOut]:
    """Opens a browser session: seven days from its last use, thirty at most.

    Only failures are counted: five in a quarter of an hour from one unknown address, five in a row for one account.
    Somebody with a second factor gets 401 `second_factor_required`; its `go_on` holds a `ticket` for
    `POST /api/auth/login/second`, which `ways` there are, and when the ticket ends.
    """

    def work() -> tuple[actions.SignedIn, LoginOut]:
        found = actions.sign_in_with_password(doors(request), caller(request), data.email, data.password)
        if isinstance(found, actions.FactorNeeded):
            raise second_factor_required(found)
        return found, signed_in_out(request, found)

    found, out = await compared_evenly(request, work)
    return Response(out, cookies=cookies.signed_in(request, found), headers=NO_STORE)


@api(
    "POST",
    "/api/auth/pin",
    needs=Permission.TABLET_USE,
    limit="sign_in",
    summary="Sign in by PIN on an enrolled tablet",
    tag=TAG,
    errors=["pin_wrong", "pin_disabled", "pin_paused", "too_many_sign_ins", "device_unknown", "unavailable"],
    status=200,
)
async def log_in_by_pin(request: Req, data: PinIn) -> Response[PinOut]:
    """Opens a session on this tablet for eight hours at most; the one before it on this tablet ends.

    Three wrong PINs in a row pause the person on this tablet for 30 s, then longer; ten switch the PIN off until a
    manager gives a new one. Right PINs are never counted.
    """

    def work() -> actions.SignedInByPin:
        return actions.sign_in_with_pin(
            doors(request), actor(request), caller(request), data.person_id, data.pin
        )

    found = await in_slow_lane(request, work)
    out = PinOut(
        session_id=found.session_id,
        expires_at=found.expires_at,
        person=card_of(found.person),
        must_change_pin=found.must_change_pin,
    )
    return Response(out, cookies=[cookies.tablet_session(request, found.token)], headers=NO_STORE)


@api(
    "POST",
    "/api/auth/logout",
    needs=Public("a session that is already over must be left without an error"),
    summary="Sign out",
    tag=TAG,
    status=204,
)
def log_out(request: Req, data: LogoutIn | None = None) -> Response[None]:
    """Ends this session, or with `everywhere` all of the person's. The tablet stays enrolled."""
    who: Actor | None = request.scope.get("user")
    if who is not None and who.person_id is not None and not who.is_api_key:
        with write(request) as tx:
            if data is not None and data.everywhere:
                actions.sign_out_everywhere(tx)
            else:
                actions.sign_out(tx)
    headers = cookies.CLEAR_SITE_DATA if tablet_of(request) else NO_STORE
    return Response(None, cookies=[cookies.no_session(request)], headers=headers)


@api("GET", "/api/auth/me", needs=Permission.SELF, summary="Who am I", tag=TAG, before_all=True)
def me(request: Req) -> MeOut:
    """The person behind the credential, their house, and what this credential may do."""
    who = actor(request)
    with read(request) as tx:
        house = organizations.organization(tx)
        person = people.person(tx, who.person())
        session = None if who.is_api_key else session_out(queries.own_session(tx), who)
        return MeOut(
            person=person_out(person),
            organization=HouseOut(id=house.id, name=house.name),
            group=person.group,
            permissions=sorted(permission.value for permission in who.permissions),
            session=session,
            is_api_key=who.is_api_key,
        )


@api("GET", "/api/auth/sessions", needs=Permission.SELF, summary="List my sessions", tag=TAG)
def sessions(request: Req) -> SessionList:
    """Where the caller is signed in right now, the newest first, at most 100."""
    who = actor(request)
    with read(request) as tx:
        return SessionList(
            items=[session_out(session, who) for session in queries.open_sessions(tx, who.person())]
        )


@api(
    "DELETE",
    "/api/auth/sessions/{session_id:uuid}",
    needs=Permission.SELF,
    summary="End one of my sessions",
    tag=TAG,
    status=204,
)
def end_session(request: Req, session_id: UUID) -> None:
    """Signs the caller out on another device."""
    with write(request) as tx:
        actions.end_own_session(tx, session_id)


@api(
    "POST",
    "/api/auth/pin/change",
    needs=Permission.SELF,
    limit="sign_in",
    summary="Change my PIN",
    tag=TAG,
    errors=["pin_wrong", "pin_disabled", "pin_paused", "too_many_sign_ins", "device_unknown", "unavailable"],
    status=204,
)
async def change_pin(request: Req, data: ChangePinIn) -> None:
    """On the tablet one is signed in at. A wrong present PIN counts like one at sign-in."""

    def work() -> None:
        actions.change_own_pin(
            doors(request), actor(request), caller(request), data.current_pin, data.new_pin
        )

    await in_slow_lane(request, work)


@api(
    "POST",
    "/api/auth/password",
    needs=Permission.SELF,
    limit="sign_in",
    summary="Change my password",
    tag=TAG,
    errors=["too_many_sign_ins", "conflict", "unavailable"],
    status=204,
    before_all=True,
)
async def change_password(request: Req, data: ChangePasswordIn) -> None:
    """Every other session ends. A wrong present password counts like one at sign-in."""

    def work() -> None:
        actions.change_own_password(
            doors(request), actor(request), caller(request), data.current_password, data.new_password
        )

    await in_slow_lane(request, work)


@api(
    "POST",
    "/api/auth/confirm",
    needs=Permission.SELF,
    summary="Confirm that it is still me",
    tag=TAG,
    errors=["too_many_sign_ins", "unavailable"],
    status=204,
    before_all=True,
    limit="sign_in",
)
async def confirm(request: Req, data: ConfirmIn) -> None:
    """After `confirmation_needed`: shows the password, or a code of the second step, once more.

    For a quarter of an hour this session may then do what is dangerous. Wrong ones are counted like at sign-in.
    """

    def work() -> None:
        if data.code is not None:
            actions.confirm_with_code(doors(request), actor(request), caller(request), data.code)
        elif data.password is not None:
            actions.confirm_with_password(doors(request), actor(request), caller(request), data.password)
        else:
            raise invalid("password", "missing", "Send the password or a code.")

    await in_slow_lane(request, work)


@api("GET", "/api/auth/history", needs=Permission.SELF, summary="My sign-in history", tag=TAG)
def history(request: Req) -> HistoryOut:
    """The newest fifty sign-ins and refused tries."""
    with read(request) as tx:
        return history_out(queries.sign_in_history(tx, actor(request).person()))


@api(
    "POST",
    "/api/auth/not-me",
    needs=Permission.SELF,
    summary="Say that a sign-in was not me",
    tag=TAG,
    status=204,
)
def not_me(request: Req) -> None:
    """Ends every other session and every API key of yours; a new password is needed before anything else."""
    with write(request) as tx:
        actions.report_not_me(tx)


def second_factor_required(needed: actions.FactorNeeded) -> Problem:
    """The password was right and is not enough."""
    go_on = {"ticket": needed.ticket, "ways": needed.ways, "ends_at": needed.ends_at.isoformat()}
    return Problem("second_factor_required", "The password is right. Now the second factor.", go_on=go_on)


ROUTES = [
    log_in,
    log_in_by_pin,
    log_out,
    me,
    sessions,
    end_session,
    change_pin,
    change_password,
    confirm,
    history,
    not_me,
]
