"""Whether a secret is good enough to go to work with. Judges and never repeats it."""

import re
from typing import Final

SHORTEST: Final = 32
SHORTEST_PASSWORD: Final = 12
#: A random text of 32 characters practically always has more different ones.
_FEWEST: Final = 12
_EXAMPLE: Final = re.compile(
    r"change.?me|replace.?me|example|password|secret|default|insecure|topline|test", re.IGNORECASE
)


def weakness_of_key(text: str) -> str:
    """What is wrong with a random key, "" when nothing is."""
    if len(text) < SHORTEST:
        return f"must be at least {SHORTEST} characters"
    if len(set(text)) < _FEWEST or _EXAMPLE.search(text):
        return "looks like an example or a pattern, not like a random secret"
    return ""


def weakness_of_password(text: str) -> str:
    """What is wrong with the password of a database or Redis, "" when nothing is."""
    if len(text) < SHORTEST_PASSWORD:
        return f"must be at least {SHORTEST_PASSWORD} characters"
    if len(set(text)) < _FEWEST // 2 or _EXAMPLE.search(text):
        return "looks like an example or a pattern, not like a random secret"
    return ""
