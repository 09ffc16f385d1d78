"""Where a list of acts goes on: after the time and the id of the last one shown."""

from datetime import datetime
from uuid import UUID

from topline.audit.queries import AuditRow
from topline.core.errors import invalid
from topline.core.ids import parse_id
from topline.web.paging import decode_cursor


def cursor_of(row: AuditRow) -> tuple[str, UUID]:
    """What the cursor of a row packs."""
    return row.at.isoformat(), row.id


def place_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Where the list goes on. Raises 400 for a cursor of another list."""
    values = decode_cursor(cursor or None, 2)
    if values is None:
        return None
    found = parse_id(values[1])
    try:
        at = datetime.fromisoformat(values[0])
    except ValueError:
        found = None
    if found is None or at.tzinfo is None:
        raise invalid("cursor", "cursor_invalid", "This cursor is not one Topline gave out.")
    return at, found
