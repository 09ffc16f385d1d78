"""Certificates come from an authority by ACME and are renewed while people shake hands: not one of them fails.

The authority is a real one, the configurations are the shipped ones, and certbot is told what `deploy/README.md` tells.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.browser.support.server import PEPPER, Server
from tests.browser.support.stage import Stage
from tests.support import parts, proxies
from tests.support.acme import Authority, authority, well_known_ports
from tests.support.certificates import NAME, Pair
from tests.support.guests import Guests, wait_until
from tests.support.proxies import Front
from tests.support.servers import is_listening

README = proxies.DEPLOY / "README.md"
#: How the guide cuts off what nginx cannot start with while there is no certificate.
BEGINNING = "/needs the certificate/,$d"


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    parts.need(parts.ACME)
    with well_known_ports() as found:
        yield found


@pytest.fixture
def vouching(ports: tuple[int, int], tmp_path: Path) -> Iterator[Authority]:
    with authority(parts.need(parts.CADDY), tmp_path / "authority") as found:
        yield found


@pytest.fixture
def socket(stage: Stage, tmp_path: Path) -> Iterator[Path]:
    """Where the hotel's Topline listens."""
    path = tmp_path / "topline.sock"
    server = Server(
        tmp_path / "data", stage.url, {"TOPLINE_PEPPER": PEPPER, "TOPLINE_SOCKET": str(path)}
    ).start()
    yield path
    server.kill()


def test_caddy_obtains_and_renews_by_itself(
    ports: tuple[int, int], vouching: Authority, socket: Path, tmp_path: Path
) -> None:
    plain_port, port = ports
    # `localhost` is a name no public authority vouches for: Caddy has to be told for the site, not once for all.
    site = f"tls {{\nissuer acme {vouching.directory} {{\ntrusted_roots {vouching.root}\n}}\n}}\n"
    front = Front("caddy", port, plain_port, vouching.root)
    with (
        proxies.caddy(
            parts.need(parts.CADDY),
            tmp_path / "proxy",
            f"unix/{socket}",
            site,
            "renew_interval 2s",
            front=front,
            hurry=True,
        ),
        Guests(port, front.trust()) as guests,
    ):
        guests.until(partial(has_shown, guests, 4), "it was not renewed three times")
    assert guests.failed + guests.unanswered == []


def has_shown(guests: Guests, certificates: int) -> bool:
    """Whether the guests saw that many different ones."""
    return len(set(guests.shown)) >= certificates


@dataclass(frozen=True)
class Certbot:
    """certbot with its folders in one of ours, and an authority of this machine."""

    program: Path
    folder: Path
    authority: Authority

    @property
    def pair(self) -> Pair:
        """Where it keeps what it was given."""
        live = self.folder / "live" / NAME
        return Pair(live / "fullchain.pem", live / "privkey.pem")

    def run(self, *arguments: str) -> None:
        """As root runs it, without a question."""
        folders = [f"--{name}-dir={self.folder / where}" for name, where in FOLDERS.items()]
        command = [str(self.program), *arguments, *folders, "--non-interactive"]
        trust = {"REQUESTS_CA_BUNDLE": str(self.authority.root)}
        done = subprocess.run(
            command, env=os.environ | trust, check=False, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr


FOLDERS = {"config": ".", "work": "work", "logs": "logs"}


def test_certbot_obtains_and_renews_for_nginx_and_reloads_it(
    ports: tuple[int, int], vouching: Authority, socket: Path, tmp_path: Path
) -> None:
    plain_port, port = ports
    folder, webroot = tmp_path / "proxy", tmp_path / "proxy" / "webroot"
    certbot = Certbot(parts.need(parts.ACME), tmp_path / "certbot", vouching)
    front = Front("nginx", port, plain_port, vouching.root)
    site = proxies.nginx_site(folder, front, f"unix:{socket}", certbot.pair)
    with proxies.running_nginx(
        parts.need(parts.NGINX), folder, beginning_of(site), lambda: is_listening(plain_port)
    ) as reload:
        webroot.mkdir()
        hook = " ".join(reload)
        account = ["--server", vouching.directory, "--agree-tos", "--register-unsafely-without-email"]
        certbot.run("certonly", "--webroot", "-w", str(webroot), "-d", NAME, "--deploy-hook", hook, *account)
        (folder / "topline.conf").write_text(site)
        subprocess.run(reload, check=True, capture_output=True)
        wait_until(lambda: proxies.shakes_hands(front), lambda: "nginx does not show what certbot was given")
        with Guests(port, front.trust()) as guests:
            for renewals in range(3):
                if renewals:
                    # What its timer does, without the wait that spreads the world's renewals over the hour.
                    certbot.run("renew", "--no-random-sleep-on-renew")
                shown = partial(has_shown, guests, 1 + renewals)
                guests.until(shown, f"nginx shows no new certificate after {renewals} renewals")
        assert guests.failed + guests.unanswered == []


def beginning_of(site: str) -> str:
    """What the guide has nginx begin with."""
    assert f"sed '{BEGINNING}'" in README.read_text(encoding="utf-8")
    cut = subprocess.run(["sed", BEGINNING], input=site, capture_output=True, text=True, check=True).stdout
    assert 0 < len(cut) < len(site)
    return cut
