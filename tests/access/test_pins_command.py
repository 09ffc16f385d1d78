"""`topline pins`: what the operator sees, and what the exit code says."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests.access.http import PIN
from tests.access.plain import LIMITS, bulk_load
from tests.factories import QUICK_COST, SEAL, TICKETS, Cast, Who, make_house, tablet_of
from topline.access.actions import Caller, Doors, reset_pin, sign_in_with_pin
from topline.access.hashing import Hasher
from topline.access.models import Pin
from topline.cli import cli
from topline.core.clock import FixedClock
from topline.core.settings import Settings, SettingsError, load_settings
from topline.core.transaction import Database

CANARY = "70912384"
PEPPER = "a pepper of at least thirty-two bytes"


class Operator:
    """Somebody at the shell of one installation."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.environment = {"TOPLINE_DATA": str(folder), "TOPLINE_DATABASE_URL": url}

    def runs(self, *command: str) -> Result:
        return CliRunner(env=self.environment).invoke(cli, command)

    @property
    def settings(self) -> Settings:
        return load_settings(
            data=self.folder,
            database_url=self.environment["TOPLINE_DATABASE_URL"],
            pepper=self.environment.get("TOPLINE_PEPPER", ""),
        )


@pytest.fixture
def operator(database: Database, tmp_path: Path) -> Operator:
    return Operator(database.url, tmp_path / "data")


@pytest.fixture
def house(operator: Operator, database: Database) -> Cast:
    return make_house(database)


def status_of(version: int, pins: int, state: str) -> str:
    return f"version {version}: {pins} PINs, 0 authenticator apps, {state}\n"


def doors_of(operator: Operator, database: Database) -> Doors:
    peppers = operator.settings.peppers()
    return Doors(database, Hasher(peppers.versions, peppers.current, QUICK_COST, 1), LIMITS, TICKETS, SEAL)


@pytest.fixture
def fred(operator: Operator, database: Database, house: Cast, clock: FixedClock) -> Iterator[Who]:
    """Fred with a PIN that carries version 1."""
    doors = doors_of(operator, database)
    reset_pin(doors, house.mina.actor, house.fred.id, PIN)
    yield house.fred
    doors.hasher.close()


def test_a_migration_says_what_it_did_and_never_a_pin(
    operator: Operator, database: Database, house: Cast
) -> None:
    bulk_load(database, house, {house.fred.id: CANARY, house.bella.id: CANARY + "9"})
    first = operator.runs("pins", "migrate")
    assert first.exit_code == 1
    assert first.stdout.splitlines() == ["1 hashed; their people choose a new PIN at the next sign-in"]
    assert first.stderr.splitlines() == [
        "unusable: Bella Bartender (imported_pins): not a PIN of 4 to 8 digits",
        "1 left in plain text. Correct them and run this again, or erase them with --drop-unusable.",
    ]
    second = operator.runs("pins", "migrate", "--drop-unusable")
    assert second.exit_code == 0
    assert "1 unusable erased; these people need a PIN from their manager" in second.stdout
    third = operator.runs("pins", "migrate")
    assert third.exit_code == 0
    assert third.output.splitlines() == ["0 hashed; their people choose a new PIN at the next sign-in"]
    assert CANARY not in first.output + second.output + third.output


def test_a_pepper_in_the_data_folder_is_rotated_and_nobody_is_locked_out(
    operator: Operator, database: Database, house: Cast, fred: Who
) -> None:
    assert operator.runs("pins", "status").output == status_of(1, 1, "in use")
    assert operator.runs("pins", "rotate-pepper").exit_code == 0
    assert stat.S_IMODE((operator.folder / "pepper").stat().st_mode) == 0o600
    assert [path.name for path in operator.folder.glob("pepper*")] == ["pepper"]
    rotated = operator.runs("pins", "status")
    assert (
        rotated.output
        == "version 2: 0 PINs, 0 authenticator apps, in use\nversion 1: 1 PINs, 0 authenticator apps, known\n"
    )
    doors, tablet = doors_of(operator, database), tablet_of(database, house)
    for _ in range(2):
        signed_in = sign_in_with_pin(doors, tablet.actor, Caller("192.0.2.1", tablet.id), fred.id, PIN)
        assert signed_in.person.person_id == fred.id
    doors.hasher.close()
    assert (
        operator.runs("pins", "status").output
        == "version 2: 1 PINs, 0 authenticator apps, in use\nversion 1: 0 PINs, 0 authenticator apps, known\n"
    )


def test_a_pepper_that_is_kept_elsewhere_is_printed_for_that_place(operator: Operator, house: Cast) -> None:
    operator.environment["TOPLINE_PEPPER"] = PEPPER.replace(" ", "-")
    made = operator.runs("pins", "rotate-pepper")
    operator.environment["TOPLINE_PEPPER"] = made.stdout.strip()
    peppers = operator.settings.peppers()
    assert peppers.current == 2
    assert peppers.versions[1] == PEPPER.replace(" ", "-").encode()
    assert not (operator.folder / "pepper").exists()


def test_a_version_that_is_needed_cannot_be_taken_away_unnoticed(
    operator: Operator, database: Database, fred: Who
) -> None:
    operator.environment["TOPLINE_PEPPER"] = f"2:{'n' * 40}"
    status = operator.runs("pins", "status")
    assert status.exit_code == 1
    assert "version 1: 1 PINs, 0 authenticator apps, MISSING in TOPLINE_PEPPER" in status.output
    refused = operator.runs("serve", "--port", "1")
    assert isinstance(refused.exception, SettingsError)
    assert str(refused.exception).startswith(
        "TOPLINE_PEPPER: version 1 is missing, and 1 PINs or authenticator"
    )
    retired = operator.runs("pins", "retire-pepper", "1", "--yes")
    assert retired.output == "1 PINs taken away; these people need one from their manager\n"
    assert operator.runs("pins", "status").exit_code == 0
    with database.read() as tx:
        assert tx.execute(select(Pin.person_id)).all() == []


def test_the_version_in_use_is_not_retired(operator: Operator, fred: Who) -> None:
    refused = operator.runs("pins", "retire-pepper", "1", "--yes")
    assert (refused.exit_code, "in use" in refused.output) == (1, True)
    assert operator.runs("pins", "status").output == status_of(1, 1, "in use")
