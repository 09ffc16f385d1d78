"""Change the organization, its houses, departments and closures."""

from topline.organizations.actions.departments import create_department, update_department
from topline.organizations.actions.locations import (
    close_on,
    create_location,
    open_on,
    parse_opening_hours,
    update_location,
)
from topline.organizations.actions.organization import (
    check_currency,
    claim_installation,
    create_organization,
    update_organization,
)

__all__ = [
    "check_currency",
    "claim_installation",
    "close_on",
    "create_department",
    "create_location",
    "create_organization",
    "open_on",
    "parse_opening_hours",
    "update_department",
    "update_location",
    "update_organization",
]
