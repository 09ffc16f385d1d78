"""Leave a trace of what left the house as a file."""

from typing import Any
from uuid import UUID

from topline.audit.actions import record
from topline.core.permissions import P
from topline.core.transaction import Write


def note_export(tx: Write, what: str, about: UUID, **told: Any) -> None:
    """Record that the caller took `what` away. Whoever makes the file calls this before handing it out."""
    tx.actor.must(P.RESULTS_READ)
    record(tx, "export.made", "export", about, after={"what": what, **told})
