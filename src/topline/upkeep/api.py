"""Health for load balancers and operators. `/health` itself is answered by the doorway, before everything else."""

import platform
from typing import Annotated

from litestar import Response
from msgspec import UNSET, Meta, UnsetType

from topline import __version__
from topline.core.errors import Problem
from topline.core.schema import head
from topline.upkeep.health import Doctor
from topline.upkeep.operators import is_operator
from topline.web.guard import Public
from topline.web.request import Req, services
from topline.web.routing import api
from topline.web.schemas import Output


class CheckOut(Output):
    """One thing that was looked at."""

    name: Annotated[str, Meta(description="What was looked at", examples=["database"])]
    ok: Annotated[bool, Meta(description="Whether it is well")]
    vital: Annotated[bool, Meta(description="Whether no requests are taken without it")]
    detail: Annotated[str, Meta(description="What there is to say", examples=["schema at 0012"])]


class HealthOut(Output):
    """Whether requests are taken. What exactly is wrong is for operators, who show their token."""

    status: Annotated[
        str,
        Meta(
            description="`ready` or `unavailable`; for operators also `degraded`: it serves, but look at it",
            examples=["ready"],
        ),
    ]
    checks: Annotated[list[CheckOut] | UnsetType, Meta(description="For operators only")] = UNSET


class VersionOut(Output):
    """Which program this is."""

    version: Annotated[str, Meta(description="Of Topline", examples=["1.4.0"])]
    schema: Annotated[str, Meta(description="The newest revision this release knows", examples=["0012"])]
    python: Annotated[str, Meta(description="Of Python", examples=["3.11.2"])]


_PROBE = Public("load balancers ask before anybody is signed in; says ready or not and nothing else")
_OPERATOR = Public("operators show the token of their settings; nobody else learns which version this is")


@api(
    "GET", "/health/ready", needs=_PROBE, summary="Ready for requests?", tag="Health", errors=["unavailable"]
)
async def ready(request: Req) -> Response[HealthOut]:
    """200 when the database answers with a schema this release works on and the process is not ending, else 503.

    With `Authorization: Bearer` and the operator's token it also tells what was looked at: database, disk, shared
    cache, background work and the last verified backup.
    """
    return await _answer(request)


@api("GET", "/api/health", needs=_PROBE, summary="Ready for requests?", tag="Health", errors=["unavailable"])
async def api_health(request: Req) -> Response[HealthOut]:
    """The same as `/health/ready`, under the prefix of the API."""
    return await _answer(request)


@api(
    "GET",
    "/health/version",
    needs=_OPERATOR,
    summary="Which version is this?",
    tag="Health",
    errors=["unauthenticated"],
)
async def version(request: Req) -> VersionOut:
    """For operators, with `Authorization: Bearer` and their token."""
    if not is_operator(request):
        raise Problem("unauthenticated", "This is for operators: show the operator's token.")
    return VersionOut(version=__version__, schema=head(), python=platform.python_version())


async def _answer(request: Req) -> Response[HealthOut]:
    health = await services(request).get(Doctor).examine()
    out = HealthOut(status="ready" if health.is_ready else "unavailable")
    if is_operator(request):
        if health.is_degraded:
            out.status = "degraded"
        out.checks = [
            CheckOut(name=check.name, ok=check.is_ok, vital=check.is_vital, detail=check.detail)
            for check in health.checks
        ]
    return Response(out, status_code=200 if health.is_ready else 503, headers={"Cache-Control": "no-store"})


ROUTES = [ready, api_health, version]
