"""The `topline` command. Each subcommand is a module of its own, loaded when it is called: `serve` starts quickly."""

import importlib
import sys
from typing import Final

import click

from topline import __version__
from topline.core.settings import SettingsError

#: Subcommand → module that holds a click command of the same name.
COMMANDS: Final = {
    "access": "topline.cli.access",
    "audit": "topline.cli.audit",
    "certificate": "topline.cli.certificate",
    "demo": "topline.cli.demo",
    "docs": "topline.cli.docs",
    "init": "topline.cli.init",
    "migrate": "topline.cli.migrate",
    "pins": "topline.cli.pins",
    "preflight": "topline.cli.preflight",
    "rows": "topline.cli.rows",
    "secrets": "topline.cli.secrets",
    "serve": "topline.cli.serve",
    "totals": "topline.cli.totals",
}


class OnDemand(click.Group):
    """A group that imports a subcommand's module only when it is needed (the pattern click documents)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return found


@click.group(cls=OnDemand)
@click.version_option(__version__)
def cli() -> None:
    """Topline: what staff do every shift, tied to what the house earns."""


def main() -> None:
    """Run the command line; a wrong setting is a sentence, not a stack."""
    try:
        cli()
    except SettingsError as error:
        click.echo(f"topline: {error}", err=True)
        sys.exit(2)
