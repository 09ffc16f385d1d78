"""Security headers, the same on every answer in every environment."""

import secrets
from typing import Final

#: What a page may load. Only scripts that carry the nonce of their own answer run, and what those import: no address
#: of ours is a script by itself, so markup that slipped in cannot name one. There is no 'strict-dynamic', because with
#: it a script that htmx finds in a fragment would be trusted, whoever wrote it.
_POLICY: Final = (
    "default-src 'none'; "
    "script-src {scripts}; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "worker-src 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'"
)
_OFF: Final = (
    "accelerometer", "autoplay", "browsing-topics", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_PERMISSIONS: Final = ", ".join(["camera=(self)", *(f"{name}=()" for name in _OFF)])

Headers = list[tuple[bytes, bytes]]

_ALWAYS: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", _PERMISSIONS.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]

#: Where a route does not say how long its answer may be kept.
NO_STORE: Final = (b"cache-control", b"no-store")


def new_nonce() -> str:
    """What the scripts of one answer, and of no other, carry."""
    return secrets.token_urlsafe(16)


class SecurityHeaders:
    """Makes the headers of an answer. `hsts_seconds`: how long a browser shall insist on TLS; 0 says nothing of it."""

    def __init__(self, hsts_seconds: int) -> None:
        # Neither the hotel's other hosts (includeSubDomains) nor a list shipped with browsers (preload): that is not
        # ours to promise.
        self._hsts = (
            (b"strict-transport-security", f"max-age={hsts_seconds}".encode()) if hsts_seconds else None
        )

    def of(self, *, secure: bool, nonce: str | None = None) -> Headers:
        """The headers for an answer, over TLS or not. Without a nonce it runs no script at all."""
        policy = _POLICY.format(scripts=f"'nonce-{nonce}'" if nonce else "'none'")
        found = [(b"content-security-policy", policy.encode()), *_ALWAYS]
        if secure and self._hsts is not None:
            found.append(self._hsts)
        return found
