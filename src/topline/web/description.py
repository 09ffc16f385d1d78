"""What the API's description has to say beyond what Litestar reads from the handlers.

Which credential opens an operation, that unknown fields are refused, which bodies may be left out, and that an empty
answer is empty. All of it is read from the program, so that the description cannot promise something else.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import SecurityScheme

from topline.core.permissions import OF_DISPLAY, OF_TABLET, Permission
from topline.web.guard import Public

METHODS: Final = ("get", "post", "put", "patch", "delete")

#: By name, what a request shows to say who calls.
CREDENTIALS: Final = {
    "session": SecurityScheme(
        type="apiKey",
        security_scheme_in="cookie",
        name="topline_session",
        description="Of a person who signed in",
    ),
    "key": SecurityScheme(type="http", scheme="bearer", description="A personal API key"),
    "tablet": SecurityScheme(
        type="apiKey", security_scheme_in="cookie", name="topline_device", description="Of an enrolled tablet"
    ),
    "display": SecurityScheme(
        type="apiKey", security_scheme_in="cookie", name="topline_display", description="Of a wall display"
    ),
}


def complete(document: dict[str, Any], app: Litestar) -> None:
    """Add it to the document in place."""
    handlers = _handlers(app)
    for item in document["paths"].values():
        for method in METHODS:
            operation = item.get(method)
            if operation is not None:
                _complete(operation, handlers[operation["operationId"]])
    closed = {kind.__name__ for kind in _strict(msgspec.Struct)}
    for shape in document["components"]["schemas"].values():
        if shape.get("title") in closed:
            shape["additionalProperties"] = False


def _complete(operation: dict[str, Any], handler: HTTPRouteHandler) -> None:
    operation["security"] = [{name: []} for name in openers(handler.opt["needs"])]
    operation["responses"].get("204", {}).pop("content", None)
    body = handler.parsed_data_field
    if body is not None and body.is_optional and "requestBody" in operation:
        operation["requestBody"]["required"] = False


def openers(needs: Permission | Public) -> list[str]:
    """The credentials that can open a route; none for one that is public."""
    if isinstance(needs, Public):
        return []
    if needs in OF_TABLET:
        return ["tablet"]
    people = ["session"] if needs is Permission.KEYS_OWN else ["session", "key"]
    return [*people, "display"] if needs in OF_DISPLAY else people


def _handlers(app: Litestar) -> dict[str, HTTPRouteHandler]:
    return {
        handler.operation_id: handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(getattr(handler, "operation_id", None), str)
    }


def _strict(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """The shapes below this one that refuse a field they do not know."""
    for below in kind.__subclasses__():
        if below.__struct_config__.forbid_unknown_fields:
            yield below
        yield from _strict(below)
