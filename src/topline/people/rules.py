"""What kinds of roles there are, and who may give whom which."""

from collections.abc import Collection
from typing import Final, Literal, get_args
from uuid import UUID

from topline.core.permissions import Group, ranks_at_least

RoleType = Literal[
    "FRONT_DESK",
    "SERVER",
    "BARTENDER",
    "HOST",
    "BUSSER",
    "HOUSEKEEPING",
    "CHEF",
    "PURCHASER",
    "ACCOUNTANT",
    "FACILITIES",
    "CUSTOM",
]
ROLE_TYPES: Final[tuple[str, ...]] = get_args(RoleType)

GRANT_MESSAGES: Final[dict[str, str]] = {
    "group_above_own": "You may not give a role above your own.",
    "person_above_own": "You may not change a person whose role is above yours.",
    "grants_nothing": "Your role may not give roles to anybody.",
}


def assignment_problem(actor: Group | None, current: Group | None, wanted: Group) -> str | None:
    """Why an actor may not give a role of the group `wanted` to a person now in `current`, or None when they may.

    `current` is None for a person who is being added. Being able to lower a person above oneself would be as good as
    removing them, so both sides are compared. `actor` None is the program itself (start-up, demo), which may.
    """
    if actor is None:
        return None
    if actor is Group.STAFF:
        return "grants_nothing"
    if current is not None and not ranks_at_least(actor, current):
        return "person_above_own"
    if not ranks_at_least(actor, wanted):
        return "group_above_own"
    return None


def leaves_no_admin(active_admins: Collection[UUID], leaving: Collection[UUID]) -> bool:
    """Whether the house would be without an active admin once those people are demoted, deactivated or erased.

    Read `active_admins` under a lock: two admins removing each other at once must not both succeed.
    """
    return bool(set(active_admins) & set(leaving)) and not set(active_admins) - set(leaving)
