"""Looks for PINs in whole folders, in every spelling in which one could have got there.

PINs of eight digits drawn by chance are found as they are, in hexadecimal, percent-encoded, inside of base64 whatever
stands before them, and as a bare hash, which is as good as the PIN. Not found: compressed, or as a binary number.
"""

import base64
import hashlib
import os
import re
import secrets
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from topline.access.rules import generate_pin

#: Our ids, and digests, are long enough to hold eight digits in a row by chance. SQLite writes a row's ids one after
#: the other and its PIN right behind them, so an id is told by its form and not by where it ends.
_BY_CHANCE: Final = re.compile(
    rb"01[0-9a-f]{6}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}"
    rb"|(?<![0-9a-f])(?:[0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-f])"
)
_LONGEST: Final = 160
#: A hash is often cut; so many hexadecimal digits of it tell the rest.
_BEGINNING: Final = 32
_GREP: Final = ("grep", "-raFobHsZ", "--file=-", "--")
_FOUND: Final = re.compile(rb"([^\0]*)\0(\d+):([^\n]*)\n")


def canaries(count: int) -> list[str]:
    """Different PINs of eight digits. None begins with 0 or 2, as ids and dates do."""
    found: set[str] = set()
    while len(found) < count:
        pin = generate_pin(secrets, 8)
        if pin[0] not in "02":
            found.add(pin)
    return sorted(found, key=lambda _: secrets.randbelow(2**32))


def spellings(pin: str) -> set[bytes]:
    """The PIN as it may stand somewhere."""
    raw = pin.encode()
    percent = "".join(f"%{sign:02x}" for sign in raw)
    digests = [hashlib.new(name, raw) for name in ("md5", "sha1", "sha256", "sha512")]
    return {
        raw,
        raw.hex().encode(),
        percent.encode(),
        *(_inside_base64(raw, before) for before in range(3)),
        *(digest.hexdigest()[:_BEGINNING].encode() for digest in digests),
        *(base64.b64encode(digest.digest())[: _BEGINNING // 2] for digest in digests),
    }


def _inside_base64(raw: bytes, before: int) -> bytes:
    """The signs that are the same whatever follows, with so many bytes before it in its group of three."""
    whole = base64.b64encode(bytes(before) + raw)
    return whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]


def found_in(places: Iterable[Path], pins: Iterable[str]) -> dict[str, set[str]]:
    """In which files which of the PINs stand. Files that come and go meanwhile are not missed."""
    needles = {needle: pin for pin in pins for needle in spellings(pin)}
    seen = subprocess.run(
        [*_GREP, *map(str, places)],
        input=b"\n".join(needles),
        stdout=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C"},
    )
    found: dict[str, set[str]] = {}
    for path, at, needle in _FOUND.findall(seen.stdout):
        if not (needle.isdigit() and _is_chance(Path(os.fsdecode(path)), int(at), len(needle))):
            found.setdefault(os.fsdecode(path), set()).add(needles[needle])
    return found


def _is_chance(path: Path, at: int, length: int) -> bool:
    """Whether the digits stand within an id or a digest."""
    before = min(at, _LONGEST)
    with path.open("rb") as file:
        file.seek(at - before)
        around = file.read(before + length + _LONGEST)
    return any(m.start() <= before and before + length <= m.end() for m in _BY_CHANCE.finditer(around))
