"""Text from people: cleaned when it comes in, made harmless when it goes out to a spreadsheet.

A line is one line (a name, a place); a note may have several. Neither ever carries control characters, nor
the signs that reorder what a reader sees (a name that shows as somebody else's).
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Final

# Embeddings, overrides and isolates: they turn the reading direction of everything that follows.
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# They take no room and carry no meaning, but make two equal names different. The joiners of emoji and
# Persian stay.
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_EDGES: Final = " \t\r\n"
_FORMULA_START: Final = frozenset("=+-@\t\r\n＝＋－＠")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?")
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_EMAIL_LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_EMAIL_DOMAIN: Final = re.compile(
    r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)


class TextError(ValueError):
    """A text that is refused. `code` is stable; the message is a sentence for a person.

    Codes: `text_empty`, `text_too_long`, `text_control_character`, `email_invalid`.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def clean_line(text: str, max_length: int, allow_empty: bool = False) -> str:
    """One line in NFC, without blanks at its ends, inner blanks collapsed to one space.

    Raises `text_control_character` (also for a line break or tab inside, and for signs that reverse the
    reading direction), `text_too_long` (code points, counted after cleaning) and, unless allowed,
    `text_empty`.
    """
    bare = _composed(text)
    _refuse_control(bare, allowed="")
    return _checked(" ".join(bare.split()), max_length, allow_empty)


def clean_note(text: str, max_length: int, allow_empty: bool = False) -> str:
    """Like `clean_line`, but line breaks stay (as `\\n`), a tab is a space, empty lines collapse to one."""
    bare = re.sub("\r\n?|\u2028|\u2029", "\n", _composed(text))
    _refuse_control(bare, allowed="\n\t")
    lines = "\n".join(" ".join(line.split()) for line in bare.split("\n"))
    return _checked(re.sub("\n{3,}", "\n\n", lines).strip("\n"), max_length, allow_empty)


def optional_line(text: str | None, max_length: int) -> str | None:
    """`clean_line` where nothing may be said: None for None and for blanks."""
    return clean_line(text or "", max_length, allow_empty=True) or None


def optional_note(text: str | None, max_length: int) -> str | None:
    """`clean_note` where nothing may be said: None for None and for blanks."""
    return clean_note(text or "", max_length, allow_empty=True) or None


def normalise_email(text: str) -> str:
    """The address in lower case, an international domain in its ASCII form. Raises `email_invalid`.

    Only the shape is checked. The part before the @ must be ASCII, so that no two addresses look the same.
    """
    local, at, domain = text.strip(_EDGES).lower().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    whole = local + at + domain
    if not (
        len(whole) <= 254
        and len(local) <= 64
        and _EMAIL_LOCAL.fullmatch(local)
        and _EMAIL_DOMAIN.fullmatch(domain)
    ):
        raise TextError("email_invalid", "This is not an e-mail address.")
    return whole


def initials(name: str) -> str:
    """One or two capital letters for a tile: of the first and the last word; `?` without a letter."""
    words = [word for part in name.split() if (word := re.sub(r"^[\W_]+", "", part))]
    if not words:
        return "?"
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(unicodedata.normalize("NFC", word)[0].upper()[0] for word in ends)


def fold_for_search(text: str) -> str:
    """A spelling without case, accents and double spaces: `Łukasz Müller` → `lukasz muller`."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(bare.split())


def csv_safe(value: str | int | float | Decimal | date | None) -> str | int | float | Decimal:
    """A cell that no spreadsheet takes for a formula.

    Numbers stay numbers, also those that come as text (`-12.50`); a date becomes ISO text, nothing an empty
    text. Text that starts (after blanks) with `=`, `+`, `-`, `@`, tab or line break, also in full width,
    gets a leading apostrophe.
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    first = value.lstrip(" \u00a0")[:1]
    return f"'{value}" if first in _FORMULA_START and first else value


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE).strip(_EDGES)


def _refuse_control(text: str, allowed: str) -> None:
    for sign in text:
        if sign in allowed:
            continue
        # Cc: control, Cs: half a surrogate pair, Zl and Zp: line and paragraph separators; xxFFFE and
        # xxFFFF are no characters at all and break spreadsheets.
        kind = unicodedata.category(sign)
        if kind in {"Cc", "Cs", "Zl", "Zp"} or sign in _BIDI or ord(sign) & 0xFFFE == 0xFFFE:
            raise TextError("text_control_character", "This text has characters that cannot be shown.")


def _checked(text: str, max_length: int, allow_empty: bool) -> str:
    if not any(_shows(sign) for sign in text):
        if allow_empty:
            return ""
        raise TextError("text_empty", "Please write something here.")
    if len(text) > max_length:
        raise TextError("text_too_long", f"At most {max_length} characters.")
    return text


def _shows(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "ZC" and sign not in _BLANK_LETTERS
