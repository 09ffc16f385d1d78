"""Route decorators that cannot be used without naming a permission.

Thin over Litestar's: a plain `def` handler runs in a worker thread, the answers every route can give are documented,
and pages stay out of the OpenAPI document.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

from anyio import to_thread
from litestar.datastructures import ResponseHeader
from litestar.handlers import HTTPRouteHandler, delete, get, patch, post, put
from litestar.openapi.datastructures import ResponseSpec

from topline.core.actor import Owes
from topline.core.errors import CODES
from topline.web.bodies import body_options
from topline.web.guard import Needs, Public
from topline.web.limits import Limit
from topline.web.problems import ProblemOut

_DECORATORS: dict[str, Any] = {"GET": get, "POST": post, "PUT": put, "PATCH": patch, "DELETE": delete}
_ALWAYS = ("invalid_input", "too_many_requests", "server_error")
_SIGNED_IN = ("unauthenticated", "forbidden")
#: What a person may have to do first.
_FIRST = tuple(Owes)

KILOBYTE = 1024
#: Largest body of an ordinary request; uploads name their own.
BODY_LIMIT = 64 * KILOBYTE

Decorator = Callable[[Callable[..., Any]], HTTPRouteHandler]


def api(
    method: str,
    path: str | Sequence[str],
    *,
    needs: Needs,
    summary: str,
    tag: str,
    errors: Sequence[str] = (),
    status: int | None = None,
    body_limit: int = BODY_LIMIT,
    before_all: bool = False,
    repeated: type | None = None,
    limit: Limit | None = None,
    fresh: bool = False,
    **options: Any,
) -> Decorator:
    """A JSON route. `errors` are the problem codes it can answer beyond those every route shares. `limit` counts its
    requests apart, besides the count of all requests.

    `before_all`: open also to somebody who must do something else first, because this is how it is done. `fresh`:
    dangerous, so only for somebody who showed within the last quarter of an hour that it is them.
    `repeated` is what a 200 carries where the same request was taken before and nothing is done twice.
    The handler's docstring becomes the description in the API reference.
    """
    codes = [*_ALWAYS, *errors, *(() if isinstance(needs, Public) else _SIGNED_IN)]
    if not isinstance(needs, Public) and not before_all:
        codes += _FIRST
    if fresh:
        codes.append("confirmation_needed")
    if method in ("POST", "PUT", "PATCH"):
        codes += ["malformed_body", "too_large"]
    if "{" in (path if isinstance(path, str) else path[0]):
        codes.append("not_found")

    def decorate(function: Callable[..., Any]) -> HTTPRouteHandler:
        handler: HTTPRouteHandler = _DECORATORS[method](
            path,
            opt={
                "needs": needs,
                "errors": tuple(dict.fromkeys(codes)),
                "before_all": before_all,
                "limit": limit,
                "fresh": fresh,
            },
            summary=summary,
            tags=[tag],
            status_code=status,
            responses=_responses(codes) | ({} if repeated is None else {200: _repeated(repeated)}),
            response_headers=[
                ResponseHeader(name="X-Request-Id", description="Id of this request", documentation_only=True)
            ],
            request_max_body_size=body_limit,
            operation_id=f"{function.__module__.split('.')[1]}_{function.__name__}",
            **body_options(function),
            **options,
        )(_in_thread(function))
        return handler

    return decorate


def page(
    method: str,
    path: str | Sequence[str],
    *,
    needs: Needs,
    body_limit: int = BODY_LIMIT,
    before_all: bool = False,
    limit: Limit | None = None,
    fresh: bool = False,
    **options: Any,
) -> Decorator:
    """An HTML route: a page, a fragment, or the target of a form.

    `before_all`, `limit` and `fresh`: as for a JSON route.
    """

    def decorate(function: Callable[..., Any]) -> HTTPRouteHandler:
        handler: HTTPRouteHandler = _DECORATORS[method](
            path,
            opt={
                "needs": needs,
                "page": True,
                "before_all": before_all,
                "limit": limit,
                "fresh": fresh,
            },
            include_in_schema=False,
            status_code=200,
            request_max_body_size=body_limit,
            **options,
        )(_in_thread(function))
        return handler

    return decorate


def _in_thread(function: Callable[..., Any]) -> Callable[..., Any]:
    """An async handler stays as it is; a plain one runs in a worker thread.

    Done here because Litestar's own wrapping changes the handler object, which wraps it again for a second application
    in the same process.
    """
    if inspect.iscoroutinefunction(function):
        return function

    @wraps(function)
    async def in_thread(**arguments: Any) -> Any:
        return await to_thread.run_sync(partial(function, **arguments))

    return in_thread


def _repeated(shape: type) -> ResponseSpec:
    return ResponseSpec(
        data_container=shape, description="Taken before: the same answer", generate_examples=False
    )


def _responses(codes: Sequence[str]) -> dict[int, ResponseSpec]:
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(CODES[code][0], []).append(code)
    return {
        status: ResponseSpec(
            data_container=ProblemOut,
            description=", ".join(f"`{code}`" for code in found),
            generate_examples=False,
            media_type="application/problem+json",
        )
        for status, found in by_status.items()
    }
