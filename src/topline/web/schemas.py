"""The base of every JSON input: unknown fields are refused, so a typing error is not silently ignored."""

import msgspec


class Input(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """JSON that comes in."""


class Output(msgspec.Struct, kw_only=True):
    """JSON that goes out."""
