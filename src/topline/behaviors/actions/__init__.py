"""Change the catalog: define behaviors, date their points and targets, give them to roles."""

from topline.behaviors.actions.definitions import (
    CATEGORIES,
    ICONS,
    Definition,
    create,
    deactivate,
    reactivate,
    update_definition,
)
from topline.behaviors.actions.roles import assign_roles
from topline.behaviors.actions.starting_set import install_catalog
from topline.behaviors.actions.terms import NewTerm, change_term

__all__ = [
    "CATEGORIES",
    "ICONS",
    "Definition",
    "NewTerm",
    "assign_roles",
    "change_term",
    "create",
    "deactivate",
    "install_catalog",
    "reactivate",
    "update_definition",
]
