"""Health for load balancers. `/health` itself is answered by the doorway, before everything else."""

from typing import Annotated

import msgspec
from litestar import Response

from topline.upkeep.health import Doctor
from topline.web.guard import Public
from topline.web.request import Req, services
from topline.web.routing import api
from topline.web.schemas import Output


class HealthOut(Output):
    """Whether requests are taken. What exactly is wrong is for operators, on their own page."""

    status: Annotated[str, msgspec.Meta(description="`ready` or `unavailable`", examples=["ready"])]


_PROBE = Public("load balancers ask before anybody is signed in; says ready or not and nothing else")


@api(
    "GET", "/health/ready", needs=_PROBE, summary="Ready for requests?", tag="Health", errors=["unavailable"]
)
def ready(request: Req) -> Response[HealthOut]:
    """200 when the database answers with the schema of this release and the process is not shutting down, else 503."""
    return _answer(request)


@api("GET", "/api/health", needs=_PROBE, summary="Ready for requests?", tag="Health", errors=["unavailable"])
def api_health(request: Req) -> Response[HealthOut]:
    """The same as `/health/ready`, under the prefix of the API."""
    return _answer(request)


def _answer(request: Req) -> Response[HealthOut]:
    is_ready = services(request).get(Doctor).examine().is_ready
    return Response(
        HealthOut(status="ready" if is_ready else "unavailable"),
        status_code=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


ROUTES = [ready, api_health]
