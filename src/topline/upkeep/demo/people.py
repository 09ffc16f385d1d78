"""The 200 people of the demo hotel with their PINs and, for those who lead, their e-mail sign-ins."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from topline.upkeep.demo.names import LONGEST, SHORTEST, display_name, names, plain
from topline.upkeep.demo.plan import OWNER, PEOPLE, ROLES, SHOWN_MANAGER, SHOWN_STAFF
from topline.upkeep.demo.seeded import chance, make_id, make_password, make_pin
from topline.upkeep.demo.shapes import DemoPerson, DemoRole

COLORS: Final = 6
MAIL_DOMAIN: Final = "example.test"
# Who carries the two names that try the layout; both keep them under every seed.
_UNUSUAL: Final = {"server": LONGEST, "cook": SHORTEST}


def make_people(seed: int, roles: Sequence[DemoRole], since: datetime) -> tuple[DemoPerson, ...]:
    """Everybody, in the order of the plan; staff numbers and ids follow that order."""
    called = islice(names(chance(seed, "names")), PEOPLE)
    unusual = dict(_UNUSUAL)
    people: list[DemoPerson] = []
    for plan, role in zip(ROLES, roles, strict=True):
        for _ in range(plan.count):
            given, family = next(called)
            given, family = unusual.pop(plan.key, (given, family))
            number = len(people) + 1
            created = since + timedelta(seconds=number)
            rng = chance(seed, "person", number)
            leads = plan.group != "staff"
            address = f"{plain(given, family)}@{MAIL_DOMAIN}"
            if plan.key == OWNER:
                address = f"owner@{MAIL_DOMAIN}"
            elif plan.key == SHOWN_MANAGER:
                address = f"manager@{MAIL_DOMAIN}"
            people.append(
                DemoPerson(
                    id=make_id(created, rng),
                    name=f"{given} {family}",
                    display_name=display_name(given, family),
                    staff_number=f"LH-{number:04d}",
                    role_id=role.id,
                    department_id=role.department_id,
                    color=(number - 1) % COLORS,
                    pin=make_pin(rng),
                    email=address if leads else None,
                    password=make_password(rng) if leads else None,
                    shifts_per_week=5 if leads or plan.office else rng.choices((5, 4, 3), (86, 8, 6))[0],
                    wall_opt_out=not leads and rng.random() < 0.02,
                    created_at=created,
                )
            )
    return tuple(people)


def shown(people: Sequence[DemoPerson], roles: Sequence[DemoRole]) -> tuple[DemoPerson, ...]:
    """The accounts a visitor is given: owner, manager, then three of the staff; the first of each role."""
    role_key = {role.id: role.key for role in roles}
    first: dict[str, DemoPerson] = {}
    for person in people:
        first.setdefault(role_key[person.role_id], person)
    return tuple(first[key] for key in (OWNER, SHOWN_MANAGER, *SHOWN_STAFF))
