"""`topline init`."""

from typing import TextIO

import click

from topline.access.actions import Caller, Doors, FirstRun, set_up
from topline.access.hashing import Hasher
from topline.core import migrations
from topline.core.errors import Problem
from topline.core.settings import load_settings
from topline.infra.logs import configure_logs
from topline.main import build_services


@click.command()
@click.option("--name", prompt="Name of the hotel", help="The organization.")
@click.option("--location", default="", help="Name of the house; default: the same.")
@click.option("--zone", prompt="Time zone (for example Europe/Lisbon)", help="IANA time zone of the house.")
@click.option("--currency", prompt="Currency (for example EUR)", help="ISO 4217 code.")
@click.option("--locale", default="en", show_default=True, help="How numbers and dates are written.")
@click.option("--rooms", type=int, help="Rooms to sell a night.")
@click.option("--owner", prompt="Your name", help="The owner.")
@click.option("--email", prompt="Your e-mail address", help="The owner signs in with it.")
@click.option(
    "--password-file",
    type=click.File(),
    help="The owner's password, for scripts; - reads it from standard input. Asked for when left out.",
)
def init(
    name: str,
    location: str,
    zone: str,
    currency: str,
    locale: str,
    rooms: int | None,
    owner: str,
    email: str,
    password_file: TextIO | None,
) -> None:
    """Make the schema, the hotel and its owner. Works once; the first page does it too, but not in production."""
    # No option holds it: everybody on the machine can read the words of a running command.
    if password_file is None:
        password = click.prompt("Your password", hide_input=True, confirmation_prompt=True)
    else:
        password = password_file.read().rstrip("\r\n")
    settings = load_settings()
    configure_logs("warning", "text")
    migrations.upgrade(settings.url())
    services = build_services(settings)
    first = FirstRun(name, location, zone, currency, locale, owner, email, password, rooms)
    try:
        set_up(services.get(Doors), Caller("command line"), first)
    except Problem as problem:
        named = ", ".join(field.field for field in problem.fields)
        raise click.ClickException(f"{problem.detail}{f' ({named})' if named else ''}") from problem
    finally:
        services.get(Hasher).close()
        services.db.close()
    click.echo(f"{name} is set up. Start it with `topline serve` and sign in as {email}.")
