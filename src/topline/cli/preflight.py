"""`topline preflight URL`."""

import sys
from pathlib import Path

import click

from topline.core.clock import SystemClock
from topline.core.settings import load_settings
from topline.core.transaction import Database
from topline.upkeep.preflight import report
from topline.upkeep.preflight.checklist import Verdict
from topline.upkeep.preflight.inside import Inside
from topline.upkeep.preflight.run import preflight as look
from topline.upkeep.preflight.site import Site

FAILED, UNPROVED = 1, 3


@click.command()
@click.argument("url")
@click.option(
    "--inside", is_flag=True, help="Also look into the database and the settings: on the box itself."
)
@click.option(
    "--try-sign-in", is_flag=True, help="Type six wrong passwords; this address then waits for 15 minutes."
)
@click.option(
    "--operator-token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the operator's token; with --inside it is taken from the settings.",
)
@click.option(
    "--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Believe this authority, too."
)
@click.option("--http-port", default=80, show_default=True, help="Where plain http must lead to https.")
@click.option("--json", "wants_json", is_flag=True, help="JSON instead of text.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page to this file, too."
)
def preflight(
    url: str,
    inside: bool,
    try_sign_in: bool,
    operator_token_file: Path | None,
    ca: Path | None,
    http_port: int,
    wants_json: bool,
    html: Path | None,
) -> None:
    """Check a live deployment at URL against the hotel's two lists: before it goes live, before the launch.

    Exit code 0: every line passed. 1: a line failed. 3: none failed, but some could not be checked. Uses up what an
    unknown address may ask for a minute.
    """
    clock = SystemClock()
    settings = load_settings() if inside else None
    token = operator_token_file.read_text(encoding="utf-8").strip() if operator_token_file else ""
    if settings is not None and not token:
        token = settings.operator_token.get_secret_value()
    within = Inside(settings, Database(settings.url(), clock, pool_size=1)) if settings else None
    site = Site(url.rstrip("/"), token, ca, http_port, try_sign_in)
    try:
        outcomes = look(site, within, clock.now(), lambda name: click.echo(f"looking at {name}", err=True))
    finally:
        site.client.close()
        if within is not None:
            within.db.close()
    now = clock.now()
    click.echo(report.as_json(outcomes, url, now) if wants_json else report.as_text(outcomes))
    if html is not None:
        html.write_text(report.as_html(outcomes, url, now), encoding="utf-8")
    verdicts = {outcome.finding.verdict for outcome in outcomes}
    sys.exit(FAILED if Verdict.FAIL in verdicts else UNPROVED if Verdict.NOT_CHECKABLE in verdicts else 0)
