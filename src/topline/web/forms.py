"""HTML forms: the same input structs as the API, filled from form fields."""

from typing import Any, TypeVar

import msgspec

from topline.core.errors import Problem, invalid_fields
from topline.web.bodies import field_error
from topline.web.request import Req

T = TypeVar("T", bound=msgspec.Struct)


async def fields_of(request: Req) -> dict[str, Any]:
    """The posted fields. A name sent several times, or ending in `[]`, becomes a list; empty text becomes None."""
    form = await request.form()
    found: dict[str, Any] = {}
    for name in form.keys():  # noqa: SIM118 - a multi-dict: iterating it yields repeated keys
        values = [value or None for value in form.getall(name)]
        key = name.removesuffix("[]")
        found[key] = (
            [v for v in values if v is not None] if name.endswith("[]") or len(values) > 1 else values[0]
        )
    return found


def parse(kind: type[T], fields: dict[str, Any]) -> T:
    """Form fields as a struct. Text becomes numbers, dates and ids; a wrong one is a 400 with the field's name."""
    names = {f.encode_name for f in msgspec.structs.fields(kind)}
    known = {name: value for name, value in fields.items() if name in names and value is not None}
    try:
        return msgspec.convert(known, kind, strict=False)
    except msgspec.ValidationError as error:
        raise invalid_fields([field_error(error)]) from error


def errors_by_field(problem: Problem) -> dict[str, str]:
    """What to print under each field when a form is shown again."""
    return {error.field: error.message for error in problem.fields}
