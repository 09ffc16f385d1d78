"""The first run: while nothing is set up, this page makes the house and its owner."""

from functools import lru_cache
from typing import Any, Final
from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import get_currency_name
from litestar import Response

from topline.access import actions, cookies, queries
from topline.access.entrance import caller, doors
from topline.access.pages.forms import refused, text, texts
from topline.core.errors import Problem, invalid
from topline.core.text import TextError
from topline.web.forms import fields_of
from topline.web.guard import Public
from topline.web.pages import redirect, show
from topline.web.request import Req, in_slow_lane, read, services
from topline.web.routing import page

REASON: Final = "before the first run there is nobody who could sign in; afterwards it only redirects"
LOCALES: Final = (
    ("en", "English (1,234.56)"),
    ("en-GB", "English, United Kingdom"),
    ("en-AU", "English, Australia"),
    ("de", "Deutsch (1.234,56)"),
    ("de-CH", "Deutsch, Schweiz"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt-PT", "Português"),
    ("pt-BR", "Português, Brasil"),
    ("ja", "日本語"),
)


@page("GET", "/welcome", needs=Public(REASON))
def welcome_page(request: Req) -> Response[str]:
    """The questions of the first run."""
    with read(request) as tx:
        if queries.is_set_up(tx):
            return redirect(request, "/")
    if _is_closed(request):
        return show(request, "access/welcome_closed.html", status=403)
    return _form(request, {"departments": list(actions.TEMPLATE), "currency": "EUR", "locale": "en"})


@page("POST", "/welcome", needs=Public(REASON))
async def set_up(request: Req) -> Response[str]:
    """Make the house; whoever is second is sent to sign in."""
    if _is_closed(request):
        raise Problem("forbidden", "In production a house is set up on the server: `topline init`.")
    fields = await fields_of(request)

    def work() -> actions.SetUp:
        if text(fields, "password") != text(fields, "password_again"):
            raise invalid("password_again", "different", "The two passwords are not the same.")
        return actions.set_up(doors(request), caller(request), _first(fields))

    try:
        made = await in_slow_lane(request, work)
    except (Problem, TextError) as error:
        if isinstance(error, Problem) and error.code == "already_set_up":
            return redirect(request, "/sign-in")
        status, errors = refused(error)
        typed = {**fields, "departments": texts(fields, "departments")}
        return _form(request, typed, errors, status)
    toast = {"message": "Your house is set up. Next: add people.", "tone": "winning", "undo_url": None}
    response = redirect(request, "/", toast=toast)
    for cookie in cookies.signed_in(request, made.signed_in):
        response.set_cookie(cookie)
    return response


def _is_closed(request: Req) -> bool:
    """Whether the first run is not for whoever comes first: a new public address is known to strangers within minutes,
    since certificates are published."""
    return services(request).settings.in_production()


def _first(fields: dict[str, Any]) -> actions.FirstRun:
    rooms = text(fields, "rooms_available").strip()
    if rooms and not (rooms.isascii() and rooms.isdigit()):
        raise invalid("rooms_available", "not_a_number", "A whole number of rooms, or nothing.")
    return actions.FirstRun(
        organization_name=text(fields, "organization_name"),
        location_name=text(fields, "location_name"),
        zone=text(fields, "zone"),
        currency=text(fields, "currency"),
        locale=text(fields, "locale") or "en",
        owner_name=text(fields, "owner_name"),
        email=text(fields, "email"),
        password=text(fields, "password"),
        rooms_available=int(rooms[:6]) if rooms else None,
        departments=texts(fields, "departments"),
    )


def _form(
    request: Req, values: dict[str, Any], errors: dict[str, str] | None = None, status: int = 200
) -> Response[str]:
    return show(
        request,
        "access/welcome.html",
        status=status,
        values=values,
        errors=errors or {},
        zone_options=_zones(),
        currency_options=_currencies(),
        locale_options=LOCALES,
        department_names=list(actions.TEMPLATE),
    )


@lru_cache(maxsize=1)
def _zones() -> list[dict[str, Any]]:
    """Zones of places, grouped by part of the world."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        region, _, city = zone.partition("/")
        if city and region not in ("Etc", "SystemV", "US", "Canada", "Mexico", "Brazil", "Chile"):
            regions.setdefault(region, []).append((zone, city.replace("_", " ")))
    return [{"label": region, "options": cities} for region, cities in regions.items()]


@lru_cache(maxsize=1)
def _currencies() -> list[tuple[str, str]]:
    """Currencies that are legal tender somewhere today."""
    today = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _begin, end, tender in uses
        if end is None and tender
    }
    return [(code, f"{code} · {get_currency_name(code, locale='en')}") for code in sorted(today)]


ROUTES = [welcome_page, set_up]
