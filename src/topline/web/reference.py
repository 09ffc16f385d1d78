"""The reference of the API: the OpenAPI document and a page to read it, which loads nothing from elsewhere."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar import Litestar, Response

from topline.core.permissions import MEANING, Permission
from topline.web.description import METHODS, complete
from topline.web.examples import fill
from topline.web.guard import Public
from topline.web.pages import show
from topline.web.request import Req
from topline.web.routing import page

REFERENCE: Final = Public("how the API works holds nothing of any hotel")


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a JSON shape, or a parameter."""

    name: str
    type: str
    required: bool
    description: str
    example: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One status an operation can answer with."""

    status: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    needs: str
    meaning: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]


@page("GET", "/openapi.json", needs=REFERENCE)
def openapi_document(request: Req) -> Response[bytes]:
    """The OpenAPI document."""
    return Response(
        msgspec.json.encode(schema_of(request.app)),
        media_type="application/json",
        headers={"Cache-Control": "no-cache"},
    )


@page("GET", "/docs", needs=REFERENCE)
def reference_page(request: Req) -> Response[str]:
    """Every operation with its fields, answers and the permission it needs."""
    schema = schema_of(request.app)
    return show(
        request, "reference.html", framed=False, groups=operations(request.app, schema), info=schema["info"]
    )


def schema_of(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document as plain values. Made once: it costs a tenth of a second, and anybody may ask for it."""
    found: dict[str, Any] | None = app.state.get("openapi")
    if found is None:
        found = app.openapi_schema.to_schema()
        complete(found, app)
        fill(found)
        app.state["openapi"] = found
    return found


def operations(app: Litestar, schema: dict[str, Any]) -> dict[str, list[Operation]]:
    """Operations by tag, in the order of the document."""
    needs = _needs_by_operation(app)
    groups: dict[str, list[Operation]] = {}
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                found = _operation(method, path, item[method], needs, schema)
                groups.setdefault(item[method].get("tags", ["other"])[0], []).append(found)
    return groups


def _operation(
    method: str, path: str, item: dict[str, Any], needs: dict[str, Any], schema: dict[str, Any]
) -> Operation:
    need = needs.get(item["operationId"])
    body = item.get("requestBody", {}).get("content", {})
    return Operation(
        id=item["operationId"],
        method=method.upper(),
        path=path,
        summary=item.get("summary", ""),
        description=item.get("description", ""),
        needs=need.value if isinstance(need, Permission) else "",
        meaning=MEANING[need] if isinstance(need, Permission) else getattr(need, "reason", ""),
        parameters=tuple(_parameter(p, schema) for p in item.get("parameters", [])),
        body=tuple(f for content in body.values() for f in _fields(content.get("schema", {}), schema)),
        answers=tuple(
            _answer(status, answer, schema) for status, answer in sorted(item["responses"].items())
        ),
    )


def _needs_by_operation(app: Litestar) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            operation = getattr(handler, "operation_id", None)
            if isinstance(operation, str):
                found[operation] = handler.opt.get("needs")
    return found


def _parameter(item: dict[str, Any], schema: dict[str, Any]) -> Field:
    kind = item.get("schema", {})
    text = item.get("description") or kind.get("description") or ""
    return Field(
        item["name"], _type(kind, schema), item.get("required", False), text, _example(kind), item["in"]
    )


def _answer(status: str, item: dict[str, Any], schema: dict[str, Any]) -> Answer:
    shapes = [content.get("schema", {}) for content in item.get("content", {}).values()]
    fields = tuple(f for shape in shapes for f in _fields(shape, schema)) if status.startswith("2") else ()
    return Answer(status, item.get("description", ""), fields)


def _fields(shape: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    shape = _resolved(shape, schema)
    required = set(shape.get("required", []))
    return [
        Field(name, _type(kind, schema), name in required, kind.get("description", ""), _example(kind))
        for name, kind in shape.get("properties", {}).items()
    ]


def _resolved(shape: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = shape.get("$ref")
    if reference is None:
        return shape
    found: dict[str, Any] = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return found


def _type(kind: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in kind:
        return str(_resolved(kind, schema).get("title", "object"))
    options = kind.get("oneOf") or kind.get("anyOf")
    if options:
        return " or ".join(dict.fromkeys(_type(option, schema) for option in options))
    if kind.get("type") == "array":
        return f"list of {_type(kind.get('items', {}), schema)}"
    name = str(kind.get("format") or kind.get("type") or "any")
    return f"{name}: {', '.join(map(str, kind['enum']))}" if "enum" in kind else name


def _example(kind: dict[str, Any]) -> str:
    examples = kind.get("examples") or []
    if isinstance(examples, dict):
        examples = [item.get("value") for item in examples.values()]
    return msgspec.json.encode(examples[0]).decode() if examples else ""


ROUTES = [openapi_document, reference_page]
