"""Places in the lists of verification, as cursors carry them."""

from datetime import date, datetime
from uuid import UUID

from topline.core.errors import invalid
from topline.verification.queries import Key
from topline.web.paging import decode_cursor


def key_after(cursor: str | None, status: str) -> Key | None:
    """The place in the list a cursor stands for. Raises 400 for one of another list."""
    values = decode_cursor(cursor, 2)
    if values is None:
        return None
    try:
        if status == "pending":
            return Key(date.fromisoformat(values[0]), UUID(values[1]))
        at = datetime.fromisoformat(values[0])
        if at.tzinfo is None:
            raise ValueError("an instant of nowhere")
        return Key(at, UUID(values[1]))
    except ValueError as error:
        raise invalid("cursor", "cursor_invalid", "This cursor belongs to another list.") from error
