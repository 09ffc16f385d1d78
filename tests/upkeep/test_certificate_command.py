"""`topline certificate`: what it says to people, and to scripts by its exit code."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.servers import free_port
from tests.upkeep.front import Front, front
from topline.cli.certificate import certificate

NOBODY = "http://127.0.0.1:9"


def told(*arguments: object) -> Result:
    return CliRunner().invoke(certificate, [str(argument) for argument in arguments])


def told_of(behind: Front, *arguments: object) -> Result:
    return told(behind.url, "--ca", behind.authority, *arguments)


def test_one_that_lives_on_ends_with_0(tmp_path: Path) -> None:
    with front(NOBODY, tmp_path, days=40) as behind:
        found = told_of(behind)
        assert found.exit_code == 0, found.output
        for words in (
            "subject      localhost, 127.0.0.1",
            "issuer       CN=localhost",
            "days left    39",
            "trusted      yes",
        ):
            assert words in found.stdout
        assert told(behind.url.removeprefix("https://"), "--ca", behind.authority).exit_code == 0
        assert told_of(behind, "--quiet").output == ""
        scripted = told_of(behind, "--json")
        facts = json.loads(scripted.stdout)
        assert (facts["days_left"], facts["distrust"], facts["trouble"]) == (39, "", "")


@pytest.mark.parametrize("days", [20, 0, -3])
def test_one_that_was_not_renewed_ends_with_1(tmp_path: Path, days: int) -> None:
    with front(NOBODY, tmp_path, days=days) as behind:
        found = told_of(behind)
        assert found.exit_code == 1
        assert "the certificate end" in found.stdout
        assert told_of(behind, "--quiet").output == found.output
        assert f"days left    {days - 1}" in found.stdout


def test_how_many_days_must_be_left_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with front(NOBODY, tmp_path, days=20) as behind:
        assert told_of(behind, "--days", "5").exit_code == 0
        assert told_of(behind, "--days", "20").exit_code == 1
        monkeypatch.setenv("TOPLINE_CERTIFICATE_DAYS", "5")
        assert told_of(behind).exit_code == 0


def test_one_that_nobody_vouches_for_ends_with_1(tmp_path: Path) -> None:
    with front(NOBODY, tmp_path, days=80) as behind:
        found = told(behind.url)
        assert found.exit_code == 1
        assert "trusted      no: self-signed certificate" in found.stdout


def test_where_nobody_shows_one_it_ends_with_3_and_what_is_no_address_with_2(tmp_path: Path) -> None:
    port = free_port()
    found = told(f"127.0.0.1:{port}")
    assert found.exit_code == 3
    assert f"127.0.0.1:{port} shows no certificate" in found.stderr
    with front(NOBODY, tmp_path) as behind:
        assert told(f"127.0.0.1:{behind.http_port}").exit_code == 3
    for wrong in ("http://topline.example", "topline.example:port", "https://"):
        assert told(wrong).exit_code == 2
