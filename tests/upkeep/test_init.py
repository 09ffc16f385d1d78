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


PASSWORD = "slow-tide-under-lamps"


def _init(folder: Path, *more: str, typed: str | None = None) -> Result:
    way = ["--password-file", "-"] if typed is None else []
    run = ["init", "--name", "Harbor Rest", *ANSWERS, *way, *more]
    return CliRunner(env={"TOPLINE_DATA": str(folder)}).invoke(cli, run, input=typed or f"{PASSWORD}\n")


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
        sign_in_with_password(doors, Caller("127.0.0.1"), "olive@example.test", PASSWORD)
    finally:
        services.get(Hasher).close()
        services.db.close()


def test_a_wrong_zone_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    wrong = _init(tmp_path, "--zone", "Mars/Olympus")
    assert wrong.exit_code == 1
    assert "zone" in wrong.output
    assert _init(tmp_path).exit_code == 0


def test_the_password_is_asked_for_twice_and_never_shown(tmp_path: Path) -> None:
    made = _init(tmp_path, typed=f"{PASSWORD}\nanother one\n{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert "do not match" in made.output
    assert PASSWORD not in made.output


def test_no_option_takes_the_password_where_everybody_can_read_it(tmp_path: Path) -> None:
    assert _init(tmp_path, "--password", PASSWORD).exit_code == 2
