"""What the handlers of this domain share: the doors, where a request comes from, and the chores of the program."""

import math
from collections.abc import Callable
from typing import Final, TypeVar
from urllib.parse import urlsplit

import anyio

from topline.access.actions import Caller, Doors, Site, note_seen, reseal, tidy
from topline.access.cookies import KNOWN_COOKIE
from topline.access.identity import Identities
from topline.access.limits import SignInLimits, policy_of
from topline.access.rules import Pauses
from topline.core.actor import Actor, ActorKind
from topline.core.errors import Problem
from topline.core.settings import Settings
from topline.web.addresses import bucket_of
from topline.web.cookies import read_cookie
from topline.web.request import Req, client_address, in_slow_lane, request_id, services
from topline.web.services import Services

T = TypeVar("T")
AGENT_MAX: Final = 200
#: Refused passwords are answered after a whole number of these.
REFUSAL_SECONDS: Final = 0.25


def limits_of(settings: Settings) -> SignInLimits:
    """The sign-in policies an operator set."""
    return SignInLimits(
        address=policy_of(settings.limit_unknown_sign_in),
        device=policy_of(settings.limit_device_sign_in),
        organization=policy_of(settings.limit_organization_sign_in),
        alarm=policy_of(settings.limit_organization_alarm),
        pauses=_pauses_of(settings),
    )


def _pauses_of(settings: Settings) -> Pauses:
    short, long = policy_of(settings.limit_pin_sign_in)[0], policy_of(settings.limit_account_sign_in)[0]
    return Pauses(short.amount, short.length, long.amount, long.length, settings.limit_pin_off)


def doors(request: Req) -> Doors:
    """Database, hasher and limits of the running program."""
    return services(request).get(Doors)


def caller(request: Req) -> Caller:
    """Where the request comes from; a tablet counts as itself, whoever is signed in at it."""
    tablet = tablet_of(request)
    return Caller(
        bucket_of(client_address(request)),
        tablet.device_id if tablet else None,
        request_id(request),
        clean_agent(request.headers.get("user-agent", "")),
        tablet.organization_id if tablet else None,
        read_cookie(request, KNOWN_COOKIE) or "",
    )


async def compared_evenly(request: Req, compare: Callable[[], T]) -> T:
    """Compare a password in the slow lane. A refusal waits for the next quarter of a second.

    For an address with an account a refusal is written into its history and the trail; without the wait, the time that
    takes would tell strangers which addresses have one.
    """
    began = anyio.current_time()
    try:
        return await in_slow_lane(request, compare)
    except Problem as problem:
        if problem.code == "sign_in_failed":
            steps = math.ceil((anyio.current_time() - began) / REFUSAL_SECONDS)
            await anyio.sleep_until(began + steps * REFUSAL_SECONDS)
        raise


def clean_agent(text: str) -> str:
    """What a browser calls itself, as far as it can be stored and shown."""
    return "".join(c for c in text if c.isprintable())[:AGENT_MAX]


def tablet_of(request: Req) -> Actor | None:
    """The enrolled tablet behind the request, whoever is signed in at it."""
    devices: list[Actor] = request.scope.get("state", {}).get("devices", [])
    return next((device for device in devices if device.kind is ActorKind.TABLET), None)


def absolute(request: Req, path: str) -> str:
    """The whole address of a path, as people use it."""
    base = services(request).settings.public_url.rstrip("/")
    if not base:
        scheme = "https" if request.scope.get("state", {}).get("secure") else "http"
        base = f"{scheme}://{request.headers.get('host', '')}"
    return base + path


def site(request: Req) -> Site:
    """What passkeys are tied to: the public address where there is one, else the one that was asked for."""
    origin = absolute(request, "")
    return Site(urlsplit(origin).hostname or "", origin)


def register_chores(parts: Services) -> None:
    """Note each minute who was seen; each hour tidy up, and seal anew what an older pepper sealed."""
    seen = parts.get(Identities)
    parts.jobs.every(60, "last seen", lambda: note_seen(parts.db, seen.take_seen()))
    seal = parts.get(Doors).seal
    parts.jobs.every(3600, "old seals", lambda: reseal(parts.db, seal))
    parts.jobs.every(3600, "old sign-in failures", lambda: tidy(parts.db))
