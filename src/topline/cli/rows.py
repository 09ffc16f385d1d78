"""`topline rows status|on|off`."""

import sys

import click

from topline.core import row_security
from topline.core.settings import load_settings

_NONE = "SQLite has no row-level security; every statement's own filter is the only wall"


@click.group()
def rows() -> None:
    """Row-level security of PostgreSQL: every transaction sees its own organization's rows only."""


@rows.command()
def status() -> None:
    """Say whether it holds; exit code 1 when it does not."""
    wall = row_security.wall_of(load_settings().url())
    if wall is None:
        click.echo(_NONE)
        return
    click.echo(wall.trouble or f"row-level security holds on all {len(wall.tables)} tables")
    sys.exit(0 if wall.is_closed else 1)


@rows.command()
def on() -> None:
    """Switch it on after an upgrade, once no process of the release before is left. A new database has it on."""
    _switch(on=True)


@rows.command()
def off() -> None:
    """Switch it off: before going back to a release that does not know it."""
    _switch(on=False)


def _switch(*, on: bool) -> None:
    url = load_settings().url()
    wall = row_security.wall_of(url)
    if wall is None:
        raise click.ClickException(_NONE)
    if on and wall.bare_tables:
        raise click.ClickException(wall.trouble)
    row_security.switch(url, on=on)
    after = row_security.wall_of(url)
    click.echo(
        (after.trouble if after else "") or f"row-level security holds on all {len(wall.tables)} tables"
    )
