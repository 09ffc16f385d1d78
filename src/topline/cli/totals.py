"""`topline totals rebuild`."""

from datetime import datetime

import click

from topline.core.actor import system
from topline.core.settings import load_settings
from topline.infra.logs import configure_logs
from topline.main import build_services
from topline.organizations.queries import organization_ids
from topline.scoring import actions

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def totals() -> None:
    """Look after the day totals behind boards and wall."""


@totals.command()
@click.argument("first", type=_DAY)
@click.argument("last", type=_DAY)
def rebuild(first: datetime, last: datetime) -> None:
    """Add up again from the logs, from the business date FIRST to LAST, both included. Safe while the house works."""
    configure_logs("warning", "text")
    services = build_services(load_settings())
    try:
        with services.db.read() as tx:
            ids = organization_ids(tx)
        for organization_id in ids:
            with services.db.write(system(organization_id, "command line")) as tx:
                rows = actions.rebuild(tx, first.date(), last.date())
            click.echo(f"{organization_id}: {rows} totals")
    finally:
        services.db.close()
