"""A running program hears of new secrets, and goes on with the old ones while it cannot."""

import itertools
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from topline.core.secrets import keeper as module
from topline.core.secrets.keeper import Keeper
from topline.core.secrets.own import fresh
from topline.core.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NOT_AGAIN_WITHIN", 0)


class Place:
    """Where the settings stand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.values: dict[str, str] = {"pepper": fresh()}
        self.away = False
        self.read_times = 0

    def read(self) -> Settings:
        self.read_times += 1
        if self.away:
            raise SettingsError("TOPLINE_SECRETS: Vault: VaultDown")
        return Settings(data=self.folder, **self.values)  # type: ignore[arg-type]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def told() -> list[Settings]:
    return []


@pytest.fixture
def keeper(place: Place, told: list[Settings]) -> Keeper:
    keeper = Keeper(place.read(), place.read)
    keeper.on_change(told.append)
    return keeper


def test_a_new_secret_is_told_once(keeper: Keeper, place: Place, told: list[Settings]) -> None:
    keeper.refresh()
    place.values["pepper"] = newer = fresh()
    for _ in range(3):
        keeper.refresh()
    assert [settings.pepper.get_secret_value() for settings in told] == [newer]
    assert keeper.settings is told[0]


def test_a_pepper_in_the_data_folder_is_heard_of_too(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    keeper = Keeper(settings, lambda: Settings(data=tmp_path))
    told: list[Settings] = []
    keeper.on_change(told.append)
    settings.keep_own_pepper(f"2:{fresh()},1:{settings.pepper_text()}")
    keeper.refresh()
    assert [settings.peppers().current for settings in told] == [2]


def test_while_the_store_is_away_the_known_ones_are_used_and_the_log_says_so(
    keeper: Keeper, place: Place, told: list[Settings]
) -> None:
    before = keeper.settings
    place.away = True
    with capture_logs() as lines:
        keeper.refresh()
        keeper.refresh()
    assert [line["log_level"] for line in lines] == ["error", "error"]
    assert {line["reason"] for line in lines} == {"TOPLINE_SECRETS: Vault: VaultDown"}
    assert (keeper.settings, told) == (before, [])
    assert keeper.away_since is not None
    place.away = False
    keeper.refresh()
    assert keeper.away_since is None


@pytest.mark.parametrize("bad", ["short", "2:x,1:y"])
def test_a_bad_new_secret_is_not_taken(keeper: Keeper, place: Place, told: list[Settings], bad: str) -> None:
    place.values["pepper"] = bad
    with capture_logs() as lines:
        keeper.refresh()
    assert [line["event"] for line in lines] == ["secrets_not_refreshed"]
    assert bad not in lines[0]["reason"]
    assert told == []


def test_only_secrets_count_as_a_change(keeper: Keeper, place: Place, told: list[Settings]) -> None:
    place.values["port"] = "8001"
    keeper.refresh()
    assert told == []


def test_many_who_ask_at_the_same_moment_cause_one_look(
    keeper: Keeper, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_NOT_AGAIN_WITHIN", 60)
    monkeypatch.setattr(keeper, "_read_at", float("-inf"))
    before = place.read_times
    for _ in range(20):
        keeper.refresh()
    assert place.read_times == before + 1


def test_a_refused_connection_tries_the_new_password_and_the_one_before(keeper: Keeper, place: Place) -> None:
    def known(password: str) -> str:
        return f"postgresql://topline:{password}@db/topline"

    place.values |= {"database_url": "postgresql://topline@db/topline", "database_password": "first"}
    keeper.refresh()
    place.values["database_password"] = "second"
    tries = keeper.database_addresses()
    assert list(itertools.islice(tries, 1)) == [known("first")]
    # The server refused it: the store has another one by now, and the server may hear of that later.
    assert place.values["database_password"] == "second"
    keeper.refresh()
    assert list(itertools.islice(keeper.database_addresses(), 2)) == [known("second"), known("first")]


def test_without_a_way_to_read_again_nothing_changes(place: Place) -> None:
    settings = place.read()
    keeper = Keeper(settings)
    keeper.refresh()
    assert (place.read_times, list(keeper.database_addresses())) == (1, [settings.url()])
