"""The permission table: what each group of people and each kind of device may do.

Permissions read `resource:action`. A route names exactly one; `web/guard.py` compares it with the actor's set.
"""

from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """Everything that can be allowed."""

    SELF = "self:use"
    ORGANIZATION_READ = "organization:read"
    ORGANIZATION_MANAGE = "organization:manage"
    PEOPLE_READ = "people:read"
    PEOPLE_MANAGE = "people:manage"
    ROLES_MANAGE = "roles:manage"
    DEVICES_MANAGE = "devices:manage"
    KEYS_OWN = "keys:own"
    BEHAVIORS_READ_OWN = "behaviors:read_own"
    BEHAVIORS_READ = "behaviors:read"
    BEHAVIORS_MANAGE = "behaviors:manage"
    LOGS_CREATE = "logs:create"
    LOGS_READ_OWN = "logs:read_own"
    LOGS_READ = "logs:read"
    LOGS_VERIFY = "logs:verify"
    RESULTS_READ = "results:read"
    RESULTS_WRITE = "results:write"
    IMPORTS_MANAGE = "imports:manage"
    LEADERBOARD_OWN = "leaderboard:own"
    LEADERBOARD_READ = "leaderboard:read"
    SCOREBOARD_READ = "scoreboard:read"
    AUDIT_READ = "audit:read"
    FACTORS_RESET = "factors:reset"
    TABLET_USE = "tablet:use"
    WALL_SHOW = "wall:show"


P = Permission

MEANING: Final[dict[Permission, str]] = {
    P.SELF: "see and end the own session",
    P.ORGANIZATION_READ: "read the organization, its locations, departments and settings",
    P.ORGANIZATION_MANAGE: "change the organization, its locations, departments and settings",
    P.PEOPLE_READ: "see the people of the house",
    P.PEOPLE_MANAGE: "add, change and deactivate people of a group not above the own one, and reset their PINs",
    P.ROLES_MANAGE: "add and change roles",
    P.DEVICES_MANAGE: "enroll, rename and revoke tablets and wall displays",
    P.KEYS_OWN: "make and revoke personal API keys",
    P.BEHAVIORS_READ_OWN: "see the behaviors of the own role with their points and targets",
    P.BEHAVIORS_READ: "see every role's behaviors",
    P.BEHAVIORS_MANAGE: "add and change behaviors, points and targets",
    P.LOGS_CREATE: "log a behavior as oneself and undo it",
    P.LOGS_READ_OWN: "see the own logs and answer a rejection",
    P.LOGS_READ: "see everybody's logs and their evidence",
    P.LOGS_VERIFY: "verify, reject and reopen other people's logs",
    P.RESULTS_READ: "see revenue, covers and the other results",
    P.RESULTS_WRITE: "enter, close and adjust a day's results",
    P.IMPORTS_MANAGE: "import results or the staff roster, and undo an import",
    P.LEADERBOARD_OWN: "see the own place with its two neighbors",
    P.LEADERBOARD_READ: "see the full leaderboard",
    P.SCOREBOARD_READ: "see whether the house is winning",
    P.AUDIT_READ: "read the audit trail",
    P.FACTORS_RESET: "take a lost second factor from somebody",
    P.TABLET_USE: "show the tiles and take a PIN (an enrolled tablet)",
    P.WALL_SHOW: "see the wall and hear when it changes (also a display)",
}


class Group(StrEnum):
    """The three groups a role can be in, lowest first."""

    STAFF = "staff"
    MANAGER = "manager"
    ADMIN = "admin"


_STAFF: Final = frozenset(
    {
        P.SELF,
        P.BEHAVIORS_READ_OWN,
        P.LOGS_CREATE,
        P.LOGS_READ_OWN,
        P.LEADERBOARD_OWN,
    }
)
_MANAGER: Final = _STAFF | {
    P.ORGANIZATION_READ,
    P.BEHAVIORS_READ,
    P.PEOPLE_READ,
    P.PEOPLE_MANAGE,
    P.DEVICES_MANAGE,
    P.KEYS_OWN,
    P.LOGS_READ,
    P.LOGS_VERIFY,
    P.RESULTS_READ,
    P.RESULTS_WRITE,
    P.IMPORTS_MANAGE,
    P.LEADERBOARD_READ,
    P.SCOREBOARD_READ,
    P.WALL_SHOW,
}
_ADMIN: Final = _MANAGER | {
    P.ORGANIZATION_MANAGE,
    P.ROLES_MANAGE,
    P.BEHAVIORS_MANAGE,
    P.AUDIT_READ,
    P.FACTORS_RESET,
}

OF_GROUP: Final[dict[Group, frozenset[Permission]]] = {
    Group.STAFF: _STAFF,
    Group.MANAGER: _MANAGER,
    Group.ADMIN: _ADMIN,
}
OF_TABLET: Final = frozenset({P.TABLET_USE})
OF_DISPLAY: Final = frozenset({P.WALL_SHOW})

_RANK: Final = {Group.STAFF: 0, Group.MANAGER: 1, Group.ADMIN: 2}


def ranks_at_least(group: Group, other: Group) -> bool:
    """Whether `group` stands at or above `other`: nobody grants or edits above the own rank."""
    return _RANK[group] >= _RANK[other]
