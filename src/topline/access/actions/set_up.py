"""The first run: organization, location, departments, roles and owner, once per installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from topline.access import queries
from topline.access.actions.doors import Caller, Doors, hashing, named_line
from topline.access.actions.known_devices import remember_browser
from topline.access.actions.passwords import checked_new_password, store_password
from topline.access.actions.second_step import SignedIn
from topline.access.actions.sessions import open_session
from topline.access.events import HouseSetUp
from topline.access.rules import SessionKind
from topline.audit.actions import record
from topline.core.actor import system
from topline.core.errors import Problem, invalid
from topline.core.ids import new_id
from topline.core.permissions import Group
from topline.core.text import TextError, normalise_email
from topline.organizations import actions as organizations
from topline.people import actions as people

#: What a hotel starts with: department → (role, group, type). Everything can be changed in the app.
TEMPLATE: Final[dict[str, tuple[tuple[str, Group, str], ...]]] = {
    "Front desk": (("Front desk agent", Group.STAFF, "FRONT_DESK"),),
    "Restaurant": (
        ("Server", Group.STAFF, "SERVER"),
        ("Host", Group.STAFF, "HOST"),
        ("Busser", Group.STAFF, "BUSSER"),
    ),
    "Bar": (("Bartender", Group.STAFF, "BARTENDER"),),
    "Housekeeping": (("Room attendant", Group.STAFF, "HOUSEKEEPING"),),
    "Kitchen": (("Cook", Group.STAFF, "CHEF"),),
    "Purchasing and accounts": (
        ("Purchaser", Group.STAFF, "PURCHASER"),
        ("Accountant", Group.STAFF, "ACCOUNTANT"),
    ),
    "Facilities": (("Technician", Group.STAFF, "FACILITIES"),),
}
OWNER_DEPARTMENT: Final = "Purchasing and accounts"


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first run asks. `zone` is an IANA name, `currency` ISO 4217, `locale` such as `en` or `pt-PT`.

    `location_name` empty: the organization's name.
    """

    organization_name: str
    location_name: str
    zone: str
    currency: str
    locale: str
    owner_name: str
    email: str
    password: str
    rooms_available: int | None = None
    departments: Sequence[str] = tuple(TEMPLATE)


@dataclass(frozen=True, slots=True)
class SetUp:
    """The new house, with the owner signed in."""

    organization_id: UUID
    location_id: UUID
    owner_id: UUID
    signed_in: SignedIn


def set_up(doors: Doors, caller: Caller, first: FirstRun) -> SetUp:
    """Make the house and its owner. However many do it at once, one succeeds; the others get 409 `already_set_up`."""
    with doors.db.read() as look:
        if queries.is_set_up(look):
            raise Problem("already_set_up")
    house = named_line(first.organization_name, 100, "organization_name")
    location = named_line(first.location_name or house, 100, "location_name")
    locale = named_line(first.locale, 20, "locale")
    name = named_line(first.owner_name, 100, "owner_name")
    email = _email(first.email)
    checked_new_password(first.password, name, email, "password")
    chosen = [*dict.fromkeys([*first.departments, OWNER_DEPARTMENT])]
    unknown = [department for department in chosen if department not in TEMPLATE]
    if unknown:
        raise invalid("departments", "unknown", f"There is no department {unknown[0][:60]!r} to start with.")
    with hashing():
        stored = doors.hasher.hash_password(first.password)
    organization_id = new_id()
    with doors.db.write(system(organization_id, "first run"), caller.request_id, caller.address) as tx:
        if not organizations.claim_installation(tx, organization_id) or queries.organizations_exist(tx):
            raise Problem("already_set_up")
        organizations.create_organization(
            tx,
            organization_id,
            name=house,
            currency=first.currency,
            locale=locale,
        )
        location_id = organizations.create_location(
            tx, name=location, zone=first.zone, rooms_available=first.rooms_available
        )
        department_ids = {name: organizations.create_department(tx, location_id, name) for name in chosen}
        for department in chosen:
            for role_name, group, role_type in TEMPLATE[department]:
                people.create_role(tx, role_name, group, role_type)
        people.create_role(tx, "Manager", Group.MANAGER, "CUSTOM")
        owner_role = people.create_role(tx, "Owner", Group.ADMIN, "CUSTOM")
        owner = people.PersonFields(
            name=name, role_id=owner_role, department_id=department_ids[OWNER_DEPARTMENT], email=email
        )
        owner_id = people.create_person(tx, owner)
        store_password(tx, owner_id, stored)
        session = open_session(tx, owner_id, SessionKind.BROWSER, caller=caller, method="first run")
        record(tx, "sign_in.opened", "person", owner_id, after={"by": "first run"})
        tx.after_commit(HouseSetUp(organization_id))
        owner_account = queries.own_account(tx, owner_id)
        known = remember_browser(doors, caller, owner_account, tx.now)
    return SetUp(organization_id, location_id, owner_id, SignedIn(session, owner_account, known))


def _email(text: str) -> str:
    try:
        return normalise_email(text)
    except TextError as error:
        raise invalid("email", error.code, str(error)) from error
