"""Give a new hotel its first catalog."""

from collections.abc import Collection
from datetime import date

from topline.audit.actions import record
from topline.behaviors import queries
from topline.behaviors.actions.definitions import Definition, insert_behavior
from topline.behaviors.actions.terms import NewTerm
from topline.behaviors.catalog import HOTEL_BEHAVIORS, BehaviorTemplate
from topline.behaviors.events import BehaviorsChanged
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.organizations.queries import main_location, today


def install_catalog(
    tx: Write, templates: Collection[BehaviorTemplate] = HOTEL_BEHAVIORS, valid_from: date | None = None
) -> int:
    """Add the starting set, each behavior given to the roles of its types; tells how many were added.

    A behavior whose name is there already is left alone, so that installing twice is harmless.
    """
    tx.actor.must(P.BEHAVIORS_MANAGE)
    used = queries.names_in_use(tx)
    roles = queries.roles_by_type(tx)
    position = queries.last_position(tx)
    begins = valid_from or today(tx, main_location(tx))
    missing = [template for template in templates if template.name not in used]
    for offset, template in enumerate(missing, start=1):
        definition = _definition_of(template)
        term = NewTerm(template.points, template.target, template.frequency)
        suited = [role_id for kind in template.role_types for role_id in roles.get(kind, ())]
        insert_behavior(tx, definition, term, suited, begins, position + offset)
    if missing:
        record(
            tx,
            "behavior.catalog_installed",
            "organization",
            tx.organization_id,
            after={"added": len(missing)},
        )
        tx.after_commit(BehaviorsChanged(tx.organization_id))
    return len(missing)


def _definition_of(template: BehaviorTemplate) -> Definition:
    return Definition(
        name=template.name,
        description=template.description,
        category=template.category,
        icon=template.icon,
        verification=template.verification,
        place_label=template.place,
        asks_amount=template.asks_amount,
        asks_covers=template.asks_covers,
        asks_outcome=template.asks_outcome,
    )
