"""Preflight on a real deployment: a good one passes every line that can be proved, each planted fault is found."""

import json
import secrets
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import bcrypt
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, insert, text

from tests.browser.support.server import Server
from tests.support.hotel import build_hotel
from tests.upkeep.front import Faults, Front, front
from topline.access.models import Pin
from topline.cli.preflight import preflight as command
from topline.core import schema
from topline.core.clock import SystemClock
from topline.core.migrations import upgrade
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.upkeep.preflight import report
from topline.upkeep.preflight.checklist import LINES, Outcome, Verdict
from topline.upkeep.preflight.inside import Inside
from topline.upkeep.preflight.run import preflight
from topline.upkeep.preflight.site import Site

BY_HAND = {"error-tracking", "monitoring", "dependencies", "load", "runbook"}
TOKEN = secrets.token_urlsafe(40)
KEYS = {name: secrets.token_urlsafe(48) for name in ("pepper", "session_key")}
_ADDRESS = count(1)
PIN_HASH = bcrypt.hashpw(b"anything", bcrypt.gensalt(4)).decode()


@dataclass
class Deployment:
    """A served hotel behind a proxy with TLS, in a data folder of its own."""

    data: Path
    behind: Front
    settings: Settings

    def look(self, *, inside: bool = True) -> dict[str, Outcome]:
        """What preflight says, from an address nobody came from before."""
        self.behind.faults.address = f"203.0.113.{next(_ADDRESS)}"
        site = Site(self.behind.url, TOKEN, self.behind.authority, self.behind.http_port, try_sign_in=True)
        db = Database(self.settings.url(), SystemClock(), pool_size=1)
        try:
            within = Inside(self.settings, db) if inside else None
            found = preflight(site, within, datetime.now(UTC), lambda _: None)
        finally:
            db.close()
            site.client.close()
        return {outcome.line.name: outcome for outcome in found}

    def change(self, *statements: str) -> None:
        """Change rows as no program of ours would."""
        engine = create_engine(self.settings.url())
        with engine.begin() as connection:
            connection.execute(text("PRAGMA ignore_check_constraints = ON"))
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


def deploy(
    stack: ExitStack, data: Path, proxy: dict[str, Any] | None = None, more: dict[str, str] | None = None
) -> Deployment:
    """A good deployment; `more` are settings that are not."""
    data.mkdir()
    url = f"sqlite:///{data / 'topline.db'}"
    upgrade(url)
    chosen: dict[str, Any] = {
        "mode": "production",
        "secure_cookies": "true",
        "trusted_proxies": "127.0.0.1",
        "operator_token": TOKEN,
        **KEYS,
        **(more or {}),
    }
    settings = Settings(data=data, database_url=url, **chosen)
    db = Database(url, SystemClock())
    hotel = build_hotel(db)
    with db.write(hotel.olive.actor) as tx:
        whose = {"organization_id": hotel.organization_id, "person_id": hotel.sam.id}
        tx.change(insert(Pin).values(**whose, pin_hash=PIN_HASH, pepper_version=1, set_at=tx.now))
    db.close()
    verified_backup(data, timedelta(hours=3))  # before the start: health is remembered for a second
    environment = {f"TOPLINE_{name.upper()}": value for name, value in chosen.items()}
    server = Server(data, database_url=url, settings=environment).start()
    stack.callback(server.kill)
    behind = stack.enter_context(front(server.url, data, **(proxy or {})))
    return Deployment(data, behind, settings)


def verified_backup(data: Path, age: timedelta) -> None:
    """Record a backup that was read back so long ago."""
    path = data / "backups" / "verified.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"verified_at": (datetime.now(UTC) - age).isoformat()}))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with ExitStack() as stack:
        yield deploy(stack, tmp_path_factory.mktemp("preflight") / "data")


def verdicts(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {name: f"{found.finding.verdict}: {found.finding.evidence}" for name, found in outcomes.items()}


def test_a_good_deployment_passes_every_line_that_can_be_proved(good: Deployment) -> None:
    outcomes = good.look()
    wrong = {
        name: found.finding
        for name, found in outcomes.items()
        if found.finding.verdict is not Verdict.PASS and name not in BY_HAND
    }
    assert wrong == {}
    for name in BY_HAND:
        assert outcomes[name].finding.verdict is Verdict.NOT_CHECKABLE
        assert outcomes[name].finding.todo


def test_what_cannot_be_seen_from_outside_is_no_pass(good: Deployment) -> None:
    outcomes = good.look(inside=False)
    for name in ("pins-hashed", "pins-migrated", "migrations", "secrets"):
        assert outcomes[name].finding.verdict is Verdict.NOT_CHECKABLE


Plant = Callable[[Deployment], Any]
FAULTS: list[tuple[str, str, Plant]] = [
    ("api-limits", "no limit said", lambda d: d.behind.faults.dropped.add("ratelimit-limit")),
    ("pins-hashed", "a plain PIN", lambda d: d.change("UPDATE pins SET pin_hash = '7294'")),
    (
        "pins-migrated",
        "a PIN waits",
        lambda d: d.change(
            "INSERT INTO imported_pins (organization_id, person_id, pin)"
            " SELECT organization_id, id, '7294' FROM people LIMIT 1"
        ),
    ),
    ("migrations", "schema behind", lambda d: d.change("UPDATE alembic_version SET version_num = '0001'")),
    ("health", "not ready", lambda d: d.behind.faults.broken.update({"/health/ready": 503})),
    ("deployment", "no style", lambda d: d.behind.faults.broken.update({".css": 404})),
    ("backups", "old backup", lambda d: verified_backup(d.data, timedelta(days=3))),
    ("https", "another redirect", lambda d: setattr(d.behind.faults, "redirect", 302)),
    ("https", "no HSTS", lambda d: d.behind.faults.dropped.add("strict-transport-security")),
    ("headers", "no policy", lambda d: d.behind.faults.dropped.add("content-security-policy")),
    (
        "headers",
        "open to foreign sites",
        lambda d: d.behind.faults.added.update({"Access-Control-Allow-Origin": "*"}),
    ),
    ("sensitive-limits", "PINs answered", lambda d: d.behind.faults.broken.update({"/api/auth/pin": 200})),
]


@pytest.fixture
def mended(good: Deployment) -> Iterator[Deployment]:
    """The good deployment, made good again after whatever a test did to it."""
    yield good
    fresh = Faults()
    vars(good.behind.faults).update(vars(fresh))
    verified_backup(good.data, timedelta(hours=3))
    good.change(
        f"UPDATE pins SET pin_hash = '{PIN_HASH}'",
        "DELETE FROM imported_pins",
        f"UPDATE alembic_version SET version_num = '{schema.head()}'",
    )


@pytest.mark.parametrize(
    ("name", "what", "plant"), FAULTS, ids=[f"{name}-{what}" for name, what, _ in FAULTS]
)
def test_each_planted_fault_is_found(mended: Deployment, name: str, what: str, plant: Plant) -> None:
    plant(mended)
    found = mended.look()[name].finding
    assert found.verdict is Verdict.FAIL, f"{what}: {found}"
    assert found.evidence
    assert found.todo


WRONG_SETTINGS: list[tuple[str, dict[str, str]]] = [
    ("api-limits", {"limit_api": "100000/minute"}),
    ("sign-in-limits", {"limit_unknown_sign_in": "1000/minute"}),
    ("sensitive-limits", {"limit_unknown_sign_in": "1000/minute"}),
    ("secrets", {"mode": "development", "pepper": "a" * 40}),
]


@pytest.mark.parametrize(("name", "settings"), WRONG_SETTINGS, ids=[name for name, _ in WRONG_SETTINGS])
def test_each_wrong_setting_is_found(tmp_path: Path, name: str, settings: dict[str, str]) -> None:
    with ExitStack() as stack:
        found = deploy(stack, tmp_path / "data", more=settings).look()[name].finding
    assert found.verdict is Verdict.FAIL, found


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ({"oldest": ssl.TLSVersion.TLSv1_1}, "TLS 1.1 is spoken"),
        ({"days": 3}, "the certificate ends in"),
    ],
)
def test_weak_tls_is_found(tmp_path: Path, proxy: dict[str, Any], words: str) -> None:
    with ExitStack() as stack:
        found = deploy(stack, tmp_path / "data", proxy=proxy).look()["https"].finding
    assert found.verdict is Verdict.FAIL
    assert words in found.evidence


def test_the_command_speaks_to_people_and_scripts(good: Deployment, tmp_path: Path) -> None:
    good.behind.faults.address = f"203.0.113.{next(_ADDRESS)}"
    page, token = tmp_path / "report.html", tmp_path / "token"
    token.write_text(TOKEN)
    common = [good.behind.url, "--ca", str(good.behind.authority), "--http-port", str(good.behind.http_port)]
    common += ["--operator-token-file", str(token)]
    told = CliRunner().invoke(command, [*common, "--html", str(page)])
    assert told.exit_code == 3, told.output  # nothing failed, but from outside not everything can be seen
    assert "✓ pass           HTTPS enforced" in told.stdout
    good.behind.faults.address = f"203.0.113.{next(_ADDRESS)}"
    scripted = CliRunner().invoke(command, [*common, "--json"])
    found = json.loads(scripted.stdout)
    assert [line["name"] for line in found["lines"]] == [line.name for line in LINES]
    assert {line["verdict"] for line in found["lines"]} == {"pass", "not checkable"}
    text_of_page = page.read_text(encoding="utf-8")
    assert "HTTPS enforced" in text_of_page
    assert TOKEN not in text_of_page + told.output + scripted.output


def test_a_server_that_is_away_passes_nothing(tmp_path: Path) -> None:
    site = Site("http://127.0.0.1:9", try_sign_in=True)
    outcomes = preflight(site, None, datetime.now(UTC), lambda _: None)
    assert {outcome.finding.verdict for outcome in outcomes} <= {Verdict.NOT_CHECKABLE, Verdict.FAIL}
    assert "0 pass" in report.summary(outcomes)
