"""The `topline` command."""

import sys

import click

from topline.core.settings import SettingsError


@click.group()
def cli() -> None:
    """Topline: what staff do every shift, tied to what the house earns."""


def main() -> None:
    """Run the command line; a wrong setting is a sentence, not a stack."""
    try:
        cli()
    except SettingsError as error:
        click.echo(f"topline: {error}", err=True)
        sys.exit(2)
