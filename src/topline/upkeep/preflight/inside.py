"""The same deployment from inside: its database and its settings, read on the box where it runs."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from topline.access.queries import BulkLoad, PinSource, legacy_columns, pins_by_shape
from topline.core import schema
from topline.core.actor import system
from topline.core.secrets.check import troubles
from topline.core.settings import SECRETS, Settings, source_of
from topline.core.transaction import Database
from topline.organizations.queries import organization_ids
from topline.upkeep.preflight.checklist import Finding, failed, passed, unknown

_LABEL: Final = "preflight"
NOT_INSIDE: Final = unknown(
    "not seen from outside", "run it with --inside on the box, with the settings Topline runs with"
)


@dataclass(frozen=True)
class Inside:
    """The settings and database of the deployment."""

    settings: Settings
    db: Database

    @property
    def name(self) -> str:
        """Which database this is, without its password."""
        url: URL = make_url(self.settings.url())
        return f"{url.get_backend_name()} {url.host or ''}{'/' if url.host else ''}{url.database}"


def pins_hashed(inside: Inside) -> Finding:
    """Every stored PIN is a bcrypt hash."""
    hashed = plain = 0
    for house in _houses(inside):
        with inside.db.read(system(house, _LABEL)) as tx:
            good, bad = pins_by_shape(tx)
            hashed, plain = hashed + good, plain + bad
    if plain:
        return failed(f"{plain} of {hashed + plain} PINs are no bcrypt hash", "run `topline pins migrate`")
    if not hashed:
        return unknown(f"no PIN is stored in {inside.name}", "give people PINs, then run again")
    return passed(f"{hashed} PINs in {inside.name}, each a bcrypt hash")


def pins_migrated(inside: Inside) -> Finding:
    """No PIN waits in plain text, neither bulk loaded nor in the earlier prototype's table."""
    waiting = []
    with inside.db.read() as tx:
        legacy = legacy_columns(tx)
    for house in _houses(inside):
        with inside.db.read(system(house, _LABEL)) as tx:
            sources: list[PinSource] = [BulkLoad(), *legacy]
            waiting += [source.name for source in sources if source.waiting(tx, None, 1)]
    with inside.db.read() as tx:
        waiting += [source.name for source in legacy if source.unknown(tx, None, 1)]
    if waiting:
        return failed(f"plain PINs wait in {', '.join(sorted(set(waiting)))}", "run `topline pins migrate`")
    return passed(f"no plain PIN is left in {inside.name}")


def migrations(inside: Inside) -> Finding:
    """The schema is what this release needs, and its history is recorded."""
    try:
        found = schema.position(inside.settings.url())
    except SQLAlchemyError as error:
        return failed(
            f"the database does not answer ({type(error).__name__})", "look at TOPLINE_DATABASE_URL"
        )
    if found.trouble:
        return failed(found.trouble, "run `topline migrate up`")
    return passed(f"{inside.name} is at revision {found.current}, this release knows {found.head}")


def secrets(inside: Inside) -> Finding:
    """Production mode, and every secret is strong and comes from where the operator keeps it."""
    settings = inside.settings
    found = troubles(settings)
    if found:
        return failed(str(found[0]), "run `topline secrets check` for all of them")
    if not settings.in_production():
        return failed(
            "development mode: secrets may be made into the data folder", "set TOPLINE_MODE=production"
        )
    sources = {name: source_of(settings, name) for name in SECRETS}
    kept = [f"{name} from {source}" for name, source in sources.items() if source]
    return passed("; ".join(["none is missing or weak", *kept]))


def _houses(inside: Inside) -> list[UUID]:
    with inside.db.read() as tx:
        return list(organization_ids(tx))
