"""`topline serve`."""

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from topline.access.actions import authenticators_by_pepper, pins_by_pepper
from topline.core import schema
from topline.core.clock import SystemClock
from topline.core.secrets.check import must_be_ready
from topline.core.settings import PREFIX, Settings, SettingsError, hand_to_workers, load_settings
from topline.core.transaction import Database


@click.command()
@click.option("--host", help="Address to listen on; default TOPLINE_HOST.")
@click.option("--port", type=int, help="Port to listen on; default TOPLINE_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the application. The schema must be current, or ahead by what does no harm: `topline migrate up` first."""
    given = {"host": host, "port": port}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    must_be_ready(settings)
    _check_schema(settings)
    _check_peppers(settings)
    run_server(settings)


def run_server(settings: Settings) -> None:
    """Serve until the process is told to end."""
    if settings.workers > 1 and not settings.redis_url:
        raise SettingsError(f"{PREFIX}WORKERS: more than one process needs {PREFIX}REDIS_URL")
    hand_to_workers(settings)
    Granian(
        "topline.main:app_from_environment",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_access=False,
        # Errors only: a start that fails must say why, the rest is ours to log.
        log_level=LogLevels.error,
        websockets=False,
        # A worker that does not end by itself must not hold up a deployment for ever.
        workers_kill_timeout=30,
    ).serve()


def _check_schema(settings: Settings) -> None:
    found = schema.position(settings.url())
    if found.trouble:
        raise SettingsError(found.trouble)
    if found.ahead:
        click.echo(
            f"the schema is ahead of this release, at {found.current}; this release works on it", err=True
        )


def _check_peppers(settings: Settings) -> None:
    """Without its pepper a PIN can only be wrong, and people would be locked out one by one."""
    db = Database(settings.url(), SystemClock(), pool_size=1)
    try:
        stored = pins_by_pepper(db) + authenticators_by_pepper(db)
    finally:
        db.close()
    missing = sorted(stored.keys() - settings.peppers().versions.keys())
    if missing:
        raise SettingsError(
            f"{PREFIX}PEPPER: version {missing[0]} is missing, and {stored[missing[0]]} PINs or "
            f"authenticator apps need it; put it back, or "
            f"give these people new PINs: `topline pins retire-pepper {missing[0]}`"
        )
