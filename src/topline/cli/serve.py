"""`topline serve`."""

import os
import signal
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

import click
from granian import Granian
from granian.constants import Interfaces, SSLProtocols
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import LogLevels

from topline.access.actions import authenticators_by_pepper, pins_by_pepper
from topline.core import schema
from topline.core.clock import SystemClock
from topline.core.secrets.check import must_be_ready
from topline.core.settings import PREFIX, Settings, SettingsError, hand_to_workers, load_settings
from topline.core.transaction import Database
from topline.infra import redirect
from topline.infra.logs import configure_logs
from topline.infra.tls import CertificateError, CertificateFiles, Kept, watch

#: What one request's head may take, in milliseconds and bytes: above the proxies' own bounds, for who has no proxy.
HEAD_MILLISECONDS: Final = 10_000
HEAD_BYTES: Final = 64 * 1024
#: How long the old worker goes on beside the new one that took up a renewed certificate.
OVERLAP_SECONDS: Final = 15.0


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
    # The key in use lies in a folder nobody else may enter, and goes with us.
    with TemporaryDirectory(prefix="topline-") if settings.tls_key else nullcontext("") as private:
        _serve(settings, Path(private))


def _serve(settings: Settings, private: Path) -> None:
    if settings.workers > 1 and not settings.redis_url:
        raise SettingsError(f"{PREFIX}WORKERS: more than one process needs {PREFIX}REDIS_URL")
    kept = _certificate(settings, private)
    hand_to_workers(settings)
    server = Granian(
        "topline.main:app_from_environment",
        factory=True,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        log_access=False,
        # Errors only: a start that fails must say why, the rest is ours to log.
        log_level=LogLevels.error,
        websockets=False,
        # A worker that does not end by itself must not hold up a deployment for ever.
        workers_kill_timeout=30,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MILLISECONDS, max_buffer_size=HEAD_BYTES),
        http2_settings=HTTP2Settings(max_headers_size=HEAD_BYTES, max_concurrent_streams=100),
        respawn_interval=OVERLAP_SECONDS,
        **_place(settings),
        **_tls(kept),
    )
    if kept is not None:
        configure_logs(settings.log_level, settings.log_format)
        # The main process answers this signal by taking over the pair that is there if it can be used, starting
        # workers with the one it then has, and ending the old ones after.
        server.on_reload(kept.take_or_tell)
        # Not when somebody sent it before the files were looked at.
        watch(kept.source, lambda: os.kill(os.getpid(), signal.SIGHUP) if kept.is_behind() else None)
        if settings.tls_redirect_port:
            public = urlsplit(settings.public_url)
            onward = redirect.Redirect(
                public.port or (443 if public.hostname else settings.port), public.hostname or ""
            )
            redirect.start(onward, settings.host, settings.tls_redirect_port)
    server.serve()


def _place(settings: Settings) -> dict[str, Any]:
    """Where to listen. The socket is for the account and the group of the service: the proxy belongs to that group."""
    if settings.socket is not None:
        return {"uds": settings.socket, "uds_permissions": 0o660}
    return {"address": settings.host, "port": settings.port}


def _tls(kept: Kept | None) -> dict[str, Any]:
    if kept is None:
        return {}
    files = kept.files
    return {"ssl_cert": files.certificate, "ssl_key": files.key, "ssl_protocol_min": SSLProtocols.tls12}


def _certificate(settings: Settings, private: Path) -> Kept | None:
    """What to do TLS with. Raises SettingsError for half of them, or a pair that cannot be used."""
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None or key is None:
        for name, value in (("TLS_CERTIFICATE", certificate), ("TLS_KEY", key)):
            if value is None and (certificate or key or settings.tls_redirect_port):
                raise SettingsError(f"{PREFIX}{name}: is missing; TLS needs a certificate and its key")
        return None
    kept = Kept(CertificateFiles(certificate, key), private)
    try:
        kept.take()
    except CertificateError as error:
        raise SettingsError(f"{PREFIX}TLS_CERTIFICATE, {PREFIX}TLS_KEY: {error}") from error
    return kept


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
