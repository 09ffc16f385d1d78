"""`topline audit verify`, `topline audit head`, `topline audit seal`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click

from topline.audit import queries
from topline.audit.chores import sweep_everywhere
from topline.audit.rules import Head, parse_head
from topline.audit.verify import verify as follow
from topline.core.actor import system
from topline.core.ids import parse_id
from topline.core.settings import load_settings
from topline.core.transaction import Database
from topline.infra.logs import configure_logs
from topline.main import build_services
from topline.organizations.queries import organization_ids


class HeadType(click.ParamType[tuple[UUID, Head]]):
    """`ORGANIZATION:NUMBER:HASH`, as `topline audit head` prints it."""

    name = "head"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[UUID, Head]:
        house, _, rest = value.partition(":")
        organization_id, head = parse_id(house), parse_head(rest)
        if organization_id is None or head is None:
            self.fail("is not a head as `topline audit head` prints it", param, ctx)
        return organization_id, head


@click.group()
def audit() -> None:
    """Show that nobody touched the audit trail."""


@audit.command()
@click.option("--organization", type=click.UUID, help="Only this one; default: every organization.")
@click.option(
    "--expect", type=HeadType(), multiple=True, help="A head that was noted earlier; may be repeated."
)
@click.option(
    "--removed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="How many events you know to have an erased part, over all organizations.",
)
def verify(organization: UUID | None, expect: tuple[tuple[UUID, Head], ...], removed: int) -> None:
    """Follow each chain to its end and name the first link that is broken, and whatever was erased.

    Ends with 1 if a link is broken, or more was erased than you know of.
    """
    is_whole, erased = True, 0
    with _database() as db:
        houses = _houses(db, organization)
        for stranger in {house for house, _ in expect} - set(houses):
            click.echo(f"{stranger}: BROKEN: a head was noted, and there is no such organization")
            is_whole = False
        for house in houses:
            with db.read(system(house, "command line")) as tx:
                report = follow(tx, [head for whose, head in expect if whose == house])
            if report.broken:
                is_whole = False
                where = f" at link {report.broken.seq}" if report.broken.seq else ""
                click.echo(f"{house}: BROKEN{where}: {report.broken.problem}")
            else:
                more = f", {report.removed} with an erased part" if report.removed else ""
                more += f", {report.waiting} waiting to be chained" if report.waiting else ""
                click.echo(f"{house}: whole, {report.head.seq} links{more}; head {report.head}")
            erased += report.removed
            for removal in report.removals:
                click.echo(
                    f"  link {removal.seq}: erased on {removal.at:%Y-%m-%d %H:%M} UTC by"
                    f" {removal.by or 'somebody erased'}, events: {removal.events}"
                )
    if erased > removed:
        click.echo(
            f"UNKNOWN: events with an erased part: {erased}; you know of {removed}."
            " If nobody erased a person, somebody with rights on the database did this."
        )
        is_whole = False
    sys.exit(0 if is_whole else 1)


@audit.command("head")
def show_head() -> None:
    """Print the head of each chain, to be kept outside of this machine. `verify --expect` takes it."""
    with _database() as db:
        for house in _houses(db, None):
            with db.read(system(house, "command line")) as tx:
                click.echo(f"{house}:{queries.chain(tx, house).head}")


@audit.command()
def seal() -> None:
    """Take events that stand outside of the chains in. A running program does it each minute."""
    with _database() as db:
        click.echo(f"{sweep_everywhere(db, organization_ids)} events taken in")


def _houses(db: Database, only: UUID | None) -> list[UUID]:
    with db.read() as tx:
        found = organization_ids(tx)
    if only is not None and only not in found:
        raise click.ClickException(f"there is no organization {only}")
    return [only] if only else found


@contextmanager
def _database() -> Iterator[Database]:
    configure_logs("warning", "text")
    services = build_services(load_settings())
    try:
        yield services.db
    finally:
        services.db.close()
