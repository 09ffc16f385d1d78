"""The certificate `topline serve` shows when it does TLS itself: checked at the start, taken up again when renewed."""

import hashlib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger("tls")

LOOK_SECONDS: Final = 30.0


class CertificateError(Exception):
    """Certificate and key cannot be used together; the message says why."""


@dataclass(frozen=True)
class CertificateFiles:
    """A certificate with its chain and its key, as PEM files that something renews from time to time."""

    certificate: Path
    key: Path

    def check(self) -> None:
        """Raise CertificateError when the two cannot be read or do not belong together."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.certificate, self.key)
        except (OSError, ValueError) as error:  # an SSLError is an OSError
            raise CertificateError(str(error)) from error

    def fingerprint(self) -> str:
        """Changes with what is in the files. Empty while one of them is away, as in the middle of a renewal."""
        try:
            return hashlib.sha256(self.certificate.read_bytes() + self.key.read_bytes()).hexdigest()
        except OSError:
            return ""


def watch(files: CertificateFiles, renewed: Callable[[], None], seconds: float = LOOK_SECONDS) -> None:
    """Call `renewed` from a thread each time the files hold another pair that can be used. Never ends."""

    def look() -> None:
        known = files.fingerprint()
        while True:
            pause.wait(seconds)
            found = files.fingerprint()
            if found in ("", known):
                continue
            try:
                files.check()
            except CertificateError as error:  # half of a renewal, or a mistake: what is served goes on
                log.warning("certificate_not_taken", reason=str(error))
                continue
            known = found
            log.info("certificate_renewed", path=str(files.certificate))
            renewed()

    pause = threading.Event()
    threading.Thread(target=look, name="certificate", daemon=True).start()
