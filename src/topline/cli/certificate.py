"""`topline certificate URL`."""

import json
import ssl
import sys
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from topline.core.clock import SystemClock
from topline.core.settings import load_settings
from topline.infra.certificates import NoCertificateError, Shown, shown_by, stamp

LOOK_AT_IT, NONE_SHOWN = 1, 3


@click.command()
@click.argument("where", metavar="URL")
@click.option(
    "--days",
    type=click.IntRange(0),
    help="Days that must be left; default TOPLINE_CERTIFICATE_DAYS. Of one that lives for less than four times as"
    " long, a quarter of its life.",
)
@click.option(
    "--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Believe this authority, too."
)
@click.option(
    "--quiet", is_flag=True, help="Say nothing when all is well: for cron, which mails what is said."
)
@click.option("--json", "wants_json", is_flag=True, help="JSON instead of text.")
def certificate(where: str, days: int | None, ca: Path | None, quiet: bool, wants_json: bool) -> None:
    """Tell whose certificate is shown at URL (or HOST, or HOST:PORT), until when, and whether clients believe it.

    Exit code 0: all is well. 1: it ends too soon, or is not believed. 3: nobody there shows one.
    """
    host, port = _place(where)
    trust = ssl.create_default_context()
    if ca is not None:
        trust.load_verify_locations(ca)
    least = load_settings().certificate_days if days is None else days
    try:
        shown = shown_by(host, port, trust)
    except NoCertificateError as error:
        click.echo(f"{host}:{port} shows no certificate: {error}", err=True)
        sys.exit(NONE_SHOWN)
    now = SystemClock().now()
    trouble = shown.certificate.trouble(now, least)
    is_well = not trouble and not shown.distrust
    if not (quiet and is_well):
        click.echo(_as_json(shown, trouble, now) if wants_json else _as_text(shown, trouble, now))
    sys.exit(0 if is_well else LOOK_AT_IT)


def _as_text(shown: Shown, trouble: str, now: datetime) -> str:
    found = shown.certificate
    lines = {
        "subject": found.subject,
        "issuer": found.issuer,
        "valid from": stamp(found.valid_from),
        "valid until": stamp(found.valid_until),
        "days left": found.days_left(now),
        "trusted": f"no: {shown.distrust}" if shown.distrust else "yes",
    }
    told = [f"{name:<12} {value}" for name, value in lines.items()]
    return "\n".join([*told, *([f"the certificate {trouble}"] if trouble else [])])


def _as_json(shown: Shown, trouble: str, now: datetime) -> str:
    found = shown.certificate
    facts = {
        "subject": found.subject,
        "issuer": found.issuer,
        "valid_from": found.valid_from.isoformat(),
        "valid_until": found.valid_until.isoformat(),
        "days_left": found.days_left(now),
        "distrust": shown.distrust,
        "trouble": trouble,
    }
    return json.dumps(facts, indent=2, ensure_ascii=False)


def _place(where: str) -> tuple[str, int]:
    parts = urlsplit(where if "://" in where else f"https://{where}")
    try:
        port = parts.port or 443
    except ValueError as error:
        raise click.UsageError(f"{where}: {error}") from error
    if parts.scheme != "https" or not parts.hostname:
        raise click.UsageError(f"{where} is no https address")
    return parts.hostname, port
