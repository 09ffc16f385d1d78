"""Every route under the limit it should carry: uploads, reports and sign-in, read from the program itself."""

import typing

import pytest
from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg

from tests.house.walk import Route, routes_of
from topline.core.settings import Settings
from topline.main import create_app
from topline.web.limits import Limit
from topline.web.routing import BODY_LIMIT

#: Large bodies that are no files: why.
LARGE = {
    "POST /api/behavior-logs/batch": "a day of taps from a tablet that was offline; must never be refused"
}
SIGN_IN = {
    "POST /account/password",
    "POST /api/auth/confirm",
    "POST /api/auth/confirm/passkey",
    "POST /api/auth/login/passkey",
    "POST /api/auth/login",
    "POST /api/auth/login/second",
    "POST /api/auth/password",
    "POST /api/auth/pin",
    "POST /api/auth/pin/change",
    "POST /api/devices/enroll",
    "POST /confirm",
    "POST /password/{token}",
    "POST /sign-in",
    "POST /sign-in/passkey",
    "POST /sign-in/second",
}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[Route]:
    settings = Settings(data=tmp_path_factory.mktemp("limits"), log_level="error")
    return routes_of(create_app(settings).litestar)


def takes_a_file(route: Route) -> bool:
    if route.method == "GET":
        return False
    data = route.handler.parsed_data_field
    is_form = (
        data is not None
        and isinstance(data.kwarg_definition, BodyKwarg)
        and data.kwarg_definition.media_type is RequestEncodingType.MULTI_PART
    )
    return is_form or (route.handler.resolve_request_max_body_size() or 0) > BODY_LIMIT


def gives_a_report(route: Route) -> bool:
    words = route.path.strip("/").split("/")
    return "reports" in words or "export" in words or "exports" in words


def limited(routes: list[Route], limit: str) -> set[str]:
    return {route.name for route in routes if route.handler.opt.get("limit") == limit}


def test_every_upload_is_counted_as_one(routes: list[Route]) -> None:
    uploads = {route.name for route in routes if takes_a_file(route)} - set(LARGE)
    assert len(uploads) >= 3
    assert limited(routes, "uploads") == uploads


def test_every_report_is_counted_as_one(routes: list[Route]) -> None:
    reports = {route.name for route in routes if gives_a_report(route)}
    assert len(reports) >= 2
    assert limited(routes, "reports") == reports


def test_every_place_where_a_secret_is_tried_is_counted_while_the_store_is_away(routes: list[Route]) -> None:
    assert limited(routes, "sign_in") == SIGN_IN


def test_no_route_names_a_limit_that_is_not_there(routes: list[Route]) -> None:
    named = {route.handler.opt.get("limit") for route in routes} - {None}
    assert named <= set(typing.get_args(Limit))


def test_what_is_large_and_no_file_is_still_there(routes: list[Route]) -> None:
    assert {route.name for route in routes if takes_a_file(route)} >= set(LARGE)
