"""Identifiers: UUID version 7, so that ids made later sort later and indexes stay dense."""

from uuid import UUID

import uuid_utils

__all__ = ["UUID", "new_id", "parse_id"]


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562 §5.7)."""
    return UUID(int=uuid_utils.uuid7().int)


def parse_id(text: str) -> UUID | None:
    """The UUID written in `text`, or None when it is not one. Never raises: ids come from outside."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
