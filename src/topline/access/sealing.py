"""Seals what must be read back: the secret of an authenticator app.

A password can be stored as a hash, this secret cannot: the server works out the same codes as the phone. So it is
encrypted (AES-256-GCM) with a key made from the pepper, which lives outside the database. A stolen database or backup
yields no codes. The pepper and not the session key, because a session key may be thrown away at any time, while losing
the pepper already means new credentials for everybody. See `docs/decisions/0013`.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from topline.core.peppers import Peppers

_NONCE: Final = 12


class SealBroken(Exception):
    """What was sealed cannot be opened: its key is gone, or it was altered or moved to somebody else's row."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Encrypted text, and which version of the pepper it takes to open it."""

    text: str
    key_id: str


class Seal:
    """Seals and opens with keys made from the versions of the pepper; the current one seals."""

    def __init__(self, peppers: Callable[[], Peppers]) -> None:
        self._peppers = peppers

    def close(self, person_id: UUID, secret: bytes) -> Sealed:
        """Encrypt a person's secret. It opens for the same person only."""
        peppers = self._peppers()
        nonce = secrets.token_bytes(_NONCE)
        hidden = _cipher(peppers, peppers.current).encrypt(nonce, secret, person_id.bytes)
        return Sealed(base64.urlsafe_b64encode(nonce + hidden).decode("ascii"), str(peppers.current))

    def open(self, person_id: UUID, sealed: Sealed) -> bytes:
        """Decrypt a person's secret. Raises SealBroken."""
        peppers = self._peppers()
        version = int(sealed.key_id)
        if version not in peppers.versions:
            raise SealBroken(f"version {version} of the pepper is missing: an operator must put it back")
        try:
            raw = base64.urlsafe_b64decode(sealed.text)
            return _cipher(peppers, version).decrypt(raw[:_NONCE], raw[_NONCE:], person_id.bytes)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("it was altered, or belongs to somebody else") from error

    def is_stale(self, sealed: Sealed) -> bool:
        """Whether it was sealed with another version than the current one and should be sealed again."""
        return sealed.key_id != str(self._peppers().current)


def _cipher(peppers: Peppers, version: int) -> AESGCM:
    """With a key of its own, so that the pepper itself is used for nothing but PINs."""
    return AESGCM(
        hashlib.blake2b(peppers.versions[version], digest_size=32, person=b"topline-factor").digest()
    )
