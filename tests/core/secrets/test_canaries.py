"""No secret is in what others may see: process list, logs, answers, the text of a failed start."""

import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import structlog

from tests.core.secrets.test_rotation import serving
from tests.support.databases import ROOT
from topline.core.secrets.own import fresh
from topline.core.settings import SECRETS, Settings
from topline.infra import logs

CANARIES = {name: fresh() for name in Settings().made_by_chance()}
PASSWORD = fresh()


def found_in(text: str) -> list[str]:
    return [name for name, value in {**CANARIES, "password": PASSWORD}.items() if value in text]


def command_lines() -> str:
    """Of every process of this machine, as `ps` shows them."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it has ended meanwhile
            continue
    return "\n".join(lines)


def answer(address: str, **headers: str) -> str:
    """Status, headers and body as one text."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as found:
            return f"{found.status} {found.headers} {found.read().decode()}"
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.headers} {error.read().decode()}"


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_running_server_shows_none(style: str, tmp_path: Path) -> None:
    # Redis refuses, so that errors with its address are logged.
    redis = f"redis://:{PASSWORD}@127.0.0.1:9/0"
    subprocess.run(
        [sys.executable, "-m", "topline", "migrate", "up"],
        env={"PYTHONPATH": str(ROOT / "src"), "TOPLINE_DATA": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    with serving(tmp_path, log_format=style, redis_url=redis, **CANARIES) as base:
        assert "-m topline serve" in command_lines()  # so the search sees it
        assert found_in(command_lines()) == []
        for path in ("/health", "/health/ready", "/health/version", "/api/health", "/nowhere", "/sign-in"):
            assert found_in(answer(base + path)) == []
        token = next(iter(CANARIES.values()))
        for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"topline_session={token}"}):
            assert found_in(answer(f"{base}/api/auth/me", **headers)) == []
        answer(f"{base}/api/nowhere?token={token}")
    said = (tmp_path / "server.log").read_text()
    assert len(said.splitlines()) > 5
    assert found_in(said) == []


def test_a_start_that_fails_shows_none(tmp_path: Path) -> None:
    settings = {
        **CANARIES,
        "data": str(tmp_path),
        "database_url": f"postgresql://topline:{PASSWORD}@127.0.0.1:9/x",
    }
    environment = {f"TOPLINE_{name.upper()}": value for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-m", "topline", "serve"],
        env=environment | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "127.0.0.1" in done.stderr
    assert found_in(done.stdout + done.stderr) == []


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_trace_with_a_secret_in_its_frames_and_message_shows_none(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    logs.configure_logs("info", style)
    logs.keep_out([PASSWORD, "short"])
    try:
        raise_with(PASSWORD)
    except RuntimeError:
        structlog.get_logger("test").exception("failed", address=f"redis://:{PASSWORD}@cache", short="short")
    logs.flush_logs()
    structlog.configure(**before)
    said = capsys.readouterr().out
    assert "cannot reach redis://:[hidden]@cache" in said
    assert "raise_with" in said
    assert "short" in said
    assert PASSWORD not in said


def raise_with(password: str) -> None:
    local = {"password": password}
    raise RuntimeError(f"cannot reach redis://:{local['password']}@cache")


def test_every_setting_for_a_secret_is_tried_here() -> None:
    assert CANARIES.keys() | {"database_url", "redis_url", "database_password", "vault_token"} == set(SECRETS)
