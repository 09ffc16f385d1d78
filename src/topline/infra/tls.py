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

#: Two files are read each time.
LOOK_SECONDS: Final = 5.0


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


class Kept:
    """The last pair that could be used, in files of our own, for whoever starts to serve with it.

    A worker that is started reads files; were they the ones that something else renews, a mistake there would end it.
    """

    def __init__(self, source: CertificateFiles, folder: Path) -> None:
        self.source = source
        self.files = CertificateFiles(folder / "certificate.pem", folder / "key.pem")

    def is_behind(self) -> bool:
        """Whether the source holds something else by now."""
        return self.files.fingerprint() != self.source.fingerprint()

    def take(self) -> None:
        """Take over what the source holds now. Raises CertificateError when that cannot be used."""
        drafts = CertificateFiles(
            self.files.certificate.with_suffix(".draft"), self.files.key.with_suffix(".draft")
        )
        try:
            _copy(self.source.certificate, drafts.certificate)
            _copy(self.source.key, drafts.key)
        except OSError as error:
            raise CertificateError(str(error)) from error
        drafts.check()
        drafts.key.replace(self.files.key)
        drafts.certificate.replace(self.files.certificate)

    def take_or_tell(self) -> None:
        """Take over what the source holds now, or keep what there is and raise the alarm."""
        try:
            self.take()
        except CertificateError as error:
            log.error("certificate_refused", path=str(self.source.certificate), reason=str(error))


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(0o600)
    target.write_bytes(source.read_bytes())


def watch(
    files: CertificateFiles, renewed: Callable[[], None], seconds: float = LOOK_SECONDS
) -> Callable[[], None]:
    """Call `renewed` from a thread each time the files hold another pair that can be used. Returns what ends it.

    A pair that cannot be used may be half of a renewal: only when it is still there at the next look it is a mistake,
    and told as one, once. What is served goes on.
    """

    def look() -> None:
        known, doubtful, refused = files.fingerprint(), "", ""
        while not ended.wait(seconds):
            found = files.fingerprint()
            if found in ("", known):
                doubtful = refused = ""
            if found in ("", known, refused):
                continue
            try:
                files.check()
            except CertificateError as error:
                if found == doubtful:
                    refused = found
                    log.error("certificate_refused", path=str(files.certificate), reason=str(error))
                doubtful = found
                continue
            known, doubtful, refused = found, "", ""
            log.info("certificate_renewed", path=str(files.certificate))
            renewed()

    ended = threading.Event()
    threading.Thread(target=look, name="certificate", daemon=True).start()
    return ended.set
