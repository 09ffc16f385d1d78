"""Hashing of PINs, passwords and tokens.

A PIN has only ten thousand values, so its hash alone would protect nothing: it is bcrypt over an HMAC keyed with a
pepper that lives outside the database. Hashing is slow on purpose and would starve everything else if it took all
cores, hence a pool of its own with one or two threads. Methods block the calling worker thread until done.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Final, TypeVar
from uuid import UUID

import bcrypt
from argon2 import PasswordHasher, Type
from argon2.exceptions import VerificationError

PIN_HASH_LENGTH: Final = 60
PIN_HASH_PREFIX: Final = "$2b$"
_LEGACY_PREFIXES: Final = ("$2a$", "$2b$", "$2y$")
_BCRYPT_READS: Final = 72
_WAITING: Final = 512

Result = TypeVar("Result")


class HashingBusy(Exception):
    """So many sign-ins are waiting to be hashed that another would only wait in vain; answer 503."""


class PepperMissing(Exception):
    """A PIN was hashed with a pepper version that this process was not given. An operator must restore it."""


def hash_token(token: str) -> bytes:
    """The 32 bytes of SHA-256 over a session, device, display or API token: enough for 256 random bits, and cheap."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def is_pin_hash(text: str) -> bool:
    """Whether a stored value is one of our PIN hashes, as opposed to a plain PIN that slipped in."""
    return len(text) == PIN_HASH_LENGTH and text.startswith(PIN_HASH_PREFIX)


def looks_like_bcrypt(text: str) -> bool:
    """Whether the text is a bcrypt hash of anybody's make."""
    return len(text) == PIN_HASH_LENGTH and text.startswith(_LEGACY_PREFIXES)


class Hasher:
    """Hashes and verifies PINs and passwords in a bounded pool.

    `pepper_versions` maps a version number, stored beside each PIN hash, to its secret of at least 32 bytes;
    `current_version` is used for new hashes. Old versions stay until no hash carries them. `bcrypt_cost` is the
    cost of a PIN hash, at least 10 outside of tests. Call `close` at shutdown.
    """

    def __init__(
        self, pepper_versions: Mapping[int, bytes], current_version: int, bcrypt_cost: int, threads: int
    ) -> None:
        if threads not in (1, 2):
            raise ValueError("hashing takes one thread or two; more starve requests")
        self.use(pepper_versions, current_version)
        #: Called when a hash needs a version that is not known here; another process may have heard of it already.
        self.look_again: Callable[[], object] = lambda: None
        self._cost = bcrypt_cost
        # OWASP's minimum for argon2id (19 MiB, two passes): 23 ms, where the library's default takes 121 ms.
        self._argon2 = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="hashing")
        self._places = BoundedSemaphore(_WAITING)

    def use(self, pepper_versions: Mapping[int, bytes], current_version: int) -> None:
        """Go on with these peppers."""
        if current_version not in pepper_versions:
            raise PepperMissing(f"no pepper of version {current_version}")
        if any(len(pepper) < 32 for pepper in pepper_versions.values()):
            raise ValueError("a pepper has at least 32 bytes")
        self._known = (dict(pepper_versions), current_version)

    def close(self) -> None:
        """Finish what is being hashed and end the threads."""
        self._pool.shutdown(wait=True)

    def hash_pin(self, person_id: UUID, pin: str) -> tuple[str, int]:
        """The hash of a person's PIN and the pepper version it was made with. Does not judge the PIN."""
        _, version = self._known
        material = self._material(person_id, pin, version)
        return self._run(lambda: bcrypt.hashpw(material, bcrypt.gensalt(self._cost)).decode("ascii")), version

    def verify_pin(self, person_id: UUID, pin: str, stored: str, version: int) -> bool:
        """Whether the PIN is the person's. Takes as long for a wrong one as for the right one.

        Raises PepperMissing when the hash needs a pepper that was not configured: that is the operator's mistake, not
        a wrong PIN, and must not count as one.
        """
        material = self._material(person_id, pin, version)
        return self._run(lambda: _bcrypt_matches(material, stored))

    def pin_needs_rehash(self, stored: str, version: int) -> bool:
        """Whether a PIN that just proved right should be hashed again: older pepper, or another cost."""
        return version != self._known[1] or not stored.startswith(f"{PIN_HASH_PREFIX}{self._cost:02d}$")

    def verify_nobody(self) -> None:
        """Spend the time of one PIN check, so that an unknown person cannot be told from a wrong PIN by the clock."""
        self._run(lambda: bcrypt.hashpw(secrets.token_bytes(32).hex().encode(), bcrypt.gensalt(self._cost)))

    def hash_password(self, password: str) -> str:
        """The argon2id hash of a password. Does not judge the password."""
        return self._run(lambda: self._argon2.hash(_normal(password)))

    def verify_password(self, password: str, stored: str) -> tuple[bool, bool]:
        """Whether the password is right, and whether it should be hashed again (only ever true when it is right).

        Also takes bcrypt hashes of the earlier prototype; those always ask to be hashed again.
        """
        if stored.startswith(_LEGACY_PREFIXES):
            # The earlier library cut at 72 bytes without a word; the present one refuses longer input.
            legacy = password.encode("utf-8", "surrogatepass")[:_BCRYPT_READS]
            right = self._run(lambda: _bcrypt_matches(legacy, stored))
            return right, right
        return self._run(lambda: self._argon2_matches(password, stored))

    def verify_no_password(self) -> None:
        """Spend the time of one password check, for an e-mail address nobody has."""
        self._run(lambda: self._argon2.hash(secrets.token_hex(16)))

    def _argon2_matches(self, password: str, stored: str) -> tuple[bool, bool]:
        try:
            self._argon2.verify(stored, _normal(password))
        except (VerificationError, ValueError):
            # A ValueError is a stored value that is no hash: nothing matches it.
            return False, False
        return True, self._argon2.check_needs_rehash(stored)

    def _material(self, person_id: UUID, pin: str, version: int) -> bytes:
        """What bcrypt gets: 44 bytes, free of NUL and within its 72. The person's id makes equal PINs differ."""
        if version not in self._known[0]:
            self.look_again()
        pepper = self._known[0].get(version)
        if pepper is None:
            raise PepperMissing(f"no pepper of version {version}")
        message = f"{person_id}:{pin}".encode("utf-8", "surrogatepass")
        return base64.b64encode(hmac.new(pepper, message, hashlib.sha256).digest())

    def _run(self, work: Callable[[], Result]) -> Result:
        if not self._places.acquire(blocking=False):
            raise HashingBusy
        try:
            future: Future[Result] = self._pool.submit(work)
            return future.result()
        finally:
            self._places.release()


def _normal(password: str) -> bytes:
    """One spelling for a password that different keyboards compose differently (é as one character or as two)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _bcrypt_matches(material: bytes, stored: str) -> bool:
    try:
        return bcrypt.checkpw(material, stored.encode("utf-8", "surrogatepass"))
    except ValueError:
        # Not a hash at all (a damaged or plain value): nothing matches it.
        return False
