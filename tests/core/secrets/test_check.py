"""Production asks for every secret and says what is wrong with each; development asks for nothing."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from topline.cli import cli
from topline.core.secrets.check import must_be_ready, troubles
from topline.core.secrets.own import fresh
from topline.core.secrets.strength import weakness_of_key, weakness_of_password
from topline.core.settings import SECRETS, Settings, SettingsError, load_settings

READY: dict[str, Any] = {
    "mode": "production",
    "secure_cookies": True,
    "database_url": "postgresql://topline@db/topline",
    "database_password": "kestrel-Qy27-lantern",
    **{name: fresh() for name in Settings().made_by_chance()},
}


def told(**changed: Any) -> list[str]:
    return [str(trouble) for trouble in troubles(Settings(**{**READY, **changed}))]


def test_what_is_complete_is_fit() -> None:
    assert told() == []
    must_be_ready(Settings(**READY))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"pepper": ""}, "TOPLINE_PEPPER: is missing; make one with `topline secrets generate pepper`"),
        ({"pepper": "short"}, "TOPLINE_PEPPER: version 1 must be at least 32 characters"),
        ({"pepper": "x" * 40}, "TOPLINE_PEPPER: looks like an example or a pattern"),
        ({"pepper": f"2:{fresh()},1:{'change-me-please-' * 3}"}, "TOPLINE_PEPPER: looks like an example"),
        ({"pepper": "2:x,y"}, "TOPLINE_PEPPER: must be one secret, or a list"),
        ({"secure_cookies": False}, "TOPLINE_SECURE_COOKIES: must be true"),
        ({"database_password": "hotel"}, "TOPLINE_DATABASE_URL: must be at least 12 characters"),
        ({"database_password": "topline-topline"}, "TOPLINE_DATABASE_URL: looks like an example"),
        ({"redis_url": "redis://cache.example/0"}, "TOPLINE_REDIS_URL: needs a password"),
        ({"redis_url": "redis://:abc@cache/0"}, "TOPLINE_REDIS_URL: must be at least 12 characters"),
        ({"redis_url": "kestrel lantern"}, "TOPLINE_REDIS_URL: is no address"),
    ],
)
def test_each_fault_is_named_with_its_setting_and_without_its_value(
    changed: dict[str, str], sentence: str
) -> None:
    (found,) = told(**changed)
    assert found.startswith(sentence)
    for value in changed.values():
        assert not value or str(value) not in found.removeprefix(sentence[: sentence.index(":")])


def test_redis_and_a_socket_on_this_machine_need_no_password() -> None:
    assert told(redis_url="redis://127.0.0.1/0", database_password="") == []


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        must_be_ready(Settings(mode="production", pepper="x" * 40, database_url=READY["database_url"]))
    lines = str(refused.value).splitlines()
    assert lines[0] == "not fit for production:"
    assert [line.split(":")[0].strip() for line in lines[1:]][:1] == ["TOPLINE_PEPPER"]
    assert lines[-1].strip().startswith("TOPLINE_SECURE_COOKIES")


def test_development_asks_for_nothing_but_what_can_be_read(tmp_path: Path) -> None:
    must_be_ready(Settings(data=tmp_path))
    with pytest.raises(SettingsError, match="TOPLINE_PEPPER"):
        must_be_ready(Settings(data=tmp_path, pepper="short"))


@pytest.mark.parametrize(
    ("given", "production"),
    [
        ({}, False),
        ({"public_url": "http://127.0.0.1:8000"}, False),
        ({"public_url": "https://topline.example"}, True),
        ({"public_url": "https://topline.example", "mode": "development"}, False),
        ({"mode": "production"}, True),
    ],
)
def test_an_address_with_tls_means_production_unless_said_otherwise(
    given: dict[str, str], production: bool
) -> None:
    assert Settings(**given).in_production() is production  # type: ignore[arg-type]


def test_in_production_nothing_is_made_up(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TOPLINE_PEPPER: is missing; in production none is made up"):
        Settings(mode="production", data=tmp_path / "data").peppers()
    assert not (tmp_path / "data").exists()


def test_fresh_secrets_are_good_ones() -> None:
    made = [fresh() for _ in range(500)]
    assert len(set(made)) == 500
    assert {weakness_of_key(text) for text in made} <= {"", weakness_of_key("x" * 40)}
    assert sum(weakness_of_key(text) == "" for text in made) >= 499
    assert weakness_of_password(made[0]) == ""


def run(*command: str, **environment: str) -> Result:
    return CliRunner(env={f"TOPLINE_{name.upper()}": value for name, value in environment.items()}).invoke(
        cli, command
    )


def test_generated_lines_make_an_installation_that_is_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run("secrets", "generate").stdout.splitlines()
    for line in lines:
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value)
    settings = load_settings(mode="production", secure_cookies=True, database_url=READY["database_url"])
    assert troubles(settings) == []
    made = {line.split("=")[0] for line in lines}
    assert made >= {"TOPLINE_PEPPER", "TOPLINE_SESSION_KEY"}
    assert "TOPLINE_DATABASE_PASSWORD" not in made  # the database has one already
    one = run("secrets", "generate", "pepper").stdout.strip()
    assert weakness_of_key(one) == ""
    assert one not in lines


def test_a_check_tells_the_place_and_the_fault_and_no_value(tmp_path: Path) -> None:
    pepper = fresh()
    good = {"pepper": pepper, "mode": "production", "secure_cookies": "true", "data": str(tmp_path)}
    others = {name: fresh() for name in Settings().made_by_chance() if name != "pepper"}
    found = run("secrets", "check", **good, **others)
    assert found.exit_code == 0, found.output
    assert "TOPLINE_PEPPER: good, from environment" in found.output
    assert "mode: production" in found.output
    bad = run("secrets", "check", **{**good, "pepper": "y" * 33}, **others)
    assert bad.exit_code == 1
    assert "TOPLINE_PEPPER: looks like an example" in bad.output
    assert pepper not in found.output
    assert "y" * 33 not in bad.output


def test_serve_refuses_what_is_not_fit(tmp_path: Path) -> None:
    refused = run("serve", mode="production", data=str(tmp_path))
    assert isinstance(refused.exception, SettingsError)
    assert str(refused.exception).startswith("not fit for production:\n  TOPLINE_PEPPER: is missing")


def test_no_setting_that_holds_a_secret_is_shown() -> None:
    canary = "canary-Qy27-lantern-Vb93-harbor-Zx81"
    values: dict[str, Any] = dict.fromkeys(SECRETS, canary)
    values["database_url"] = values["redis_url"] = f"postgresql://topline:{canary}@db/topline"
    settings = Settings(**values)
    assert canary not in repr(settings) + str(settings)
    assert canary in " ".join(settings.secret_values().values())
