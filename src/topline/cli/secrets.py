"""`topline secrets generate|check`."""

import sys

import click

from topline.core.secrets.check import troubles
from topline.core.secrets.own import fresh
from topline.core.settings import PREFIX, SECRETS, Settings, load_settings, source_of

#: Settings whose value is made by chance here; the others are given by somebody else (a database, a provider).
_MADE = tuple(
    name for name in SECRETS if name not in ("database_url", "database_password", "redis_url", "vault_token")
)


@click.group()
def secrets() -> None:
    """Make secrets, and see whether those that are set will do."""


@secrets.command()
@click.argument("name", required=False, type=click.Choice(_MADE))
def generate(name: str | None) -> None:
    """Print fresh secrets as lines of an environment file, or only the value of one NAME. Nothing is stored."""
    if name:
        click.echo(fresh())
        return
    for each in _MADE:
        click.echo(f"{PREFIX}{each.upper()}={fresh()}")


@secrets.command()
def check() -> None:
    """Say where each secret comes from and whether it will do in production; exit code 1 when not. Shows no value."""
    settings = load_settings()
    found = troubles(settings)
    wrong = {trouble.setting for trouble in found}
    for name in SECRETS:
        setting = PREFIX + name.upper()
        if setting not in wrong:
            click.echo(f"{setting}: {_state(settings, name)}")
    for trouble in found:
        click.echo(str(trouble), err=True)
    mode = "production" if settings.in_production() else "development, where these are only remarks"
    click.echo(f"mode: {mode}")
    sys.exit(1 if found else 0)


def _state(settings: Settings, name: str) -> str:
    source = source_of(settings, name)
    return f"good, from {source}" if source else "not set"
