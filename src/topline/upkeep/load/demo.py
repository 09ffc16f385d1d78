"""Load the demo hotel: everything in one transaction, then the sign-ins for whoever tries it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from topline.access.hashing import Hasher
from topline.core.actor import system
from topline.core.transaction import Database
from topline.infra.files import FileStore
from topline.scoring import actions as scoring
from topline.upkeep.demo import DemoHotel, DemoPerson
from topline.upkeep.load.house import load_house, load_results
from topline.upkeep.load.logs import Say, load_logs
from topline.upkeep.load.people import load_api_key, load_device, load_people


def load(db: Database, hasher: Hasher, files: FileStore, hotel: DemoHotel, say: Say) -> dict[str, Any]:
    """Fill the database in one transaction: it holds the whole demo hotel afterwards, or nothing.

    Returns what `demo-accounts.json` holds, without addresses. `say` is told how far it is.
    """
    organization_id = hotel.organization.id
    say(f"hashing {len(hotel.people)} PINs")
    with ThreadPoolExecutor(2) as pool:
        pins = list(pool.map(lambda person: hasher.hash_pin(person.id, person.pin), hotel.people))
        passwords = [(p, hasher.hash_password(p.password)) for p in hotel.people if p.password]
    with db.write(system(organization_id, "demo")) as tx:
        say("writing the house and its people")
        load_house(tx, hotel)
        load_people(tx, hotel, pins, passwords)
        tokens = {device.id: load_device(tx, hotel, device) for device in hotel.devices}
        keys = {p.id: load_api_key(tx, hotel, p) for p in (hotel.owner, hotel.manager)}
        load_results(tx, hotel)
        count = load_logs(tx, hotel, files, say)
        say("adding up points")
        scoring.rebuild(tx, hotel.days[0].business_date, hotel.today)
    say(f"{count:,} logs on {len(hotel.days) + 1} days")
    tablet = next(d for d in hotel.devices if d.kind == "tablet")
    display = next(d for d in hotel.devices if d.kind == "display")
    return {
        "owner": _account(hotel.owner, keys),
        "manager": _account(hotel.manager, keys),
        "staff": [
            {"id": str(p.id), "name": p.name, "role": _role_name(hotel, p), "pin": p.pin} for p in hotel.staff
        ],
        "device_token": tokens[tablet.id],
        "display_token": tokens[display.id],
    }


def _account(person: DemoPerson, keys: dict[UUID, str]) -> dict[str, str | None]:
    return {
        "name": person.name,
        "email": person.email,
        "password": person.password,
        "api_key": keys[person.id],
    }


def _role_name(hotel: DemoHotel, person: DemoPerson) -> str:
    return next(role.name for role in hotel.roles if role.id == person.role_id)
