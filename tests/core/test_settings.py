"""Settings come from the environment or from files, and a wrong one stops the start and is named."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from topline.core.settings import PREFIX, Settings, SettingsError, hand_to_workers, load_settings

A_PEPPER = "a pepper of at least thirty-two bytes"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def test_without_any_setting_there_is_a_sqlite_file_in_the_data_folder() -> None:
    settings = load_settings()
    assert settings.url() == f"sqlite:///{Path('data').absolute()}/topline.db"
    assert (settings.host, settings.port, settings.workers, settings.redis_url) == ("127.0.0.1", 8000, 1, "")


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPLINE_PORT", "8123")
    monkeypatch.setenv("TOPLINE_DATABASE_URL", "postgresql://somebody@db/topline")
    settings = load_settings()
    assert (settings.port, settings.url()) == (8123, "postgresql://somebody@db/topline")


def test_an_argument_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPLINE_PORT", "8123")
    assert load_settings(port=8200).port == 8200


def test_a_secret_can_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pepper").write_text(A_PEPPER + "\n", encoding="utf-8")
    monkeypatch.setenv("TOPLINE_PEPPER_FILE", str(tmp_path / "pepper"))
    assert load_settings().pepper_text() == A_PEPPER


def test_the_file_beats_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("8300", encoding="utf-8")
    monkeypatch.setenv("TOPLINE_PORT_FILE", str(tmp_path / "port"))
    monkeypatch.setenv("TOPLINE_PORT", "8123")
    assert load_settings().port == 8300


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOPLINE_DATABASE_URL_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match=r"^TOPLINE_DATABASE_URL_FILE: cannot read it"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("DATABASE_POOL", "0"),
        ("WORKERS", "-1"),
        ("THREADS", "1000"),
        ("BCRYPT_COST", "4"),
        ("BCRYPT_COST", "31"),
        ("HASHING_THREADS", "20"),
        ("SECURE_COOKIES", "perhaps"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=f"^{PREFIX}{name}: "):
        load_settings()


def test_a_wrong_value_is_never_repeated_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """The value may be a secret in the wrong variable."""
    monkeypatch.setenv("TOPLINE_PORT", "hunter2-hunter2")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert "hunter2" not in str(error.value)


def test_a_short_pepper_is_refused() -> None:
    with pytest.raises(SettingsError, match="TOPLINE_PEPPER: version 1 must be at least 32"):
        load_settings(pepper="short").peppers()


def test_the_pepper_is_not_shown_with_the_settings() -> None:
    assert A_PEPPER not in repr(load_settings(pepper=A_PEPPER))


def test_a_made_pepper_stays_the_same_and_is_readable_by_the_owner_only(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    first = settings.pepper_text()
    assert len(first) >= 32
    assert settings.pepper_text() == first
    assert stat.S_IMODE((tmp_path / "data" / "pepper").stat().st_mode) == 0o600
    assert Settings(data=tmp_path / "other").pepper_text() != first


def test_threads_that_start_together_agree_on_one_pepper(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with ThreadPoolExecutor(16) as pool:
        found = {done.result() for done in [pool.submit(settings.pepper_text) for _ in range(64)]}
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["pepper"]


def test_processes_that_start_together_agree_on_one_pepper(tmp_path: Path) -> None:
    go = tmp_path / "go"
    code = (
        "import sys, time; from pathlib import Path; from topline.core.settings import Settings\n"
        "settings, go = Settings(data=Path(sys.argv[1])), Path(sys.argv[2])\n"
        "print('ready', flush=True)\n"
        "while not go.exists(): time.sleep(0.001)\n"
        "print(settings.pepper_text())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "data"), str(go)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    go.touch()
    found = [process.communicate(timeout=30)[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0] * 8
    assert len(found[0]) >= 32
    assert set(found) == {found[0]}


def test_worker_processes_read_what_the_command_line_decided(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATA", "DATABASE_URL", "LOG_LEVEL", "LOG_FORMAT"):
        monkeypatch.setenv(PREFIX + name, "")  # so that it is put back after the test
        monkeypatch.delenv(PREFIX + name)
    hand_to_workers(Settings(data=tmp_path, log_level="warning", log_format="text"))
    again = load_settings()
    assert (again.data, again.log_level, again.log_format) == (tmp_path, "warning", "text")
    assert again.url() == f"sqlite:///{tmp_path}/topline.db"
