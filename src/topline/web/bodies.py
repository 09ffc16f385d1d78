"""JSON bodies, read strictly and once: `"12"` is not a number, and a wrong field is named.

Litestar itself converts bodies as leniently as query parameters, because both pass through one model.
"""

import inspect
import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, get_args

import msgspec
from litestar._openapi.schema_generation import SchemaCreator
from litestar.dto import AbstractDTO
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from topline.core.errors import FieldError, Problem, invalid_fields
from topline.web.schemas import Input

_NAMED: Final = re.compile(r"(missing required|unknown) field `([^`]*)`")


class StrictBody(AbstractDTO[Any]):
    """Decodes the body into `kind`: an `Input`, or None where the body may be left out."""

    kind: ClassVar[Any]

    def decode_bytes(self, value: bytes) -> Any:
        """The body as its struct. Raises 400: `malformed_body` for what is no JSON, else with the field's name."""
        try:
            return msgspec.json.decode(value, type=self.kind)
        except msgspec.ValidationError as error:
            raise invalid_fields([field_error(error)]) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Problem("malformed_body", "The request body is not valid JSON.") from error

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Nothing to prepare."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: SchemaCreator
    ) -> Reference | Schema:
        """Documented as the struct it is."""
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:
        """Not used: the struct is not taken apart."""
        return iter(())

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Not used: the struct is not taken apart."""
        return False


def body_options(function: Callable[..., Any]) -> dict[str, Any]:
    """What a route needs so that its `data`, if it is an `Input`, is read strictly."""
    found = inspect.signature(function).parameters.get("data")
    kind = None if found is None else found.annotation
    shapes = [one for one in (get_args(kind) or (kind,)) if isinstance(one, type) and issubclass(one, Input)]
    if not shapes:
        return {}
    return {"dto": type(f"Strict{shapes[0].__name__}", (StrictBody,), {"kind": kind}), "return_dto": None}


def field_error(error: msgspec.ValidationError) -> FieldError:
    """msgspec's complaint with the field's name apart: ``Expected `int`, got `str` - at `$.covers` ``."""
    message, _, path = str(error).partition(" - at ")
    name = path.strip("`").removeprefix("$").removeprefix(".")
    about = _NAMED.search(message)
    if about is None:
        return FieldError(name, "invalid", message)
    field = f"{name}.{about[2]}" if name else about[2]
    if about[1] == "unknown":
        return FieldError(field, "unknown", "There is no such field.")
    return FieldError(field, "missing", "This is needed.")
