"""The doors through the second wall: what each opens, that it closes again, and that nothing is seen beside them."""

import psycopg
import pytest
from sqlalchemy import text

from tests.core.looking import TENANT_TABLES, counts
from tests.support.apps import running
from tests.support.furnished import furnish
from tests.support.hotel import Hotel
from topline.core.clock import FixedClock
from topline.core.sight import REASONS, Door
from topline.core.transaction import Database

pytestmark = pytest.mark.postgres

#: Door → what it opens, for reading. The policies in `migrations/` say the same in other words.
OPENS = {
    Door.CREDENTIALS: {
        *("sign_ins", "api_keys", "devices", "passkeys", "authenticators", "password_links"),
        "passwords",
        *("people", "roles", "organizations"),
    },
    Door.CODES: {"enrollment_codes"},
    Door.ADDRESSES: {"people", "roles", "passwords", "organizations"},
    Door.HOUSES: {"organizations"},
    Door.EVERYWHERE: set(),  # everything; it has a test of its own
}


@pytest.mark.parametrize("door", OPENS)
def test_a_door_opens_its_tables_for_reading_and_closes_again(
    url: str, clock: FixedClock, tmp_path_factory: pytest.TempPathFactory, narrow: Database, door: Door
) -> None:
    with running(url, tmp_path_factory.mktemp("door")) as house:
        hotel = furnish(house, "With one of everything").hotel
    with narrow.write(hotel.olive.actor) as tx:
        everything = counts(tx)
    assert {"sign_ins", "api_keys", "devices", "enrollment_codes", "organizations", "evidence"} <= set(
        everything
    )
    with narrow.write() as tx:
        with tx.through(door):
            found = counts(tx)
        assert counts(tx) == {}
    if door is Door.EVERYWHERE:
        assert found == everything
        return
    assert set(found) == OPENS[door] & set(everything)
    with narrow.write() as tx, tx.through(door):
        assert tx.change(text("UPDATE organizations SET name = 'x'")) == 0
        assert tx.change(text("UPDATE people SET name = 'x'")) == 0
        assert tx.change(text("DELETE FROM api_keys")) == 0


def test_every_door_says_why_and_only_the_core_leaves_all_open() -> None:
    assert set(REASONS) == set(Door) == set(OPENS)
    assert all(len(reason.split()) > 5 for reason in REASONS.values())


def test_whoever_connects_without_saying_whose_sees_no_row(url: str, ours: Hotel) -> None:
    """As with `psql` and the application's own role, which owns the tables."""
    with psycopg.connect(url) as connection:
        for table in TENANT_TABLES:
            assert connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (0,), table.name
        connection.execute("SET topline.organizations = ''")
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)
        connection.execute("SET topline.door = 'everywhere'")
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (5,)
