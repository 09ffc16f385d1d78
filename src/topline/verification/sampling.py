"""The secret behind the manager's sample: nobody who logs can tell which logs are looked at."""

import hashlib
from dataclasses import dataclass

from topline.core.transaction import Read
from topline.organizations import queries as organizations
from topline.verification.queries import Sample
from topline.web.services import Services


@dataclass(frozen=True, slots=True)
class SampleKey:
    """A key of its own, made from the pepper, so that the pepper itself is used for nothing else."""

    secret: bytes

    @classmethod
    def made_from(cls, pepper: bytes) -> "SampleKey":
        """The same key for the same pepper: each process draws the same sample."""
        return cls(hashlib.blake2b(pepper, digest_size=32, person=b"topline-sample").digest())


def sample_of(tx: Read, parts: Services) -> Sample:
    """What the caller's house has its managers look at."""
    share = organizations.organization(tx).settings.verification.sample_bp
    return Sample(share, parts.get(SampleKey).secret)
