"""The `topline` command."""

import sys
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from topline import __version__
from topline.core import migrations
from topline.core.migrations import UnknownSchema
from topline.core.settings import PREFIX, Settings, SettingsError, hand_to_workers, load_settings
from topline.infra.logs import configure_logs
from topline.main import build_services
from topline.upkeep import commands


@click.group()
@click.version_option(__version__)
def cli() -> None:
    """Topline: what staff do every shift, tied to what the house earns."""


@cli.command()
@click.option("--host", help="Address to listen on; default TOPLINE_HOST.")
@click.option("--port", type=int, help="Port to listen on; default TOPLINE_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the application. The schema must be current: run `topline migrate up` first."""
    settings = _settings(host=host, port=port)
    _check_schema(settings)
    _serve(settings)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=Path("data"), show_default=True
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another hotel.")
@click.option(
    "--fresh", is_flag=True, help="Throw the demo hotel of the data folder away and make a new one."
)
@click.option("--no-serve", is_flag=True, help="Only load it.")
def demo(host: str, port: int, data: Path, seed: int, fresh: bool, no_serve: bool) -> None:
    """Load the demo hotel into a SQLite file and serve it."""
    configure_logs("warning", "text")
    settings = _settings(
        host=host, port=port, data=data, database_url="", log_level="warning", log_format="text"
    )
    accounts = commands.prepare_demo(settings, build_services, seed=seed, fresh=fresh, say=click.echo)
    commands.print_accounts(accounts, click.echo)
    if not no_serve:
        _serve(settings)


@cli.group()
def migrate() -> None:
    """Bring the database schema up or down."""


@migrate.command("up")
@click.argument("revision", default="head")
def migrate_up(revision: str) -> None:
    """Run the revisions that are missing."""
    settings = _settings()
    migrations.upgrade(settings.url(), revision)
    click.echo(f"schema at {migrations.position(settings.url()).current}")


@migrate.command("down")
@click.argument("revision", default="-1")
def migrate_down(revision: str) -> None:
    """Go back to REVISION: `-1` for one step, `base` for an empty database."""
    settings = _settings()
    migrations.downgrade(settings.url(), revision)
    click.echo(f"schema at {migrations.position(settings.url()).current or 'nothing'}")


@migrate.command("status")
def migrate_status() -> None:
    """Say where the database stands; exit code 1 when revisions are missing."""
    found = migrations.position(_settings().url())
    click.echo(f"schema at {found.current or 'nothing'}, this release has {found.head}")
    for revision in found.pending:
        click.echo(f"pending: {revision}")
    sys.exit(0 if found.is_current else 1)


@cli.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 when a page is out of date.")
def docs(check: bool) -> None:
    """Write the reference pages of `docs/reference` from the program."""
    stale = commands.write_reference(Path("docs/reference"), cli, check=check)
    for name in stale:
        click.echo(f"{'out of date' if check else 'written'}: {name}")
    sys.exit(1 if check and stale else 0)


def _settings(**overrides: object) -> Settings:
    return load_settings(**{name: value for name, value in overrides.items() if value is not None})


def _check_schema(settings: Settings) -> None:
    try:
        found = migrations.position(settings.url())
    except UnknownSchema as error:
        raise SettingsError(
            f"the database is at revision {error}, newer than this release; run that release, or its `migrate down`"
        ) from error
    if not found.is_current:
        raise SettingsError("the database schema is not current; run `topline migrate up`")


def _serve(settings: Settings) -> None:
    if settings.workers > 1 and not settings.redis_url:
        raise SettingsError(f"{PREFIX}WORKERS: more than one process needs {PREFIX}REDIS_URL")
    hand_to_workers(settings)
    Granian(
        "topline.main:app_from_environment",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_access=False,
        # Errors only: a start that fails must say why, the rest is ours to log.
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


def main() -> None:
    """Run the command line; a wrong setting is a sentence, not a stack."""
    try:
        cli()
    except SettingsError as error:
        click.echo(f"topline: {error}", err=True)
        sys.exit(2)
