"""The secret behind the manager's sample: nobody who logs can tell which logs are looked at."""

import hashlib
from typing import Final

from topline.core.settings import Settings
from topline.core.transaction import Read
from topline.organizations import queries as organizations
from topline.verification.queries import Sample
from topline.web.services import Services

_EXTRA: Final = "sample_secret"


def secret_from(settings: Settings) -> bytes:
    """A key of its own, made from the pepper, so that the pepper itself is used for nothing else."""
    return hashlib.blake2b(settings.pepper_bytes(), digest_size=32, person=b"topline-sample").digest()


def secret_of(parts: Services) -> bytes:
    """The running program's key, worked out once."""
    found: bytes | None = parts.extras.get(_EXTRA)
    if found is None:
        found = parts.extras[_EXTRA] = secret_from(parts.settings)
    return found


def sample_of(tx: Read, parts: Services) -> Sample:
    """What the caller's house has its managers look at."""
    share = organizations.organization(tx).settings.verification.sample_bp
    return Sample(share, secret_of(parts))
