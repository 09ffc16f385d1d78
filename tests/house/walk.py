"""Walking the program's routes: what stands behind each, and how to call it with real ids."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from httpx import Response
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tests.support.apps import Running
from tests.support.furnished import CHRISTMAS, CSV, TODAY, Furnished, photo
from tests.support.samples import sample
from topline.core.ids import new_id
from topline.core.permissions import Permission
from topline.web.guard import Public

#: What stands in a path besides ids. A name that is missing here fails the walk.
WORDS: dict[str, str] = {
    "day": TODAY,
    "business_date": TODAY,
    "year": "2025",
    "token": "tl_display_" + "x" * 43,
    "path": "anything",
}
PLACES: dict[str, str] = {
    "/api/auth/locks/{kind}": "pin",
    "/devices/locks/{kind}": "pin",
    "/api/imports/templates/{kind}": "daily",
    "/results/imports/templates/{kind}": "daily",
    "closures/{day}": CHRISTMAS,
}
#: What a route wants besides its path.
QUERIES: dict[str, dict[str, str]] = {"GET /api/locations/{location_id}/closures": {"since": TODAY}}
#: Never ends by itself; who may not listen is refused before it begins.
ENDLESS = {"GET /api/scoreboard/stream"}
#: The doorway's and the guard's own words. Whoever may call a route never hears them.
GUARDED = {"unauthenticated", "forbidden", "device_unknown", "display_unknown", "cross_site"}


@dataclass(frozen=True)
class Route:
    """One method on one path."""

    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def needs(self) -> Any:
        return self.handler.opt.get("needs")

    @property
    def permission(self) -> str:
        """As the table spells it."""
        return self.needs.value if isinstance(self.needs, Permission) else "public"

    @property
    def names_a_row(self) -> bool:
        """Whether an id of a row of one hotel stands in the path."""
        return "_id}" in self.path


def routes_of(app: Litestar) -> list[Route]:
    """Every route, in the order of paths; what Litestar adds by itself (HEAD, OPTIONS) left out."""
    found: dict[str, Route] = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in handler.http_methods:
                if method not in ("OPTIONS", "HEAD"):
                    one = Route(str(method), re.sub(r":[a-z]+\}", "}", route.path), handler)
                    found[one.name] = one
    return [found[name] for name in sorted(found, key=lambda name: (found[name].path, name))]


def filled(path: str, ids: Mapping[str, UUID]) -> str:
    """The path with real ids in it."""
    for place, word in PLACES.items():
        if place in path:
            path = path.replace(place, place.partition("{")[0] + word)

    def fill(match: re.Match[str]) -> str:
        name = "person_id" if match[1] == "subject_id" else match[1]
        if name in ids:
            return str(ids[name])
        assert name in WORDS, f"say in tests/house/walk.py what stands for {{{name}}} in {path}"
        return WORDS[name]

    return re.sub(r"\{([a-z_]+)\}", fill, path)


def content(route: Route, things: Furnished) -> dict[str, Any]:
    """What to send: a sample of the JSON shape, a file, a picture, or fields of a form."""
    if route.method in ("GET", "DELETE"):
        return {"params": QUERIES.get(route.name)}
    plain = {name: str(value) for name, value in things.ids.items()}
    if "imports" in route.path and not route.names_a_row:
        return {
            "files": {"file": ("days.csv", CSV, "text/csv")},
            "data": {"kind": "daily", "location_id": plain["location_id"]},
        }
    if route.path.endswith("/evidence"):
        return {"content": photo()}
    shape = route.handler.parsed_data_field
    if route.name == "POST /api/behavior-logs/batch":
        late = {"id": str(new_id()), "session_id": plain["session_id"], "behavior_id": plain["behavior_id"]}
        return {"json": {"logs": [{**late, "occurred_at": f"{TODAY}T09:00:00Z"}], "undos": []}}
    if route.path.startswith("/api/"):
        return {} if shape is None else {"json": sample(shape.annotation, things.ids)}
    return {"data": {**plain, "ids": plain["log_id"], "name": "Text", "reason": "duplicate", "version": "1"}}


def visit(house: Running, route: Route, headers: Mapping[str, str], things: Furnished) -> Response:
    """Call the route with ids of that hotel."""
    sent = dict(headers)
    if route.path.endswith("/evidence"):
        sent["Content-Type"] = "image/png"
    return house.call(route.method, filled(route.path, things.ids), sent, **content(route, things))


def code_of(answer: Response) -> str:
    """The problem code of a refusal; empty for anything else."""
    if answer.headers.get("content-type") != "application/problem+json":
        return ""
    return str(answer.json()["code"])


def is_kept_out(answer: Response) -> bool:
    """Whether the doorway or the guard refused, rather than what stands behind the route."""
    code = code_of(answer)
    own_words = code == "forbidden" and answer.json()["detail"] != "You may not do this."
    return code in GUARDED and not own_words


def reasons(routes: list[Route]) -> Iterator[tuple[str, str]]:
    """Why each public route is public."""
    for route in routes:
        if isinstance(route.needs, Public):
            yield route.name, route.needs.reason
