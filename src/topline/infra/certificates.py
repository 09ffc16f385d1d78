"""What a certificate says about itself, whether clients believe it, and whether it is time somebody looked."""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

TIMEOUT_SECONDS: Final = 10.0


class NoCertificateError(Exception):
    """Nobody there shows a certificate; the message says why."""


@dataclass(frozen=True)
class Certificate:
    """What is written in one."""

    subject: str
    issuer: str
    valid_from: datetime
    valid_until: datetime

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends; less than none after that."""
        return (self.valid_until - now) // timedelta(days=1)

    def trouble(self, now: datetime, least_days: int) -> str:
        """Why somebody should look at it, in words; empty when nobody needs to.

        One that is renewed in time has a third of its life left. Those that live for 45 days, or for six, must not
        count as late from their first day on: for them a quarter is what must be left.
        """
        if now < self.valid_from:
            return f"is not valid before {stamp(self.valid_from)}"
        left = self.valid_until - now
        if left <= timedelta(0):
            return f"ended at {stamp(self.valid_until)}"
        if left < min(timedelta(days=least_days), (self.valid_until - self.valid_from) / 4):
            return f"ends in {self.days_left(now)} days, at {stamp(self.valid_until)}, and was not renewed"
        return ""


@dataclass(frozen=True)
class Shown:
    """What a server showed, and why a client would not believe it: empty when it would."""

    certificate: Certificate
    distrust: str


def read_pem(content: bytes) -> Certificate:
    """The first certificate of a PEM file: the server's own. Raises ValueError when there is none."""
    return _told(x509.load_pem_x509_certificate(content))


def shown_by(host: str, port: int, trust: ssl.SSLContext) -> Shown:
    """Ask a server for its certificate, and `trust` what it thinks of it. Raises NoCertificateError."""
    # The first look believes everybody: what is wrong with a certificate can be told only by who has read it.
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), TIMEOUT_SECONDS) as plain,
            anybody.wrap_socket(plain, server_hostname=host) as tls,
        ):
            shown = tls.getpeercert(binary_form=True)
        if shown is None:
            raise NoCertificateError("no certificate was shown")
        return Shown(_told(x509.load_der_x509_certificate(shown)), _distrust(host, port, trust))
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        raise NoCertificateError(str(error)) from error


def stamp(at: datetime) -> str:
    """A moment as an operator reads it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _distrust(host: str, port: int, trust: ssl.SSLContext) -> str:
    try:
        with (
            socket.create_connection((host, port), TIMEOUT_SECONDS) as plain,
            trust.wrap_socket(plain, server_hostname=host),
        ):
            return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message


def _told(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        # Some authorities leave the subject empty: what counts are the names.
        ", ".join(_names(certificate)) or certificate.subject.rfc4514_string(),
        certificate.issuer.rfc4514_string(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return [*names.get_values_for_type(x509.DNSName), *addresses]
