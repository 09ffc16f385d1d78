"""Tablets and wall displays, for the manager."""

from typing import Any
from uuid import UUID

from litestar import Response

from topline.access import actions, queries
from topline.access.entrance import absolute, limits_of
from topline.access.pages.forms import refused, text
from topline.core.errors import Problem, invalid
from topline.core.ids import parse_id
from topline.core.permissions import Permission
from topline.core.transaction import Read
from topline.organizations import queries as organizations
from topline.web.forms import fields_of
from topline.web.pages import is_fragment, redirect, show
from topline.web.paging import decode_cursor, page_of
from topline.web.request import Req, in_slow_lane, read, services, write
from topline.web.routing import page

PAGE_SIZE = 50


@page("GET", "/devices", needs=Permission.DEVICES_MANAGE)
def devices_page(request: Req, cursor: str | None = None) -> Response[str]:
    """Every tablet and display, when each was last heard of, and who is locked out."""
    return _devices(request, cursor=cursor)


@page("POST", "/devices/codes", needs=Permission.DEVICES_MANAGE)
async def make_code(request: Req) -> Response[str]:
    """Show a code for one tablet, this once."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        try:
            with write(request) as tx:
                made = actions.create_code(
                    tx, _chosen(fields, "location_id"), _chosen(fields, "department_id")
                )
        except Problem as problem:
            status, errors = refused(problem)
            return _part(request, "access/_refused.html", status=status, errors=errors)
        return _part(request, "access/_code.html", code=made, address=absolute(request, "/tablet"))

    return await in_slow_lane(request, work)


@page("GET", "/devices/codes/{code_id:uuid}", needs=Permission.DEVICES_MANAGE)
def code_state(request: Req, code_id: UUID) -> Response[str]:
    """Asked every few seconds while the code is on the screen: was it used?"""
    with read(request) as tx:
        ends, name = queries.code_use(tx, code_id)
        over = ends <= tx.now
    if name is not None:
        toast = {"message": f"{name} is enrolled.", "tone": "winning", "undo_url": None}
        return redirect(request, "/devices", toast=toast)
    return show(request, "access/_code_state.html", code_id=code_id, over=over)


@page("POST", "/devices/displays", needs=Permission.DEVICES_MANAGE)
async def make_display(request: Req) -> Response[str]:
    """Make a wall display and show its link, this once."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        try:
            with write(request) as tx:
                made = actions.create_display(tx, text(fields, "name"), _chosen(fields, "location_id"))
        except Problem as problem:
            status, errors = refused(problem)
            return _part(request, "access/_refused.html", status=status, errors=errors)
        return _link(request, made, is_new=True)

    return await in_slow_lane(request, work)


@page("POST", "/devices/{device_id:uuid}/link", needs=Permission.DEVICES_MANAGE)
def renew_link(request: Req, device_id: UUID) -> Response[str]:
    """A new link for a display; the old one stops working."""
    with write(request) as tx:
        made = actions.renew_display(tx, device_id)
    return _link(request, made)


@page("POST", "/devices/{device_id:uuid}/rename", needs=Permission.DEVICES_MANAGE)
async def rename(request: Req, device_id: UUID) -> Response[str]:
    """Another name for a tablet or display."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        try:
            with write(request) as tx:
                device = actions.rename_device(tx, device_id, text(fields, "name"))
        except Problem as problem:
            if problem.status == 404:
                raise
            status, errors = refused(problem)
            return _devices(request, status=status, errors=errors)
        toast = {"message": f"It is called {device.name} now.", "tone": "info", "undo_url": None}
        return redirect(request, "/devices", toast=toast)

    return await in_slow_lane(request, work)


@page("POST", "/devices/{device_id:uuid}/revoke", needs=Permission.DEVICES_MANAGE)
def revoke(request: Req, device_id: UUID) -> Response[str]:
    """A tablet or display opens nothing any more."""
    with write(request) as tx:
        name = queries.device(tx, device_id).name
        actions.revoke_device(tx, device_id)
    toast = {"message": f"{name} is revoked.", "tone": "info", "undo_url": None}
    return redirect(request, "/devices", toast=toast)


@page("POST", "/devices/locks/clear", needs=Permission.PEOPLE_MANAGE)
async def clear_lock(request: Req) -> Response[str]:
    """Let somebody in again before the wait is over."""
    fields = await fields_of(request)
    subject = parse_id(text(fields, "subject_id"))
    if subject is None:
        raise invalid("subject_id", "unknown", "There is no such lock.")

    def work() -> None:
        with write(request) as tx:
            actions.clear_lock(tx, text(fields, "kind"), subject)

    await in_slow_lane(request, work)
    toast = {"message": "They can try again now.", "tone": "winning", "undo_url": None}
    return redirect(request, "/devices", toast=toast)


def _devices(request: Req, *, cursor: str | None = None, status: int = 200, **given: Any) -> Response[str]:
    with read(request) as tx:
        context = {**_context(tx, request, cursor), **given}
    return show(request, "access/devices.html", status=status, **context)


def _context(tx: Read, request: Req, cursor: str | None) -> dict[str, Any]:
    after = None
    if (values := decode_cursor(cursor, 2)) is not None and (last := parse_id(values[1])) is not None:
        after = (values[0], last)
    found = queries.devices(tx, after=after, limit=PAGE_SIZE + 1)
    kept, next_cursor = page_of(found, PAGE_SIZE, lambda device: (device.name, device.id))
    return {
        "devices": kept,
        "next_cursor": next_cursor,
        "now": tx.now,
        "locks": queries.locks(tx, limits_of(services(request).settings)),
        "location_options": [(house.id, house.name) for house in organizations.locations(tx)],
        "department_options": [(one.id, one.name) for one in organizations.departments(tx)],
        "errors": {},
        "part": None,
    }


def _link(request: Req, made: actions.NewDevice, *, is_new: bool = False) -> Response[str]:
    given: dict[str, Any] = {"device": made.device, "url": absolute(request, f"/wall/{made.token}")}
    if is_new and is_fragment(request):
        with read(request) as tx:
            context = _context(tx, request, None)
        return show(request, "access/_link_and_list.html", **{**context, **given})
    return _part(request, "access/_link.html", **given)


def _part(request: Req, template: str, *, status: int = 200, **given: Any) -> Response[str]:
    """A part of the page for htmx, the whole page around it for a browser without it."""
    if is_fragment(request):
        return show(request, template, status=status, **given)
    return _devices(request, status=status, part=template, **given)


def _chosen(fields: dict[str, Any], name: str) -> UUID | None:
    return parse_id(text(fields, name))


ROUTES = [
    devices_page,
    make_code,
    code_state,
    make_display,
    renew_link,
    rename,
    revoke,
    clear_lock,
]
