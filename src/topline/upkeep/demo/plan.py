"""How the demo hotel is staffed: seven departments, their roles, how many people and when they work."""

from dataclasses import dataclass
from typing import Final

from topline.behaviors.catalog import HOTEL_BEHAVIORS
from topline.people.rules import RoleType
from topline.upkeep.demo.shapes import Group

HOTEL_NAME: Final = "Lanternfield House"
LOCATION_NAME: Final = "Lanternfield House, Riverside"
CURRENCY: Final = "EUR"
LOCALE: Final = "en"

DEPARTMENTS: Final[dict[str, str]] = {
    "front_desk": "Front desk",
    "restaurant": "Restaurant",
    "bar": "Bar",
    "housekeeping": "Housekeeping",
    "kitchen": "Kitchen",
    "back_office": "Purchasing & accounts",
    "facilities": "Facilities",
}

OWNER: Final = "owner"
SHOWN_MANAGER: Final = "front_office_manager"
SHOWN_STAFF: Final = ("front_desk_agent", "bartender", "room_attendant")


@dataclass(frozen=True, slots=True)
class Shift:
    """From which local hour (24 and more: after midnight) and for how many hours."""

    start: float
    hours: float


EARLY: Final = Shift(7, 8)
DAY: Final = Shift(9, 8)
LATE: Final = Shift(15, 8)
NIGHT: Final = Shift(23, 8)
BREAKFAST: Final = Shift(6, 8)
DINNER: Final = Shift(16, 8)
BAR_DAY: Final = Shift(12, 8)
BAR_NIGHT: Final = Shift(18.5, 8.5)


@dataclass(frozen=True, slots=True)
class RolePlan:
    """A role and its people. `extra` names behaviors beside those that the role's type brings along.

    `office` people work Monday to Friday; everybody else by a rota that ignores the weekday.
    """

    key: str
    name: str
    department: str
    group: Group
    type: RoleType
    count: int
    shifts: tuple[Shift, ...]
    extra: tuple[str, ...] = ()
    office: bool = False

    @property
    def behaviors(self) -> tuple[str, ...]:
        """Keys of the behaviors on this role's tablet, in catalog order."""
        if self.group != "staff":
            return ()
        return tuple(t.key for t in HOTEL_BEHAVIORS if self.type in t.role_types or t.key in self.extra)


def _leads(key: str, name: str, department: str, count: int, *shifts: Shift) -> RolePlan:
    return RolePlan(key, name, department, "manager", "CUSTOM", count, shifts)


_WELCOME: Final = ("recommend_restaurant", "note_special_requests")
_DEFECTS: Final = ("report_maintenance_issue",)

# fmt: off
ROLES: Final[tuple[RolePlan, ...]] = (
    RolePlan(OWNER, "Owner", "back_office", "admin", "CUSTOM", 1, (DAY,), office=True),

    _leads(SHOWN_MANAGER, "Front office manager", "front_desk", 1, DAY),
    _leads("front_desk_supervisor", "Front desk supervisor", "front_desk", 2, EARLY, LATE),
    RolePlan("front_desk_agent", "Front desk agent", "front_desk", "staff", "FRONT_DESK", 11, (EARLY, LATE)),
    RolePlan("night_agent", "Night agent", "front_desk", "staff", "FRONT_DESK", 3, (NIGHT,)),
    RolePlan("concierge", "Concierge", "front_desk", "staff", "FRONT_DESK", 2, (EARLY, LATE)),
    RolePlan("porter", "Porter", "front_desk", "staff", "CUSTOM", 8, (EARLY, LATE), extra=_WELCOME),
    RolePlan("reservations_agent", "Reservations agent", "front_desk", "staff", "CUSTOM", 4, (DAY,),
             extra=("note_special_requests",)),

    _leads("restaurant_manager", "Restaurant manager", "restaurant", 1, LATE),
    _leads("restaurant_supervisor", "Restaurant supervisor", "restaurant", 2, BREAKFAST, DINNER),
    RolePlan("server", "Server", "restaurant", "staff", "SERVER", 12, (BREAKFAST, DINNER, DINNER)),
    RolePlan("room_service_server", "Room service server", "restaurant", "staff", "SERVER", 2, (LATE,)),
    RolePlan("host", "Host", "restaurant", "staff", "HOST", 6, (BREAKFAST, DINNER)),
    RolePlan("busser", "Busser", "restaurant", "staff", "BUSSER", 12, (BREAKFAST, DINNER)),

    _leads("bar_manager", "Bar manager", "bar", 1, LATE),
    _leads("bar_supervisor", "Bar supervisor", "bar", 1, BAR_NIGHT),
    RolePlan("bartender", "Bartender", "bar", "staff", "BARTENDER", 8, (BAR_DAY, BAR_NIGHT, BAR_NIGHT)),
    RolePlan("barback", "Barback", "bar", "staff", "BUSSER", 4, (BAR_NIGHT,)),

    _leads("executive_housekeeper", "Executive housekeeper", "housekeeping", 1, EARLY),
    _leads("floor_supervisor", "Floor supervisor", "housekeeping", 3, EARLY, DAY),
    RolePlan("room_attendant", "Room attendant", "housekeeping", "staff", "HOUSEKEEPING", 16, (EARLY, DAY)),
    RolePlan("public_area_attendant", "Public area attendant", "housekeeping", "staff", "CUSTOM", 9,
             (EARLY, LATE), extra=_DEFECTS),
    RolePlan("laundry_attendant", "Laundry attendant", "housekeeping", "staff", "CUSTOM", 9,
             (EARLY, DAY), extra=_DEFECTS),

    _leads("executive_chef", "Executive chef", "kitchen", 1, DAY),
    _leads("sous_chef", "Sous chef", "kitchen", 3, BREAKFAST, DINNER),
    RolePlan("cook", "Cook", "kitchen", "staff", "CHEF", 18, (BREAKFAST, DINNER)),
    RolePlan("pastry_cook", "Pastry cook", "kitchen", "staff", "CHEF", 6, (BREAKFAST, DAY)),
    RolePlan("kitchen_steward", "Kitchen steward", "kitchen", "staff", "BUSSER", 14, (BREAKFAST, DINNER)),

    _leads("finance_manager", "Finance manager", "back_office", 1, DAY),
    RolePlan("purchaser", "Purchaser", "back_office", "staff", "PURCHASER", 4, (DAY,), office=True),
    RolePlan("storekeeper", "Storekeeper", "back_office", "staff", "PURCHASER", 2, (EARLY,), office=True),
    RolePlan("accountant", "Accountant", "back_office", "staff", "ACCOUNTANT", 6, (DAY,), office=True),

    _leads("facilities_manager", "Facilities manager", "facilities", 1, DAY),
    _leads("facilities_supervisor", "Facilities supervisor", "facilities", 1, EARLY),
    RolePlan("technician", "Technician", "facilities", "staff", "FACILITIES", 12, (EARLY, LATE)),
    RolePlan("grounds_keeper", "Grounds keeper", "facilities", "staff", "FACILITIES", 6, (EARLY,)),
    RolePlan("security_officer", "Security officer", "facilities", "staff", "CUSTOM", 6, (LATE, NIGHT),
             extra=_DEFECTS),
)
# fmt: on

ROLE_OF: Final[dict[str, RolePlan]] = {plan.key: plan for plan in ROLES}
PEOPLE: Final = sum(plan.count for plan in ROLES)
