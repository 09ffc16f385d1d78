"""A stolen copy of the database gives no PIN away; with the pepper it gives away all, so the thief is no bungler.

The same over all 10,000 values, which takes most of an hour: `python -m bench.stolen`.
"""

import random
from collections.abc import Callable, Collection
from pathlib import Path
from uuid import UUID

import pytest

from tests.access.conftest import House
from tests.access.plain import staff
from tests.access.thief import EVERY_PIN, WITHOUT_PEPPER, copy_of, crack, dump_of, hashes_in, keyed
from tests.factories import PEPPER
from topline.access.actions import reset_pin
from topline.access.hashing import Hasher
from topline.core.transaction import Database

PEOPLE = 200
#: How many values the thief tries for each: a millisecond of a core each.
TRIED = 3

Steal = Callable[[], Path]


@pytest.fixture
def steal(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Steal:
    """Take a dump, or where there is none to take, the file."""
    if database.url.startswith("sqlite"):
        return lambda: copy_of(database.url, tmp_path / "copy.db")
    server = request.getfixturevalue("postgres_server")
    return lambda: dump_of(server, database.url, tmp_path / "dump.sql")


def with_pins(house: House, database: Database, count: int) -> dict[UUID, str]:
    """So many people, each with a PIN that their manager had made."""
    cast = house.cast
    return {who: reset_pin(house.doors, cast.mina.actor, who) for who in staff(database, cast, count)}


def block_around(pin: str) -> Collection[str]:
    """Values to try, of which one is right."""
    return [*random.Random(pin).sample(sorted({*EVERY_PIN} - {pin}), TRIED - 1), pin]


def test_a_stolen_copy_gives_no_pin_away_without_the_pepper(
    house: House, database: Database, steal: Steal
) -> None:
    pins = with_pins(house, database, PEOPLE)
    stolen = steal()
    hashes = hashes_in(stolen)
    assert hashes.keys() == pins.keys()
    candidates = {who: block_around(pin) for who, pin in pins.items()}
    for name, made in WITHOUT_PEPPER.items():
        assert crack(made, hashes, lambda who: candidates[who]) == {}, name
    assert all(PEPPER not in path.read_bytes() for path in stolen.parent.glob(stolen.name + "*"))
    assert crack(keyed(PEPPER), hashes, lambda who: candidates[who]) == pins


@pytest.mark.parametrize("way", WITHOUT_PEPPER)
def test_the_thief_would_notice_if_the_pepper_were_left_out(
    way: str, house: House, database: Database, steal: Steal, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = WITHOUT_PEPPER[way]
    monkeypatch.setattr(Hasher, "_material", lambda _self, who, pin, _version: made(who, pin))
    pins = with_pins(house, database, 5)
    assert crack(made, hashes_in(steal()), lambda who: block_around(pins[who])) == pins
