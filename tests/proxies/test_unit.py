"""The shipped service: its settings start a production server, and the command line has the same ones."""

import configparser
import socket
import subprocess
from pathlib import Path

import httpx

from tests.support.databases import ROOT
from tests.support.proxies import DEPLOY
from tests.support.servers import dying_with_us, running

SYSTEMD = DEPLOY / "systemd"
SOURCE = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")}


def install(folder: Path) -> dict[str, str]:
    """Put it into a folder as `deploy/README.md` puts it on a machine."""
    for name in ("pepper", "session_key"):
        made = run(SOURCE, str(ROOT / ".venv/bin/topline"), "secrets", "generate", name)
        (folder / name).write_text(made)
    text = (SYSTEMD / "topline.env").read_text()
    for place, ours in (
        ("/etc/topline", folder),
        ("/var/lib/topline", folder / "data"),
        ("/run/topline", folder),
    ):
        text = text.replace(place, str(ours))
    (folder / "topline.env").write_text(text)
    return {**SOURCE, "TOPLINE_ENVIRONMENT": str(folder / "topline.env"), "TOPLINE_HOME": str(ROOT)}


def run(environment: dict[str, str], *command: str) -> str:
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=True
    ).stdout


def test_what_the_guide_installs_starts_in_production_mode(tmp_path: Path) -> None:
    environment = install(tmp_path)
    topline = str(SYSTEMD / "topline")
    run(environment, topline, "migrate", "up")
    assert "TOPLINE_PEPPER:" in run(environment, topline, "secrets", "check")
    path = str(tmp_path / "topline.sock")
    transport = httpx.HTTPTransport(uds=path)
    with httpx.Client(transport=transport, base_url="http://topline.example", timeout=5) as client:

        def is_ready() -> bool:
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(path):
                    return False
            return client.get("/health/ready").status_code == 200

        given = ["env", *(f"{name}={value}" for name, value in environment.items())]
        with running(dying_with_us([*given, topline, "serve"]), tmp_path, is_ready):
            page = client.get(
                "/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
            )
            assert "strict-transport-security" in page.headers
            run(environment, topline, "pins", "status")
    # Both took the secrets of the service; none made its own.
    assert not {"pepper", "session_key"} & {path.name for path in (tmp_path / "data").iterdir()}


def test_the_unit_has_no_settings_of_its_own() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(SYSTEMD / "topline.service")
    service = unit["Service"]
    assert service["EnvironmentFile"] == "/etc/topline/topline.env"
    assert service["ExecStart"] == "/opt/topline/.venv/bin/topline serve"
    assert not {"Environment", "LoadCredential"} & set(service)
