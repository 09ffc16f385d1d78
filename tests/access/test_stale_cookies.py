"""A cookie that no longer counts, or never did, keeps nobody from signing in."""

import pytest
from litestar.testing import TestClient

from tests.support.hotel import Hotel, headers
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
GARBAGE = ("x", "tl_session_" + "a" * 43, "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", '"; Path=/', "%00")


@pytest.mark.parametrize("cookie", GARBAGE)
def test_a_cookie_of_nobody_leads_to_the_form(client: Client, hotel: Hotel, cookie: str) -> None:
    sent = {"Cookie": f"topline_session={cookie}; topline_device={cookie}", "Sec-Fetch-Site": "same-origin"}
    form = client.get("/sign-in", headers=sent, follow_redirects=False)
    assert form.status_code == 200
    assert 'name="password"' in form.text
    page = client.get("/results", headers={**sent, "Accept": "text/html"}, follow_redirects=False)
    assert (page.status_code, page.headers["location"].split("?")[0]) == (303, "/sign-in")
    assert client.get("/api/users", headers=sent).status_code == 401


def test_a_session_that_was_ended_leads_to_the_form(client: Client, hotel: Hotel) -> None:
    sent = headers(hotel.max)
    assert client.get("/results", headers=sent).status_code == 200
    assert client.post("/sign-out", headers=sent, follow_redirects=False).status_code == 303
    form = client.get("/sign-in", headers=sent, follow_redirects=False)
    assert form.status_code == 200
    assert 'name="password"' in form.text
