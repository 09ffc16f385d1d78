"""Codes and tokens: how they are made, written and read back. They are stored hashed only (`access/hashing.py`)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from topline.access.rules.pins import RandomSource

# Without I, L, O, U, 0 and 1: nobody has to ask which one it is, and no words appear.
ENROLLMENT_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ENROLLMENT_CODE_LENGTH: Final = 8
ENROLLMENT_CODE_LIFE: Final = timedelta(minutes=10)
PASSWORD_LINK_LIFE: Final = timedelta(hours=24)
API_KEY_LIMIT: Final = 20
_TOKEN_BYTES: Final = 32
_HINT: Final = 6
_TOKEN: Final = re.compile(r"tl_([a-z]+)_[A-Za-z0-9_-]{43}", re.ASCII)


class CredentialKind(StrEnum):
    """What a token opens. It stands in the token, so that one found in a wrong place tells what it is."""

    API_KEY = "key"
    DEVICE = "device"
    DISPLAY = "display"
    PASSWORD_LINK = "link"  # noqa: S105 - a kind of token, not one
    SESSION = "session"


def generate_enrollment_code(source: RandomSource) -> str:
    """Eight random characters for a tablet's enrolment: 30⁸ ≈ 6.6 · 10¹¹ possibilities, alive for ten minutes."""
    return "".join(
        ENROLLMENT_ALPHABET[source.randbelow(len(ENROLLMENT_ALPHABET))] for _ in range(ENROLLMENT_CODE_LENGTH)
    )


def format_enrollment_code(code: str) -> str:
    """The code as it is shown, in two halves: `ABCD-2345`."""
    half = ENROLLMENT_CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def normalise_enrollment_code(typed: str) -> str | None:
    """The code somebody typed, in capitals and without blanks and dashes; None when it cannot be one."""
    code = re.sub(r"[\s\-–—_.]", "", typed[:64]).upper()
    if len(code) != ENROLLMENT_CODE_LENGTH or any(character not in ENROLLMENT_ALPHABET for character in code):
        return None
    return code


def is_enrollment_code_alive(created_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether the code still works: never used and younger than ten minutes."""
    return used_at is None and created_at <= now < created_at + ENROLLMENT_CODE_LIFE


def generate_token(kind: CredentialKind, urlsafe: Callable[[int], str]) -> str:
    """A new token `tl_<kind>_<random>` of 256 random bits. `urlsafe` is `secrets.token_urlsafe` outside of tests."""
    return f"tl_{kind.value}_{urlsafe(_TOKEN_BYTES)}"


def token_kind(text: str) -> CredentialKind | None:
    """What a presented token claims to be; None when it does not have the form of a Topline token."""
    match = _TOKEN.fullmatch(text)
    if match is None:
        return None
    try:
        return CredentialKind(match.group(1))
    except ValueError:
        return None


def token_hint(token: str) -> str:
    """The beginning of a token, to tell keys apart in a list: kind and six of its 43 random characters."""
    prefix, kind, random = token.split("_", 2)
    return f"{prefix}_{kind}_{random[:_HINT]}…"
