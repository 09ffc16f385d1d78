"""Caddy and nginx with the configurations we ship, before a Topline of the tests.

What is changed in a configuration is only what a test machine cannot have: its ports, its name, and its certificates.
"""

import json
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.certificates import NAME, Pair
from tests.support.servers import dying_with_us, free_port, is_listening, running

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


@dataclass(frozen=True)
class Front:
    """Whatever speaks TLS to the world: a proxy, or Topline itself."""

    kind: str
    port: int
    plain_port: int
    #: Holds what its certificate is checked against.
    authority: Path

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def public_url(self) -> str:
        """Where plain HTTP is sent on to. Caddy takes another port than 443 for one behind a forwarding router."""
        return f"https://{NAME}" if self.kind == "caddy" else self.url

    @property
    def plain_url(self) -> str:
        """Where it takes plain HTTP."""
        return f"http://{NAME}:{self.plain_port}"

    def trust(self) -> ssl.SSLContext:
        """What a client of the hotel trusts."""
        return ssl.create_default_context(cafile=str(self.authority))

    def client(self, address: str = "127.0.0.1") -> httpx.Client:
        """A client at that address of this machine; it follows no redirect."""
        transport = httpx.HTTPTransport(verify=self.trust(), local_address=address)
        return httpx.Client(transport=transport, base_url=self.url, timeout=30)


@contextmanager
def caddy(
    program: Path,
    folder: Path,
    upstream: str,
    site: str = "",
    more: str = "",
    *,
    front: Front | None = None,
    hurry: bool = False,
) -> Iterator[Front]:
    """Caddy with `deploy/caddy/Caddyfile`, its certificates from an authority of its own.

    `site` and `more` are what a hotel would add for its site, and for all of Caddy. In a `hurry` a certificate is
    renewed as soon as it is there, which this release can be told in JSON only.
    """
    (folder / "local").mkdir(parents=True)
    shutil.copy(DEPLOY / "caddy" / "Caddyfile", folder)
    ours = more or "local_certs"
    text = (
        f"admin off\nskip_install_trust\ndefault_bind 127.0.0.1\nstorage file_system {folder}/store\n{ours}\n"
    )
    (folder / "local" / "global.caddy").write_text(text)
    (folder / "local" / "site.caddy").write_text(site or "\n")
    if front is None:
        authority = folder / "store" / "pki" / "authorities" / "local" / "root.crt"
        front = Front("caddy", free_port(), free_port(), authority)
    environment = {
        "HOME": str(folder),
        "CADDY_SITE": NAME,
        "CADDY_UPSTREAM": upstream,
        "CADDY_HTTP_PORT": str(front.plain_port),
        "CADDY_HTTPS_PORT": str(front.port),
        # The others' bound: Caddy's own minute would only make the tests wait longer.
        "CADDY_READ_BODY": "15s",
    }
    given = ["env", *(f"{name}={value}" for name, value in environment.items()), str(program)]
    config = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    if hurry:
        adapted = json.loads(
            subprocess.run([*given, "adapt", *config], check=True, capture_output=True).stdout
        )
        for policy in adapted["apps"]["tls"]["automation"]["policies"]:
            policy["renewal_window_ratio"] = 0.9999
        (folder / "caddy.json").write_text(json.dumps(adapted))
        config = ["--config", str(folder / "caddy.json")]
    with running(dying_with_us([*given, "run", *config]), folder, lambda: shakes_hands(front)):
        yield front


@contextmanager
def nginx(program: Path, folder: Path, upstream: str, pair: Pair) -> Iterator[Front]:
    """nginx with `deploy/nginx/topline.conf` and a certificate that is there already. `upstream` as nginx writes it."""
    front = Front("nginx", free_port(), free_port(), pair.certificate)
    with running_nginx(
        program, folder, nginx_site(folder, front, upstream, pair), lambda: shakes_hands(front)
    ):
        yield front


def nginx_site(folder: Path, front: Front, upstream: str, pair: Pair) -> str:
    """`deploy/nginx/topline.conf` for a folder of this machine."""
    text = (DEPLOY / "nginx" / "topline.conf").read_text(encoding="utf-8")
    for ours, theirs in (
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{front.plain_port};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{front.port} ssl http2;"),
        ("server_name topline.example;", f"server_name {NAME};"),
        ("https://$host$request_uri", f"https://$host:{front.port}$request_uri"),
        ("/etc/letsencrypt/live/topline.example/fullchain.pem", str(pair.certificate)),
        ("/etc/letsencrypt/live/topline.example/privkey.pem", str(pair.key)),
        ("unix:/run/topline/topline.sock", upstream),
        ("/var/cache/nginx/topline", str(folder / "cache")),
        ("/var/www/letsencrypt", str(folder / "webroot")),
    ):
        assert ours in text, ours
        text = text.replace(ours, theirs)
    return text


@contextmanager
def running_nginx(program: Path, folder: Path, site: str, ready: Callable[[], bool]) -> Iterator[list[str]]:
    """nginx with that site, in `topline.conf` of the folder. Yields what reloads it, as `systemctl reload` does."""
    folder.mkdir(parents=True)
    (folder / "topline.conf").write_text(site)
    (folder / "nginx.conf").write_text(_nginx_around(folder))
    command = [str(program), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    command += ["-e", str(folder / "error.log")]
    with running(dying_with_us(command), folder, ready):
        yield [*command, "-s", "reload"]


def _nginx_around(folder: Path) -> str:
    """What Debian's nginx.conf puts around a site, for one that runs in the foreground out of a folder."""
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"user root;\nworker_processes 1;\ndaemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{ worker_connections 768; }}\nhttp {{\n{paths}include {folder}/topline.conf;\n}}\n"
    )


def shakes_hands(front: Front) -> bool:
    """Whether it takes plain connections, and TLS ones with a certificate that can be checked."""
    if not is_listening(front.plain_port) or not front.authority.exists():
        return False
    try:
        with front.client() as client:
            client.get("/health")
    except (httpx.TransportError, ssl.SSLError):
        return False
    return True
