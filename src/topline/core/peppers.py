"""The pepper and its versions, as they stand in one setting.

One secret by itself is version 1. Several are a list, `2:NEW,1:OLD`: each PIN hash says which version it was made
with, and the first of the list makes the new ones. `1:OLD,2:NEW` makes a version known before it is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SHORTEST: Final = 32
_LISTED: Final = re.compile(r"\d+:")
_ENTRY: Final = re.compile(r"(\d{1,6}):(\S+)")
_BETWEEN: Final = re.compile(r"[,\s]+")


@dataclass(frozen=True, slots=True)
class Peppers:
    """Every version that is known; `current` makes new hashes."""

    versions: Mapping[int, bytes] = field(repr=False)
    current: int

    @property
    def oldest(self) -> bytes:
        """The one that stays the same while newer ones come."""
        return self.versions[min(self.versions)]


def parse_peppers(text: str) -> Peppers:
    """Read the setting. Raises ValueError with a sentence that does not repeat any of it."""
    entries = _entries(text)
    for version, secret in entries:
        if len(secret) < SHORTEST:
            raise ValueError(f"version {version} must be at least {SHORTEST} characters")
    versions = dict(entries)
    if len(versions) < len(entries):
        raise ValueError("a version stands in it twice")
    return Peppers({version: secret.encode() for version, secret in entries}, entries[0][0])


def with_new(text: str, secret: str) -> str:
    """The setting with one more version, in front: the next number, and from now on the current one."""
    entries = _entries(text)
    newest = max(version for version, _ in entries) + 1
    return ",".join(f"{version}:{value}" for version, value in [(newest, secret), *entries])


def without(text: str, version: int) -> str:
    """The setting without a version. Raises ValueError when it is the current one."""
    entries = _entries(text)
    if entries[0][0] == version:
        raise ValueError(f"version {version} is the one in use")
    return ",".join(f"{known}:{value}" for known, value in entries if known != version)


def _entries(text: str) -> list[tuple[int, str]]:
    if not _LISTED.match(text):
        return [(1, text)]
    found = [_ENTRY.fullmatch(part) for part in _BETWEEN.split(text.strip().strip(","))]
    if not all(found):
        raise ValueError("must be one secret, or a list such as 2:NEW,1:OLD")
    return [(int(match[1]), match[2]) for match in found if match]
