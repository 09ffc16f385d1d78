"""`topline migrate up|down|status`."""

import sys

import click

from topline.core import migrations, schema
from topline.core.settings import load_settings


@click.group()
def migrate() -> None:
    """Bring the database schema up or down."""


@migrate.command("up")
@click.argument("revision", default="head")
def migrate_up(revision: str) -> None:
    """Run the revisions that are missing."""
    url = load_settings().url()
    migrations.upgrade(url, revision)
    click.echo(f"schema at {schema.position(url).current}")


@migrate.command("down")
@click.argument("revision", default="-1")
def migrate_down(revision: str) -> None:
    """Go back to REVISION: `-1` for one step, `base` for an empty database."""
    url = load_settings().url()
    migrations.downgrade(url, revision)
    click.echo(f"schema at {schema.position(url).current or 'nothing'}")


@migrate.command("status")
def migrate_status() -> None:
    """Say where the database stands; exit code 1 when revisions are missing."""
    found = schema.position(load_settings().url())
    click.echo(f"schema at {found.current or 'nothing'}, this release has {found.head}")
    for revision in found.pending:
        click.echo(f"pending: {revision}")
    sys.exit(0 if found.is_current else 1)
