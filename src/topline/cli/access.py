"""`topline access …`: let somebody in again who locked themselves out."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from topline.access import actions, queries
from topline.access.hashing import Hasher
from topline.access.queries import Account
from topline.core.actor import system
from topline.core.errors import Problem
from topline.core.settings import load_settings
from topline.core.text import TextError, normalise_email
from topline.infra.logs import configure_logs
from topline.main import build_services
from topline.web.services import Services


@click.group()
def access() -> None:
    """Let somebody in again. For an operator who knows that the person is who they say."""


@access.command("reset-factor")
@click.argument("email")
def reset_factor(email: str) -> None:
    """Take the second factors from the person with this EMAIL, who lost them. Ends their sessions."""
    with _parts() as parts:
        for account in _accounts(parts, email):
            with parts.db.write(system(account.organization_id, "command line")) as tx:
                actions.reset_factors(tx, account.person_id)
            click.echo(f"{account.name} at {account.organization_name} signs in with the password alone now.")


@access.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a link with which the person with this EMAIL sets a new password, once, within a day."""
    with _parts() as parts:
        base = parts.settings.public_url.rstrip("/") or f"http://{parts.settings.host}:{parts.settings.port}"
        for account in _accounts(parts, email):
            with parts.db.write(system(account.organization_id, "command line")) as tx:
                made = actions.make_password_link(tx, account.person_id)
            click.echo(
                f"{account.name} at {account.organization_name}, until {made.expires_at:%Y-%m-%d %H:%M} UTC:"
            )
            click.echo(f"{base}/password/{made.token}")


@access.command("let-in")
@click.argument("email")
def let_in(email: str) -> None:
    """Lift what keeps the person with this EMAIL out after failed sign-ins: their own pause and their hotel's."""
    with _parts() as parts:
        for account in _accounts(parts, email):
            with parts.db.write(system(account.organization_id, "command line")) as tx:
                actions.clear_lock(tx, "password", account.person_id)
                actions.clear_lock(tx, "unknown_devices", account.organization_id)
            click.echo(f"{account.name} at {account.organization_name} can try again now.")


@contextmanager
def _parts() -> Iterator[Services]:
    configure_logs("warning", "text")
    parts = build_services(load_settings())
    try:
        yield parts
    except Problem as problem:
        raise click.ClickException(problem.detail) from problem
    finally:
        parts.get(Hasher).close()
        parts.db.close()


def _accounts(parts: Services, email: str) -> list[Account]:
    try:
        address = normalise_email(email)
    except TextError as error:
        raise click.ClickException(str(error)) from error
    with parts.db.read() as tx:
        found = queries.accounts_of_email(tx, address)
    if not found:
        raise click.ClickException(f"nobody who works here has the address {address}")
    return found
