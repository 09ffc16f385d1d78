"""The lists of common choices shipped with Topline, read once when the module is loaded."""

from importlib.resources import files
from typing import Final


def _lines(name: str) -> frozenset[str]:
    text = files("topline.access").joinpath("data", name).read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip())


COMMON_PINS: Final = _lines("common_pins.txt")
COMMON_PASSWORDS: Final = _lines("common_passwords.txt")
