"""What an enrolled tablet shows before anybody signs in."""

from topline.access import queries
from topline.access.schemas import TabletDepartment, TabletDevice, TabletHouse, TabletState, TileOut
from topline.core.errors import Problem
from topline.core.money import currency_digits
from topline.core.permissions import Permission
from topline.organizations import queries as organizations
from topline.web.request import Req, actor, read
from topline.web.routing import api


@api(
    "GET",
    "/api/tablet/state",
    needs=Permission.TABLET_USE,
    summary="What this tablet shows",
    tag="Tablet",
    errors=["device_unknown"],
)
def state(request: Req) -> TabletState:
    """The tablet's name and house, its settings, and the people of the house, those who last used it first."""
    device_id = actor(request).device_id
    if device_id is None:
        raise Problem("device_unknown")
    with read(request) as tx:
        device = queries.device(tx, device_id)
        house = organizations.organization(tx)
        location = organizations.location(tx, device.location_id)
        return TabletState(
            device=TabletDevice(
                id=device.id,
                name=device.name,
                location_id=device.location_id,
                location_name=device.location_name,
                department_id=device.department_id,
            ),
            organization=TabletHouse(
                name=house.name,
                currency=house.currency,
                currency_digits=currency_digits(house.currency),
                locale=house.locale,
                zone=location.zone,
                turning_hour=location.turning_hour,
                idle_seconds=house.settings.tablet.idle_seconds,
            ),
            departments=[
                TabletDepartment(id=department.id, name=department.name)
                for department in organizations.departments(tx, location_id=location.id)
            ],
            people=[
                TileOut(
                    id=person.id,
                    display_name=person.display_name,
                    initials=person.initials,
                    color=person.color,
                    department_id=person.department_id,
                    role_name=person.role_name,
                    last_used_at=person.last_used_at,
                )
                for person in queries.tablet_people(tx, location.id, device.id)
            ],
            server_time=tx.now,
        )


ROUTES = [state]
