"""Lists by cursor: an opaque, stable place to continue from."""

import base64
import binascii
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import msgspec
from litestar.params import Parameter

from topline.core.errors import invalid
from topline.core.ids import parse_id

T = TypeVar("T")

MAX_LIMIT = 100

Limit = Annotated[int, Parameter(ge=1, le=MAX_LIMIT, description="How many items at most")]
Cursor = Annotated[str | None, Parameter(max_length=400, description="`next_cursor` of the page before")]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None


def encode_cursor(*values: Any) -> str:
    """Sort values of the last row, packed."""
    return base64.urlsafe_b64encode(msgspec.json.encode([str(v) for v in values])).decode().rstrip("=")


def decode_cursor(cursor: str | None, count: int) -> list[str] | None:
    """The values packed by `encode_cursor`. Raises 400 for anything else."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=list[str])
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise invalid("cursor", "cursor_invalid", "This cursor is not one Topline gave out.") from error
    if len(values) != count:
        raise invalid("cursor", "cursor_invalid", "This cursor belongs to another list.")
    return values


def named_place(cursor: str | None) -> tuple[str, UUID] | None:
    """Where a list by name and id goes on. Raises 400 for a cursor of another list."""
    values = decode_cursor(cursor, 2)
    if values is None:
        return None
    found = parse_id(values[1])
    if found is None:
        raise invalid("cursor", "cursor_invalid", "This cursor is not one Topline gave out.")
    return values[0], found


def page_of(rows: list[T], limit: int, cursor_of: Any) -> tuple[list[T], str | None]:
    """Split `limit + 1` fetched rows into the page and the cursor of the next one."""
    if len(rows) <= limit:
        return rows, None
    kept = rows[:limit]
    return kept, encode_cursor(*cursor_of(kept[-1]))
