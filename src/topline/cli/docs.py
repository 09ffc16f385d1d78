"""`topline docs`."""

import sys
from pathlib import Path

import click

from topline.upkeep import commands


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 when a page is out of date.")
@click.pass_context
def docs(context: click.Context, check: bool) -> None:
    """Write the reference pages of `docs/reference` from the program."""
    root = context.find_root().command
    assert isinstance(root, click.Group)
    stale = commands.write_reference(Path("docs/reference"), root, check=check)
    for name in stale:
        click.echo(f"{'out of date' if check else 'written'}: {name}")
    sys.exit(1 if check and stale else 0)
