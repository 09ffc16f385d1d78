"""What the routes of the logbook share."""

from anyio import to_thread

from topline.behaviors.queries import Catalog, Catalogs
from topline.core.actor import Actor
from topline.core.transaction import Write
from topline.logbook.actions import Asked
from topline.logbook.house import House, Houses
from topline.logbook.queries import LogView
from topline.logbook.rules import Details
from topline.logbook.schemas import LogIn, OneLogOut, log_out
from topline.web.request import Req, services

TAG = "Behavior logs"


async def known(request: Req, caller: Actor) -> tuple[Catalog, House]:
    """The catalog and the house, from memory; the first request after a change asks the database in a thread."""
    parts, key = services(request), caller.organization_id
    catalogs, houses = parts.get(Catalogs), parts.get(Houses)
    catalog, house = catalogs.peek(key), houses.peek(key)
    if catalog is None:
        catalog = await to_thread.run_sync(catalogs.get, key)
    if house is None:
        house = await to_thread.run_sync(houses.get, key)
    return catalog, house


def one_log(tx: Write, view: LogView) -> OneLogOut:
    return OneLogOut(log=log_out(view, tx.now, tx.actor.person_id))


def asked_of(data: LogIn) -> Asked:
    details = Details(data.outcome, data.place, data.amount_minor, data.covers, data.note, data.metadata)
    return Asked(data.id, data.behavior_id, data.occurred_at, details)
