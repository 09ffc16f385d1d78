"""Recurring work of the doors, run by the program itself."""

from collections.abc import Mapping
from datetime import datetime

from topline.access.actions.devices import forget_codes
from topline.access.actions.failures import forget_old
from topline.access.actions.refusals import forget_refusals
from topline.access.actions.sessions import Seen, touch
from topline.access.actions.spending import forget_spent
from topline.core.actor import system
from topline.core.transaction import Database
from topline.organizations.queries import organization_ids


def note_seen(db: Database, seen: Mapping[Seen, datetime]) -> int:
    """Write when credentials were last seen. Costs nothing when none was."""
    if not seen:
        return 0
    with db.write() as tx:
        return touch(tx, seen)


def tidy(db: Database) -> int:
    """Drop wrong tries, spent tickets and enrolment codes that no longer matter. Returns how many rows went."""
    with db.write() as tx:
        dropped = forget_old(tx) + forget_spent(tx)
        houses = organization_ids(tx)
    for house in houses:
        with db.write(system(house, "tidying")) as tx:
            dropped += forget_codes(tx) + forget_refusals(tx)
    return dropped
