"""The pages of the catalog."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.support.hotel import Hotel, headers
from topline.web.doorway import Doorway

Client = TestClient[Doorway]


def form(**changes: Any) -> dict[str, Any]:
    """What the browser sends for a new behavior."""
    return {
        "name": "Offer dessert",
        "description": "",
        "category": "REVENUE",
        "icon": "dessert",
        "verification": "evidence",
        "place_label": "table",
        "asks_amount": "true",
        "points": "3",
        "target": "10",
        "frequency": "PER_SHIFT",
        "valid_from": "",
    } | changes


def html(who: Any) -> dict[str, str]:
    return headers(who) | {"Accept": "text/html"}


def test_the_table_shows_what_a_manager_needs_and_no_buttons(client: Client, hotel: Hotel) -> None:
    page = client.get("/behaviors", headers=html(hotel.max))
    assert page.status_code == 200
    assert "Offer a starter" in page.text
    assert "Bartender" in page.text
    assert "/behaviors/new" not in page.text
    assert client.get("/behaviors/new", headers=html(hotel.max)).status_code == 403
    assert "/behaviors/new" in client.get("/behaviors", headers=html(hotel.olive)).text


def test_a_behavior_is_added_changed_taken_off_and_restored(client: Client, hotel: Hotel) -> None:
    owner = html(hotel.olive)
    roles = {"role_ids[]": [str(hotel.sam.role_id), str(hotel.bea.role_id)]}
    saved = client.post("/behaviors/new", data=form() | roles, headers=owner, follow_redirects=False)
    assert (saved.status_code, saved.headers["location"]) == (303, "/behaviors")
    listed = client.get("/api/behaviors", headers=headers(hotel.olive)).json()["items"][-1]
    assert (listed["name"], listed["asks_amount"], listed["asks_covers"]) == ("Offer dessert", True, False)
    assert len(listed["roles"]) == 2
    one = f"/behaviors/{listed['id']}"
    shown = client.get(one, headers=owner).text
    assert 'value="Offer dessert"' in shown
    changed = form(name="Dessert", points="4", version="1", **{"role_ids[]": str(hotel.sam.role_id)})
    del changed["asks_amount"]
    assert client.post(one, data=changed, headers=owner, follow_redirects=False).status_code == 303
    after = client.get(f"/api{one}", headers=headers(hotel.olive)).json()
    assert (after["name"], after["asks_amount"], after["term"]["points"]) == ("Dessert", False, 4)
    assert [role["name"] for role in after["roles"]] == ["Server"]
    client.post(f"{one}/deactivate", headers=owner, follow_redirects=False)
    assert "Dessert" not in client.get("/behaviors", headers=owner).text.split("<table")[1]
    assert "Dessert" in client.get("/behaviors?show_inactive=1", headers=owner).text
    client.post(f"{one}/restore", headers=owner, follow_redirects=False)
    assert client.get(f"/api{one}", headers=headers(hotel.olive)).json()["active"] is True


@pytest.mark.parametrize(
    "change", [{"points": "0"}, {"points": "many"}, {"name": ""}, {"valid_from": "2020-01-01"}]
)
def test_a_refused_form_comes_back_with_what_was_typed(
    client: Client, hotel: Hotel, change: dict[str, str]
) -> None:
    typed = form(description="Said with a smile", version="1") | change
    for path in ("/behaviors/new", f"/behaviors/{hotel.offer}"):
        if path.endswith("new") and "valid_from" in change:
            continue
        answer = client.post(path, data=typed, headers=html(hotel.olive), follow_redirects=False)
        assert answer.status_code == 422, answer.text
        assert "Said with a smile" in answer.text
        assert "field__error" in answer.text


def test_text_is_escaped(client: Client, hotel: Hotel) -> None:
    client.post("/behaviors/new", data=form(name="<script>x</script>"), headers=html(hotel.olive))
    page = client.get("/behaviors", headers=html(hotel.olive)).text
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page


def test_strangers_find_nothing(client: Client, hotel: Hotel, other_hotel: Hotel) -> None:
    assert client.get(f"/behaviors/{hotel.offer}", headers=html(other_hotel.olive)).status_code == 404
    assert (
        client.post(f"/behaviors/{hotel.offer}/deactivate", headers=html(other_hotel.olive)).status_code
        == 404
    )
    assert client.post(f"/behaviors/{hotel.offer}/deactivate", headers=html(hotel.max)).status_code == 403
    assert client.get("/behaviors", headers=html(hotel.sam)).status_code == 403
