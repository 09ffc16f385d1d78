"""Enrol, list, rename and revoke tablets and displays."""

from uuid import UUID

from litestar import Response

from topline.access import actions, cookies, queries
from topline.access.api.shapes import device_out
from topline.access.entrance import absolute, caller, doors
from topline.access.schemas import (
    CodeIn,
    CodeOut,
    DeviceOut,
    DisplayIn,
    DisplayOut,
    EnrolledOut,
    EnrollIn,
    RenameIn,
)
from topline.core.errors import invalid
from topline.core.ids import parse_id
from topline.core.permissions import Permission
from topline.web.cookies import read_cookie
from topline.web.guard import Public
from topline.web.paging import Cursor, Limit, Page, decode_cursor, page_of
from topline.web.request import Req, read, write
from topline.web.routing import api

TAG = "Devices"
NO_STORE = {"Cache-Control": "no-store"}


@api("GET", "/api/devices", needs=Permission.DEVICES_MANAGE, summary="List tablets and displays", tag=TAG)
def devices(request: Req, limit: Limit = 50, cursor: Cursor = None) -> Page[DeviceOut]:
    """Those that were not revoked, by name."""
    after = None
    if (values := decode_cursor(cursor, 2)) is not None:
        last = parse_id(values[1])
        if last is None:
            raise invalid("cursor", "cursor_invalid", "This cursor is not one Topline gave out.")
        after = (values[0], last)
    with read(request) as tx:
        found = queries.devices(tx, after=after, limit=limit + 1)
    kept, next_cursor = page_of(found, limit, lambda device: (device.name, device.id))
    return Page([device_out(device) for device in kept], next_cursor)


@api(
    "POST",
    "/api/devices/codes",
    needs=Permission.DEVICES_MANAGE,
    summary="Make an enrolment code",
    tag=TAG,
    errors=["not_found"],
    status=201,
)
def make_code(request: Req, data: CodeIn | None = None) -> Response[CodeOut]:
    """A code for one tablet, once, within ten minutes. It is shown this once and stored hashed."""
    wanted = data or CodeIn()
    with write(request) as tx:
        made = actions.create_code(tx, wanted.location_id, wanted.department_id)
    out = CodeOut(id=made.id, code=made.code, expires_at=made.expires_at, location_name=made.location_name)
    return Response(out, headers=NO_STORE)


@api(
    "POST",
    "/api/devices/enroll",
    needs=Public("a new tablet shows its code here; it has nothing else yet"),
    limit="sign_in",
    summary="Enroll this browser as a tablet",
    tag=TAG,
    errors=["enrollment_code_invalid", "too_many_sign_ins"],
    status=201,
)
def enroll(request: Req, data: EnrollIn) -> Response[EnrolledOut]:
    """Sets the cookie that makes this browser a tablet. Wrong codes are counted per address.

    A browser that was a tablet of the same house before becomes that tablet again, under the new name.
    """
    made = actions.enroll(
        doors(request), caller(request), data.code, data.name, read_cookie(request, cookies.DEVICE_COOKIE)
    )
    return Response(
        EnrolledOut(device=device_out(made.device)),
        cookies=[cookies.enrolled_device(request, made.token)],
        headers=NO_STORE,
    )


@api(
    "PATCH",
    "/api/devices/{device_id:uuid}",
    needs=Permission.DEVICES_MANAGE,
    summary="Rename a tablet or display",
    tag=TAG,
)
def rename(request: Req, device_id: UUID, data: RenameIn) -> DeviceOut:
    """Gives it another name; everything else stays."""
    with write(request) as tx:
        return device_out(actions.rename_device(tx, device_id, data.name))


@api(
    "DELETE",
    "/api/devices/{device_id:uuid}",
    needs=Permission.DEVICES_MANAGE,
    summary="Revoke a tablet or display",
    tag=TAG,
    status=204,
)
def revoke(request: Req, device_id: UUID) -> None:
    """It opens nothing any more, and whoever is signed in on it is out, at once."""
    with write(request) as tx:
        actions.revoke_device(tx, device_id)


@api(
    "POST",
    "/api/devices/displays",
    needs=Permission.DEVICES_MANAGE,
    summary="Make a wall display",
    tag=TAG,
    errors=["not_found"],
    status=201,
)
def make_display(request: Req, data: DisplayIn) -> Response[DisplayOut]:
    """The link opens the wall without anybody signed in. It is shown this once and stored hashed."""
    with write(request) as tx:
        made = actions.create_display(tx, data.name, data.location_id)
    return Response(_display(request, made), headers=NO_STORE)


@api(
    "POST",
    "/api/devices/{device_id:uuid}/link",
    needs=Permission.DEVICES_MANAGE,
    summary="Give a display a new link",
    tag=TAG,
    status=200,
)
def renew(request: Req, device_id: UUID) -> Response[DisplayOut]:
    """The old link stops working at once."""
    with write(request) as tx:
        made = actions.renew_display(tx, device_id)
    return Response(_display(request, made), headers=NO_STORE)


def _display(request: Req, made: actions.NewDevice) -> DisplayOut:
    return DisplayOut(device=device_out(made.device), url=absolute(request, f"/wall/{made.token}"))


ROUTES = [devices, make_code, enroll, rename, revoke, make_display, renew]
