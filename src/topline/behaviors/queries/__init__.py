"""Read the catalog: from the database as it holds on a date, or whole from this process's memory."""

from topline.behaviors.queries.definitions import (
    MOST_BEHAVIORS,
    BehaviorView,
    RoleRef,
    TermView,
    all_terms,
    assignable_roles,
    behavior,
    behaviors,
    last_position,
    names_in_use,
    roles_by_type,
    terms,
)
from topline.behaviors.queries.remembered import CATALOG_TOPIC, Catalog, CatalogEntry, Catalogs

__all__ = [
    "CATALOG_TOPIC",
    "MOST_BEHAVIORS",
    "BehaviorView",
    "Catalog",
    "CatalogEntry",
    "Catalogs",
    "RoleRef",
    "TermView",
    "all_terms",
    "assignable_roles",
    "behavior",
    "behaviors",
    "last_position",
    "names_in_use",
    "roles_by_type",
    "terms",
]
