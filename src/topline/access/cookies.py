"""The cookies: who is signed in, which tablet this browser is, which display it shows, who is half signed in, and whom
it let in before.

Over TLS each is sent under its name with `__Host-` before it (`web/cookies.py`).
"""

from typing import Final
from urllib.parse import urlencode

from litestar.datastructures import Cookie

from topline.access.actions import SignedIn
from topline.access.rules import BROWSER_ABSOLUTE, KNOWN_BROWSER_LIFE, SECOND_STEP_LIFE, CredentialKind
from topline.web.cookies import make_cookie
from topline.web.request import Req

SESSION_COOKIE: Final = "topline_session"
DEVICE_COOKIE: Final = "topline_device"
DISPLAY_COOKIE: Final = "topline_display"
#: Between the password and the second step. It opens nothing, so it is none of the credentials below.
TICKET_COOKIE: Final = "topline_ticket"
#: Whom this browser let in before. Alone it opens nothing either.
KNOWN_COOKIE: Final = "topline_known"
#: In the order in which they are believed.
COOKIES: Final = {
    CredentialKind.SESSION: SESSION_COOKIE,
    CredentialKind.DEVICE: DEVICE_COOKIE,
    CredentialKind.DISPLAY: DISPLAY_COOKIE,
}
#: As long as browsers keep a cookie at all.
DEVICE_SECONDS: Final = 400 * 24 * 3600
#: On a shared tablet the next person must not find what the last one looked at. Only the HTTP cache: "storage" would
#: delete the taps that wait in IndexedDB to be sent.
CLEAR_SITE_DATA: Final = {"Clear-Site-Data": '"cache"', "Cache-Control": "no-store"}


def browser_session(request: Req, token: str) -> Cookie:
    """The cookie of an e-mail sign-in. How long it really lasts, the server decides."""
    return make_cookie(request, SESSION_COOKIE, token, int(BROWSER_ABSOLUTE.total_seconds()))


def signed_in(request: Req, found: SignedIn) -> list[Cookie]:
    """The session's, and with it the one by which the browser is known next time."""
    session = browser_session(request, found.session.token)
    known = make_cookie(request, KNOWN_COOKIE, found.known, int(KNOWN_BROWSER_LIFE.total_seconds()))
    return [session, known] if found.known else [session]


def tablet_session(request: Req, token: str) -> Cookie:
    """The cookie of a PIN sign-in: gone with the browser."""
    return make_cookie(request, SESSION_COOKIE, token, None)


def enrolled_device(request: Req, token: str) -> Cookie:
    """The cookie that makes this browser a tablet."""
    return make_cookie(request, DEVICE_COOKIE, token, DEVICE_SECONDS)


def shown_display(request: Req, token: str) -> Cookie:
    """The cookie that makes this browser a wall display."""
    return make_cookie(request, DISPLAY_COOKIE, token, DEVICE_SECONDS)


def no_session(request: Req) -> Cookie:
    """Forget who is signed in; the tablet stays a tablet."""
    return make_cookie(request, SESSION_COOKIE, "", 0)


def sign_in_ticket(request: Req, ticket: str, seconds: int = int(SECOND_STEP_LIFE.total_seconds())) -> Cookie:
    """What the password was worth, until the second step is done. Empty, with no seconds: forget it."""
    return make_cookie(request, TICKET_COOKIE, ticket, seconds)


def with_next(address: str, to: str) -> str:
    """An address that knows where to go afterwards."""
    return address if to == "/" else f"{address}?{urlencode({'next': to})}"
