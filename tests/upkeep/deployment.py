"""A real deployment for preflight to look at, and what can be wrong with one."""

import json
import secrets
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import bcrypt
from sqlalchemy import create_engine, insert, text

from tests.browser.support.server import Server
from tests.support.hotel import build_hotel
from tests.upkeep.front import Faults, Front, front
from topline.access.models import Pin
from topline.core import schema
from topline.core.clock import SystemClock
from topline.core.migrations import upgrade
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.upkeep.preflight.checklist import Outcome
from topline.upkeep.preflight.inside import Inside
from topline.upkeep.preflight.run import preflight
from topline.upkeep.preflight.site import Site

BY_HAND = {"error-tracking", "monitoring", "dependencies", "load", "runbook"}
TOKEN = secrets.token_urlsafe(40)
KEYS = {name: secrets.token_urlsafe(48) for name in ("pepper", "session_key")}
ADDRESSES = count(1)
PIN_HASH = bcrypt.hashpw(b"anything", bcrypt.gensalt(4)).decode()


@dataclass
class Deployment:
    """A served hotel behind a proxy with TLS, in a data folder of its own."""

    data: Path
    behind: Front
    settings: Settings

    def look(self, *, inside: bool = True) -> dict[str, Outcome]:
        """What preflight says, from an address nobody came from before."""
        self.behind.faults.address = f"203.0.113.{next(ADDRESSES)}"
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


def mend(deployment: Deployment) -> None:
    """Make a deployment good again, whatever was done to it."""
    vars(deployment.behind.faults).update(vars(Faults()))
    verified_backup(deployment.data, timedelta(hours=3))
    deployment.change(
        f"UPDATE pins SET pin_hash = '{PIN_HASH}'",
        "DELETE FROM imported_pins",
        f"UPDATE alembic_version SET version_num = '{schema.head()}'",
    )


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the line of the checklist that has to say so: done to one that runs, or deployed like that."""

    line: str
    what: str
    plant: Callable[[Deployment], Any] = lambda _: None
    settings: dict[str, str] = field(default_factory=dict)
    proxy: dict[str, Any] = field(default_factory=dict)


PLANTED: Final = (
    Fault("api-limits", "no limit is told", lambda d: d.behind.faults.dropped.add("ratelimit-limit")),
    Fault("pins-hashed", "a PIN as it is", lambda d: d.change("UPDATE pins SET pin_hash = '7294'")),
    Fault(
        "pins-migrated",
        "a PIN that waits to be hashed",
        lambda d: d.change(
            "INSERT INTO imported_pins (organization_id, person_id, pin)"
            " SELECT organization_id, id, '7294' FROM people LIMIT 1"
        ),
    ),
    Fault(
        "migrations", "a schema behind", lambda d: d.change("UPDATE alembic_version SET version_num = '0001'")
    ),
    Fault("health", "not ready", lambda d: d.behind.faults.broken.update({"/health/ready": 503})),
    Fault("deployment", "no style sheet", lambda d: d.behind.faults.broken.update({".css": 404})),
    Fault("backups", "a backup of three days ago", lambda d: verified_backup(d.data, timedelta(days=3))),
    Fault("https", "a redirect with 302", lambda d: setattr(d.behind.faults, "redirect", 302)),
    Fault("https", "no HSTS", lambda d: d.behind.faults.dropped.add("strict-transport-security")),
    Fault("headers", "no content policy", lambda d: d.behind.faults.dropped.add("content-security-policy")),
    Fault(
        "headers",
        "open to every site",
        lambda d: d.behind.faults.added.update({"Access-Control-Allow-Origin": "*"}),
    ),
    Fault(
        "sensitive-limits",
        "every PIN is answered",
        lambda d: d.behind.faults.broken.update({"/api/auth/pin": 200}),
    ),
)
DEPLOYED: Final = (
    Fault("api-limits", "a hundred thousand a minute", settings={"limit_api": "100000/minute"}),
    Fault("sign-in-limits", "a thousand tries a minute", settings={"limit_unknown_sign_in": "1000/minute"}),
    Fault("sensitive-limits", "a thousand tries a minute", settings={"limit_unknown_sign_in": "1000/minute"}),
    Fault("secrets", "a pepper of one letter", settings={"mode": "development", "pepper": "a" * 40}),
    Fault("https", "TLS 1.1 is spoken", proxy={"oldest": ssl.TLSVersion.TLSv1_1}),
    Fault("https", "the certificate ends in three days", proxy={"days": 3}),
)
