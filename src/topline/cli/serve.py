"""`topline serve`."""

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from topline.core import schema
from topline.core.settings import PREFIX, Settings, SettingsError, hand_to_workers, load_settings


@click.command()
@click.option("--host", help="Address to listen on; default TOPLINE_HOST.")
@click.option("--port", type=int, help="Port to listen on; default TOPLINE_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the application. The schema must be current, or ahead by what does no harm: `topline migrate up` first."""
    given = {"host": host, "port": port}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    _check_schema(settings)
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
