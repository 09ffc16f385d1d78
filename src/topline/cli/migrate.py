"""`topline migrate up|down|status|plan`."""

import sys
from collections.abc import Callable
from typing import Any, Final

import click

from topline.core import schema
from topline.core.migrations import Limits, MigrationFailed, Migrations
from topline.core.settings import load_settings

_DEFAULTS: Final = Limits()


def _bounded(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of both directions."""
    for option in (
        click.option(
            "--statement-timeout",
            type=float,
            default=_DEFAULTS.statement_timeout,
            show_default=True,
            help="Seconds one statement may take on PostgreSQL.",
        ),
        click.option(
            "--lock-timeout",
            type=click.FloatRange(min=0.05),
            default=_DEFAULTS.lock_timeout,
            show_default=True,
            help="Seconds to wait for a lock, and the longest anybody waits behind us, before trying again later.",
        ),
    ):
        command = option(command)
    return command


def _migrations(lock_timeout: float = _DEFAULTS.lock_timeout, statement_timeout: float = 0.0) -> Migrations:
    limits = Limits(lock_timeout, statement_timeout or _DEFAULTS.statement_timeout)
    return Migrations(load_settings().url(), say=click.echo, limits=limits)


@click.group()
def migrate() -> None:
    """Bring the database schema up or down."""


@migrate.command("up")
@click.argument("revision", default="head")
@_bounded
def migrate_up(revision: str, lock_timeout: float, statement_timeout: float) -> None:
    """Run the revisions that are missing. Safe while people work, and while another one runs it."""
    runner = _migrations(lock_timeout, statement_timeout)
    try:
        started = schema.position(load_settings().url()).current
        runner.up(revision)
    except MigrationFailed as error:
        raise click.ClickException(str(error)) from error
    now = schema.position(load_settings().url()).current
    click.echo(f"schema at {now}")
    if started not in (None, now):
        click.echo(f"back again: topline migrate down {started}")


@migrate.command("down")
@click.argument("revision", default="-1")
@click.option("--yes", is_flag=True, help="Go on although rows or values are lost.")
@_bounded
def migrate_down(revision: str, yes: bool, lock_timeout: float, statement_timeout: float) -> None:
    """Go back to REVISION: a number, `-1` for one step, `base` for an empty database.

    Says what would be lost; then it needs --yes.
    """
    runner = _migrations(lock_timeout, statement_timeout)
    try:
        plan = runner.plan(revision)
        lost = runner.losses(plan)
        if lost and not yes:
            click.echo(
                f"Going down from {plan.start} to {plan.end} throws away what only the newer schema holds:"
            )
            for loss in lost:
                click.echo(f"  {loss}")
            click.echo("The release before runs on the newer schema, too: to go back, starting it is enough.")
            raise click.ClickException(
                f"nothing was changed; to go on: topline migrate down {plan.end} --yes"
            )
        runner.down(plan.end)
    except MigrationFailed as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"schema at {schema.position(load_settings().url()).current or 'nothing'}")


@migrate.command("status")
def migrate_status() -> None:
    """Say where the database stands; exit code 1 when this release cannot serve on it."""
    found = schema.position(load_settings().url())
    click.echo(f"schema at {found.current or 'nothing'}, this release has {found.head}")
    for revision in found.pending:
        click.echo(f"pending: {revision}")
    for revision in found.ahead:
        click.echo(f"ahead, of a newer release: {revision}")
    if found.trouble:
        click.echo(found.trouble)
        sys.exit(1)


@migrate.command("plan")
@click.argument("revision", default="head")
@click.option("--sql", is_flag=True, help="Show each revision's statements, as PostgreSQL gets them.")
def migrate_plan(revision: str, sql: bool) -> None:
    """Say what would run to get to REVISION, up or down, and what that loses. Changes nothing."""
    runner = _migrations()
    try:
        plan = runner.plan(revision)
        lost = runner.losses(plan)
    except MigrationFailed as error:
        raise click.ClickException(str(error)) from error
    if not plan.revisions:
        click.echo(f"nothing to run: the schema is at {plan.start}")
    for step in plan.revisions:
        before = runner.before(step.number)
        click.echo(f"{'up' if plan.is_up else 'down'} {step.number}  {step.phase:<8}  {step.summary}")
        if plan.is_up:
            click.echo(f"         can go down; {runner.way_back(step.number)}")
        if sql:
            click.echo(runner.sql(*((before, step.number) if plan.is_up else (step.number, before))))
    for loss in lost:
        click.echo(f"lost: {loss}")
