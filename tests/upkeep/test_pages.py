"""The styleguide: there for a demo hotel, not there for a real one."""

from litestar.testing import TestClient
from sqlalchemy import update

from tests.support.hotel import Hotel, headers
from topline.core.transaction import Database
from topline.organizations.models import Organization
from topline.web.doorway import Doorway


def test_the_styleguide_is_there_for_a_demo_hotel_only(
    client: TestClient[Doorway], database: Database, hotel: Hotel
) -> None:
    assert client.get("/styleguide", headers=headers(hotel.max)).status_code == 404
    with database.write() as tx:
        tx.change(update(Organization).where(Organization.id == hotel.organization_id).values(is_demo=True))
    answer = client.get("/styleguide", headers=headers(hotel.max))
    assert answer.status_code == 200
    assert "Styleguide" in answer.text


def test_nobody_sees_the_styleguide_without_a_sign_in(client: TestClient[Doorway], hotel: Hotel) -> None:
    assert client.get("/styleguide", headers={"accept": "application/json"}).status_code == 401
