"""The settings page: organization, scoreboard, verification, tablet, location, departments, closed days."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from anyio import to_thread
from litestar import Response

from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.organizations import actions, queries
from topline.organizations.rules import WEEKDAYS
from topline.organizations.settings import (
    AccessSettings,
    OrganizationSettings,
    ScoreboardSettings,
    TabletSettings,
    VerificationSettings,
)
from topline.web.forms import errors_by_field, fields_of, parse
from topline.web.pages import redirect, show
from topline.web.request import Req, read, write
from topline.web.routing import page
from topline.web.schemas import Input


class SettingsForm(Input):
    """The first form of the page. Percentages are whole; unticked boxes are not sent."""

    version: int
    name: str
    locale: str
    winning: Annotated[int, msgspec.Meta(ge=50, le=150)]
    neutral: Annotated[int, msgspec.Meta(ge=30, le=150)]
    names: Literal["names", "initials", "numbers"]
    leaderboard: Literal["points", "verified", "average_check"]
    idle_seconds: Annotated[int, msgspec.Meta(ge=10, le=600)]
    grace_days: Annotated[int, msgspec.Meta(ge=1, le=60)]
    sample: Annotated[int, msgspec.Meta(ge=0, le=100)]
    show_revenue: bool = False
    auto_verify: bool = False


class AccessForm(Input):
    """Who needs a second step to sign in. In a form of its own, so that nobody changes it by the way."""

    version: int
    second_factor: Literal["optional", "required"]


class LocationForm(Input):
    """The second form: the house. Hours come as `mon_opens`, `mon_closes` and so on."""

    name: str
    zone: str
    turning_hour: int
    rooms_available: int | None = None


class DepartmentForm(Input):
    """A department's name, or its retirement."""

    name: str | None = None
    active: bool | None = None


class ClosureForm(Input):
    """A day on which the house does not open."""

    day: date
    reason: str = ""


@page("GET", "/settings", needs=Permission.ORGANIZATION_MANAGE)
def settings_page(request: Req) -> Response[str]:
    """Everything a hotel can set, on one page."""
    return _page(request, {}, "")


@page("POST", "/settings", needs=Permission.ORGANIZATION_MANAGE)
async def save_settings(request: Req) -> Response[str]:
    """Save the organization, scoreboard, verification and tablet settings."""
    fields = await fields_of(request)

    def save() -> None:
        form = parse(SettingsForm, fields)
        with write(request) as tx:
            settings = _settings(form, queries.organization(tx).settings)
            actions.update_organization(
                tx, version=form.version, name=form.name, locale=form.locale, settings=settings
            )

    return await _save(request, fields, save, "The settings are saved.")


@page("POST", "/settings/access", needs=Permission.ORGANIZATION_MANAGE, fresh=True)
async def save_access(request: Req) -> Response[str]:
    """Save how people get in."""
    fields = await fields_of(request)

    def save() -> None:
        form = parse(AccessForm, fields)
        with write(request) as tx:
            before = queries.organization(tx).settings
            changed = msgspec.structs.replace(before, access=AccessSettings(second_factor=form.second_factor))
            actions.update_organization(tx, version=form.version, settings=changed)

    return await _save(request, fields, save, "The settings are saved.")


@page("POST", "/settings/locations/{location_id:uuid}", needs=Permission.ORGANIZATION_MANAGE)
async def save_location(request: Req, location_id: UUID) -> Response[str]:
    """Save the house: name, zone, turning hour, rooms and weekly hours."""
    fields = await fields_of(request)

    def save() -> None:
        form = parse(LocationForm, fields)
        hours = {
            day: [fields[f"{day}_opens"], fields[f"{day}_closes"]]
            if fields.get(f"{day}_opens") and fields.get(f"{day}_closes")
            else None
            for day in WEEKDAYS
        }
        with write(request) as tx:
            actions.update_location(
                tx,
                location_id,
                name=form.name,
                zone=form.zone,
                turning_hour=form.turning_hour,
                opening_hours=actions.parse_opening_hours(hours),
                rooms_available=form.rooms_available,
            )

    return await _save(request, fields, save, "The location is saved.")


@page("POST", "/settings/locations/{location_id:uuid}/departments", needs=Permission.ORGANIZATION_MANAGE)
async def add_department(request: Req, location_id: UUID) -> Response[str]:
    """Add a department."""
    fields = await fields_of(request)

    def save() -> None:
        form = parse(DepartmentForm, fields)
        with write(request) as tx:
            actions.create_department(tx, location_id, form.name or "")

    return await _save(request, fields, save, "The department is added.")


@page("POST", "/settings/departments/{department_id:uuid}", needs=Permission.ORGANIZATION_MANAGE)
async def change_department(request: Req, department_id: UUID) -> Response[str]:
    """Rename, retire or bring back a department."""
    fields = await fields_of(request)

    def save() -> None:
        form = parse(DepartmentForm, fields)
        with write(request) as tx:
            actions.update_department(tx, department_id, name=form.name, active=form.active)

    return await _save(request, fields, save, "The department is changed.")


@page("POST", "/settings/locations/{location_id:uuid}/closures", needs=Permission.ORGANIZATION_MANAGE)
async def add_closure(request: Req, location_id: UUID) -> Response[str]:
    """The house does not open on a day."""
    fields = await fields_of(request)

    def save() -> None:
        form = parse(ClosureForm, fields)
        with write(request) as tx:
            actions.close_on(tx, location_id, form.day, form.reason)

    return await _save(request, fields, save, "The closed day is noted.")


@page(
    "POST",
    "/settings/locations/{location_id:uuid}/closures/{day:date}/remove",
    needs=Permission.ORGANIZATION_MANAGE,
)
def remove_closure(request: Req, location_id: UUID, day: date) -> Response[str]:
    """The house opens on that day after all."""
    with write(request) as tx:
        actions.open_on(tx, location_id, day)
    return redirect(request, "/settings#closed", toast={"message": "The house opens on that day."})


async def _save(request: Req, fields: dict[str, Any], save: Callable[[], None], done: str) -> Response[str]:
    def work() -> Response[str]:
        try:
            save()
        except Problem as problem:
            if problem.status >= 500 or problem.code == "not_found":
                raise
            return _page(request, fields, problem.detail, errors_by_field(problem), status=422)
        return redirect(request, "/settings", toast={"message": done})

    return await to_thread.run_sync(work)


def _settings(form: SettingsForm, before: OrganizationSettings) -> OrganizationSettings:
    return OrganizationSettings(
        scoreboard=ScoreboardSettings(
            winning_bp=form.winning * 100,
            neutral_bp=form.neutral * 100,
            show_revenue=form.show_revenue,
            names=form.names,
            leaderboard=form.leaderboard,
        ),
        verification=VerificationSettings(
            grace_days=form.grace_days,
            sample_bp=form.sample * 100,
            auto_verify=form.auto_verify,
            auto_verify_accuracy_bp=before.verification.auto_verify_accuracy_bp,
        ),
        tablet=TabletSettings(idle_seconds=form.idle_seconds),
        access=before.access,
    )


def _page(
    request: Req,
    typed: dict[str, Any],
    problem: str,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response[str]:
    with read(request) as tx:
        organization = queries.organization(tx)
        house = queries.main_location(tx)
        departments = queries.departments(tx, location_id=house.id, with_inactive=True)
        closures = queries.closures(tx, house.id, queries.today(tx, house))
    return show(
        request,
        "organizations/settings.html",
        status=status,
        organization=organization,
        settings=organization.settings,
        house=house,
        weekdays=WEEKDAYS,
        departments=departments,
        closures=closures,
        typed=typed,
        problem=problem,
        errors=errors or {},
    )


ROUTES = [
    settings_page,
    save_settings,
    save_access,
    save_location,
    add_department,
    change_department,
    add_closure,
    remove_closure,
]
