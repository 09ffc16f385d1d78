"""What the HTTP tests of the doors share."""

import re

import httpx
from litestar.testing import TestClient

from tests.factories import (
    Machine,
    Who,
    headers,
)
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
PIN, PASSWORD = "7294", "seven quiet herons"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
HTMX = {"HX-Request": "true"}


def cookie_of(response: httpx.Response, name: str) -> str:
    """The whole Set-Cookie line of one cookie."""
    lines = [line for line in response.headers.get_list("set-cookie") if line.startswith(f"{name}=")]
    assert len(lines) == 1, response.headers
    return str(lines[0])


def by_pin(client: Client, tablet: Machine, who: Who, pin: str = PIN) -> httpx.Response:
    return client.post(
        "/api/auth/pin", json={"person_id": str(who.id), "pin": pin}, headers=headers(tablet.token)
    )


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def send(client: Client, path: str, given: dict[str, str], **fields: object) -> httpx.Response:
    return client.post(path, data=fields, headers=given, follow_redirects=False)


def session_in(response: httpx.Response) -> str:
    found = re.search(r"topline_session=(tl_session_[\w-]+)", response.headers["set-cookie"])
    assert found is not None
    return found[1]
