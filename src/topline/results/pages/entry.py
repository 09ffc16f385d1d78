"""The form of one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from anyio import to_thread
from litestar import Response

from topline.core.errors import Problem
from topline.core.permissions import P
from topline.core.transaction import Read
from topline.organizations.queries import LocationView, OrganizationView, locations, organization, today
from topline.results import actions, queries, rules
from topline.results.pages.calendar import house_of
from topline.results.pages.history import steps_of
from topline.results.pages.typed import field_errors, shares_typed, typed_from, values_of
from topline.results.queries import EntryImage, EntryView, PersonChoice
from topline.results.rules import Figures
from topline.web.forms import fields_of
from topline.web.pages import redirect, show
from topline.web.request import Req, read, write
from topline.web.routing import page

DAY = "/results/{day:date}"
SHOWN_VERSIONS = 30


@dataclass(frozen=True, slots=True)
class Again:
    """A form that comes back: what was typed, and why it was not taken."""

    fields: Mapping[str, Any]
    problem: Problem


@page("GET", DAY, needs=P.RESULTS_READ)
def day_page(request: Req, day: date, house: str | None = None, adjust: str | None = None) -> Response[str]:
    """One day: its figures to type, or, once it is closed, to read and to adjust."""
    return _form(request, day, house, adjusting=bool(adjust))


@page("POST", DAY, needs=P.RESULTS_WRITE)
async def save_day(request: Req, day: date, house: str | None = None) -> Response[str]:
    """Save, save and close, or adjust; a refused form comes back with what was typed."""
    fields = await fields_of(request)
    return await to_thread.run_sync(lambda: _save(request, day, house, fields))


def _save(request: Req, day: date, house: str | None, fields: dict[str, Any]) -> Response[str]:
    act = str(fields.get("act") or "save")
    try:
        with write(request) as tx:
            place = house_of(tx, house)
            values = values_of(fields, organization(tx))
            version = int(text) if (text := str(fields.get("version") or "0")).isdecimal() else 0
            told: dict[str, Any] = {"version": version, "confirm": bool(fields.get("confirm"))}
            if act == "adjust":
                reason = str(fields.get("reason") or "")
                actions.adjust(tx, place.id, day, values, reason=reason, **told)
            else:
                saved = actions.save(tx, place.id, day, values, **told)
                if act == "close":
                    actions.close(tx, place.id, day, version=saved.entry.version)
    except Problem as problem:
        if problem.status >= 500 or problem.code in ("not_found", "forbidden", "unauthenticated"):
            raise
        return _form(request, day, house, adjusting=act == "adjust", again=Again(fields, problem))
    message = {"close": "The day is closed.", "adjust": "The day is adjusted."}.get(act, "Saved.")
    query = f"?house={place.id}" if house else ""
    return redirect(request, f"/results/{day}{query}", toast={"message": message, "tone": "winning"})


def _form(
    request: Req, day: date, house: str | None, *, adjusting: bool, again: Again | None = None
) -> Response[str]:
    with read(request) as tx:
        shown = _day(tx, day, house)
        context = _context(tx, shown, day, adjusting=adjusting, again=again)
    return show(request, "results/day.html", status=422 if again else 200, **context)


@dataclass(frozen=True, slots=True)
class _Day:
    organization: OrganizationView
    house: LocationView
    today: date
    entry: EntryView | None
    image: EntryImage | None
    before: EntryView | None


def _day(tx: Read, day: date, house: str | None) -> _Day:
    place = house_of(tx, house)
    entry = queries.entry(tx, place.id, day)
    shares = [part.share for part in queries.shares(tx, entry.id)] if entry is not None else []
    image = entry.image(shares) if entry is not None else None
    return _Day(
        organization(tx), place, today(tx, place), entry, image, queries.weekday_before(tx, place.id, day)
    )


def _context(tx: Read, shown: _Day, day: date, *, adjusting: bool, again: Again | None) -> dict[str, Any]:
    entry, problem = shown.entry, again.problem if again else None
    typed = _typed(shown, again)
    is_final = entry is not None and entry.status != "open"
    versions = queries.versions(tx, entry.id, limit=SHOWN_VERSIONS) if entry is not None else []
    people = queries.person_choices(tx)
    names = {person.id: person.name for person in people}
    names |= {part.person_id: part.name for part in (queries.shares(tx, entry.id) if entry else [])}
    return {
        "day": day,
        "entry": entry,
        "house": shown.house,
        "currency": shown.organization.currency,
        "is_future": day > shown.today,
        "is_today": day == shown.today,
        "is_final": is_final,
        "editing": day <= shown.today and (not is_final or adjusting or again is not None),
        "may_write": tx.actor.may(P.RESULTS_WRITE),
        "typed": typed,
        "lines": shares_typed(typed),
        "person_options": _options(people, names),
        "names": names,
        "parts": queries.shares(tx, entry.id) if entry is not None else [],
        "before": shown.before,
        "key_figures": _key_figures(shown.image.figures if shown.image is not None else None),
        "key_figures_before": _key_figures(shown.before.figures if shown.before is not None else None),
        "errors": _errors(again),
        "problem": problem,
        "version": _version(shown, problem, again),
        "steps": steps_of(versions, names),
        "previous_day": day - timedelta(days=1),
        "next_day": day + timedelta(days=1) if day < shown.today else None,
        "month": day.strftime("%Y-%m"),
        "house_query": f"house={shown.house.id}" if len(locations(tx)) > 1 else "",
    }


def _errors(again: Again | None) -> dict[str, str]:
    """What to print under the fields. What only wants to be confirmed is said once, above them."""
    if again is None or again.problem.code == "needs_confirmation":
        return {}
    return field_errors(again.problem, again.fields)


def _typed(shown: _Day, again: Again | None) -> dict[str, Any]:
    if again is not None:
        return {name: "" if value is None else value for name, value in again.fields.items()}
    if shown.image is not None:
        return dict(typed_from(shown.image, shown.organization))
    # The house's own number of rooms is shown to be looked at; it counts once it is saved.
    rooms = shown.house.rooms_available
    return {"rooms_available": "" if rooms is None else str(rooms)}


def _version(shown: _Day, problem: Problem | None, again: Again | None) -> int:
    """What the form will claim to have seen: after a conflict the other's version, which is shown beside it."""
    if problem is not None and problem.code == "conflict":
        return shown.entry.version if shown.entry is not None else 0
    if again is not None:
        text = str(again.fields.get("version") or "0")
        return int(text) if text.isdecimal() else 0
    return shown.entry.version if shown.entry is not None else 0


def _options(people: list[PersonChoice], names: dict[UUID, str]) -> list[tuple[str, str]]:
    options = [(str(person.id), f"{person.name} · {person.department}") for person in people]
    known = {person.id for person in people}
    return options + [(str(key), name) for key, name in names.items() if key not in known]


def _key_figures(figures: Figures | None) -> dict[str, int | None]:
    if figures is None:
        return dict.fromkeys(("average_check", "occupancy", "adr", "revpar"))
    return {
        "average_check": rules.average_check(figures.revenue_minor, figures.covers),
        "occupancy": rules.occupancy_bp(figures.rooms_sold, figures.rooms_available),
        "adr": rules.adr(figures.room_revenue_minor, figures.rooms_sold),
        "revpar": rules.revpar(figures.room_revenue_minor, figures.rooms_available),
    }


ROUTES = [day_page, save_day]
