"""`topline init` makes a hotel once."""

from pathlib import Path

from click.testing import CliRunner, Result

from topline.access.actions import Caller, Doors, sign_in_with_password
from topline.access.hashing import Hasher
from topline.cli import cli
from topline.core.settings import load_settings
from topline.main import build_services

ANSWERS = [
    "--zone",
    "Europe/Lisbon",
    "--currency",
    "eur",
    "--owner",
    "Olive Owner",
    "--email",
    "olive@example.test",
]


def _init(folder: Path, *more: str) -> Result:
    run = ["init", "--name", "Harbor Rest", *ANSWERS, "--password", "slow-tide-under-lamps", *more]
    return CliRunner(env={"TOPLINE_DATA": str(folder)}).invoke(cli, run)


def test_a_hotel_is_made_once_and_its_owner_gets_in(tmp_path: Path) -> None:
    made = _init(tmp_path)
    assert made.exit_code == 0, made.output
    again = _init(tmp_path)
    assert again.exit_code == 1
    assert "already" in again.output
    settings = load_settings(data=tmp_path)
    services = build_services(settings)
    doors = services.get(Doors)
    try:
        sign_in_with_password(doors, Caller("127.0.0.1"), "olive@example.test", "slow-tide-under-lamps")
    finally:
        services.get(Hasher).close()
        services.db.close()


def test_a_wrong_zone_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    wrong = _init(tmp_path, "--zone", "Mars/Olympus")
    assert wrong.exit_code == 1
    assert "zone" in wrong.output
    assert _init(tmp_path).exit_code == 0
