"""`topline pins migrate|status|rotate-pepper|retire-pepper`."""

import sys

import click

from topline.access.actions import (
    Doors,
    Intake,
    authenticators_by_pepper,
    migrate_pins,
    pins_by_pepper,
    retire_pepper as retire,
)
from topline.access.hashing import Hasher
from topline.core.peppers import with_new
from topline.core.scrub import NotScrubbed, scrub
from topline.core.secrets.own import fresh
from topline.core.settings import PREFIX, Settings, load_settings
from topline.infra.logs import configure_logs
from topline.main import build_services
from topline.web.services import Services

_EVERY = 10


@click.group()
def pins() -> None:
    """Hash PINs that came in as plain text, and change the pepper."""
    configure_logs("warning", "text")


@pins.command("migrate")
@click.option("--drop-unusable", is_flag=True, help="Erase what cannot become a PIN, too.")
def migrate(drop_unusable: bool) -> None:
    """Hash every plain PIN: those in the table `imported_pins`, and a column `pin` of the earlier prototype's users.

    Can be killed and run again. Everybody concerned is asked for a new PIN when they next sign in. Exit code 1 when
    something plain is left.
    """
    settings = load_settings()
    services = build_services(settings)
    try:
        done = migrate_pins(services.get(Doors), _progress, drop_unusable=drop_unusable)
    finally:
        _close(services)
    try:
        scrub(settings.url(), done.tables)
        readable = ""
    except NotScrubbed as error:
        readable = f"what was erased can still be read in the database's files ({error}); run this again"
    sys.exit(_tell(done, readable))


def _progress(count: int) -> None:
    if count % _EVERY == 0:
        click.echo(f"{count} hashed so far")


def _tell(done: Intake, readable: str) -> int:
    click.echo(f"{done.hashed} hashed; their people choose a new PIN at the next sign-in")
    if done.kept:
        click.echo(f"{done.kept} erased: these people have a PIN of their own here already")
    for one in done.unusable:
        click.echo(f"unusable: {one.who} ({one.table}): {one.why}", err=True)
    left = len(done.unusable) - done.dropped
    if done.dropped:
        click.echo(f"{done.dropped} unusable erased; these people need a PIN from their manager")
    if left:
        click.echo(
            f"{left} left in plain text. Correct them and run this again, or erase them with --drop-unusable.",
            err=True,
        )
    if readable:
        click.echo(readable, err=True)
    return 1 if left or readable else 0


@pins.command("status")
def status() -> None:
    """How many PINs and authenticator apps carry which version of the pepper; exit code 1 when one is missing."""
    settings = load_settings()
    services = build_services(settings)
    try:
        pins, apps = pins_by_pepper(services.db), authenticators_by_pepper(services.db)
    finally:
        _close(services)
    peppers = settings.peppers()
    needed = pins.keys() | apps.keys()
    for version in sorted(needed | peppers.versions.keys(), reverse=True):
        held = f"{pins[version]} PINs, {apps[version]} authenticator apps"
        click.echo(f"version {version}: {held}, {_state(version, settings)}")
    sys.exit(1 if needed - peppers.versions.keys() else 0)


def _state(version: int, settings: Settings) -> str:
    peppers = settings.peppers()
    if version == peppers.current:
        return "in use"
    return "known" if version in peppers.versions else f"MISSING in {PREFIX}PEPPER"


@pins.command("rotate-pepper")
def rotate_pepper() -> None:
    """Make a new version of the pepper. Nobody is locked out: each PIN moves to it when its person next signs in.

    A pepper in the data folder is replaced there. Otherwise the new value of the setting is printed, for the place
    where it is kept: the old versions stay in it until `topline pins status` counts none.
    """
    settings = load_settings()
    settings.peppers()
    value = with_new(settings.pepper_text(), fresh())
    if settings.keeps_own_pepper():
        settings.keep_own_pepper(value)
        click.echo(
            "The pepper in the data folder has a new version. Running processes take it within a minute."
        )
    else:
        click.echo(f"The new value of {PREFIX}PEPPER, to be put where the old one is kept:", err=True)
        click.echo(value)


@pins.command("retire-pepper")
@click.argument("version", type=int)
@click.confirmation_option(prompt="People whose PIN carries this version will need a new one. Go on?")
def retire_pepper(version: int) -> None:
    """Take away the PINs that still carry VERSION, so that it can be removed from the setting."""
    settings = load_settings()
    if version == settings.peppers().current:
        raise click.ClickException(
            f"version {version} is the one in use; run `topline pins rotate-pepper` first"
        )
    services = build_services(settings)
    try:
        retired = retire(services.db, version)
    finally:
        _close(services)
    click.echo(f"{retired} PINs taken away; these people need one from their manager")


def _close(services: Services) -> None:
    services.get(Hasher).close()
    services.db.close()
