"""A plausible body for any JSON shape of the program, so that tests of every route need no list of bodies.

Ids come from `known` by the field's name (`role_id`, `role_ids`); a field that has an example uses it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

from topline.core.ids import new_id


def sample(shape: Any, known: Mapping[str, UUID]) -> Any:
    """JSON values the shape takes: everything required, and every id that can be given."""
    return _value(inspect.type_info(shape), "", known)


def _value(kind: inspect.Type, name: str, known: Mapping[str, UUID]) -> Any:
    if isinstance(kind, inspect.Metadata):
        examples = (kind.extra_json_schema or {}).get("examples")
        inner = kind.type
        if examples and not _holds_ids(inner):
            return msgspec.to_builtins(examples[0])
        return _value(inner, name, known)
    if isinstance(kind, inspect.StructType):
        return {
            field.encode_name: _value(field.type, field.encode_name, known)
            for field in kind.fields
            if field.required or _holds_ids(field.type)
        }
    if isinstance(kind, inspect.UnionType):
        return _value(next(one for one in kind.types if not _is_nothing(one)), name, known)
    if isinstance(kind, inspect.UUIDType):
        return str(known.get(name) or known.get(name.removesuffix("s")) or new_id())
    if isinstance(kind, inspect.ListType | inspect.CollectionType):
        return [_value(kind.item_type, _one_of(name), known)]
    return _plain(kind)


def _plain(kind: inspect.Type) -> Any:
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    if isinstance(kind, inspect.BoolType):
        return False
    if isinstance(kind, inspect.IntType):
        return max(kind.ge or 0, 1)
    if isinstance(kind, inspect.StrType):
        return "Text"[: kind.max_length or 4]
    if isinstance(kind, inspect.DateTimeType):
        return "2026-03-04T09:55:00Z"
    if isinstance(kind, inspect.DateType):
        return "2026-03-04"
    if isinstance(kind, inspect.DictType):
        return {}
    if isinstance(kind, inspect.AnyType):
        return {}
    raise NotImplementedError(f"say in tests/support/samples.py what a {type(kind).__name__} looks like")


def _one_of(name: str) -> str:
    return "log_id" if name == "ids" else name.removesuffix("s")


def _is_nothing(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.NoneType) or type(kind).__name__ == "UnsetType"


def _holds_ids(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.Metadata):
        return _holds_ids(kind.type)
    if isinstance(kind, inspect.UnionType):
        return any(_holds_ids(one) for one in kind.types)
    if isinstance(kind, inspect.ListType):
        return _holds_ids(kind.item_type)
    return isinstance(kind, inspect.UUIDType)
