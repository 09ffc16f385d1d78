"""A real server: `topline serve` in processes of its own, that a test can stop, kill and start again."""

import contextlib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.servers import free_port

ROOT = Path(__file__).resolve().parents[3]
#: A shared machine may be slow; a server that needs longer than this is broken.
STARTUP_SECONDS = 60.0
STOP_SECONDS = 20.0
#: The same for every server of the tests, so that PINs hashed beforehand are theirs.
PEPPER = "a pepper of the browser tests, forty signs"


@dataclass
class Server:
    """`topline serve` on a loopback port of its own. The database outlives every stop, kill and restart."""

    data: Path
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it answers."""
        scheme, host = ("https", "localhost") if self.tls else ("http", "127.0.0.1")
        return f"{scheme}://{host}:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext | None:
        """What trusts the certificate it shows; None where it shows none."""
        certificate = self.settings.get("TOPLINE_TLS_CERTIFICATE")
        return ssl.create_default_context(cafile=certificate) if certificate else None

    @property
    def log(self) -> str:
        """What it wrote so far."""
        path = self.data / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> "Server":
        """Start and wait until it takes requests."""
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "topline", "serve", "--port", str(self.port)]
        if shutil.which("setpriv"):
            # A test run that is killed must not leave a server behind.
            command = ["setpriv", "--pdeathsig", "INT", *command]
        with (self.data / "server.log").open("ab") as out:
            self._process = subprocess.Popen(
                command,
                cwd=self.data,
                env=self._environment(),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        end = time.monotonic() + STARTUP_SECONDS
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log}")
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """End it as an operator would: requests that are under way are finished."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def is_ready(self) -> bool:
        """Whether it takes requests now."""
        path = self.settings.get("TOPLINE_SOCKET")
        with socket.socket(socket.AF_UNIX if path else socket.AF_INET) as probe:
            if probe.connect_ex(path or ("127.0.0.1", self.port)) != 0:
                return False
        transport = httpx.HTTPTransport(verify=self.tls or False, uds=path)
        try:
            with httpx.Client(transport=transport) as client:
                return client.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _environment(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if not name.startswith("TOPLINE_")}
        return {
            **mine,
            "PYTHONPATH": str(ROOT / "src"),
            "TOPLINE_DATA": str(self.data),
            "TOPLINE_DATABASE_URL": self.database_url,
            "TOPLINE_LOG_LEVEL": "warning",
            "TOPLINE_LOG_FORMAT": "text",
            **self.settings,
        }
