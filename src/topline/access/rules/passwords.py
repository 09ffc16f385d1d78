"""Which passwords are allowed: long enough, not common, not made of one's own name.

No rule asks for capitals or signs: they make passwords harder to remember and no harder to guess.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from topline.access.rules.lists import COMMON_PASSWORDS

PASSWORD_MIN: Final = 8
PASSWORD_MAX: Final = 128
PERSONAL_PART_MIN: Final = 4
_MIN_DIFFERENT: Final = 4
_DECORATION: Final = 6
_LEET: Final = str.maketrans("0134578@$!|", "oleastbasii")
_LEET_ONE_AS_I: Final = str.maketrans("0134578@$!|", "oieastbasii")
_EDGES: Final = re.compile(r"^[^a-z]*|[^a-z]*$")

PASSWORD_MESSAGES: Final[dict[str, str]] = {
    "password_too_short": "A password has at least 8 characters.",
    "password_too_long": "A password has at most 128 characters.",
    "password_control_character": "A password cannot contain control characters.",
    "password_common": "This password is on every list of common ones. Choose something longer and your own.",
    "password_personal": "A password must not be made of your own name or e-mail address.",
}


def password_problems(password: str, *, display_name: str, email: str | None) -> list[str]:
    """The codes of everything that is wrong with a new password, none when it is allowed.

    `password_too_short` and `password_too_long` count characters, not bytes. `password_common` also catches a common
    word with up to six digits or signs around it, or with the usual letter swaps (`p4ssw0rd`). `password_personal`
    catches a password that is, or leans on, a part of the own name or e-mail of four letters or more.
    """
    problems = []
    if len(password) < PASSWORD_MIN:
        problems.append("password_too_short")
    if len(password) > PASSWORD_MAX:
        return ["password_too_long"]
    if any(unicodedata.category(character) == "Cc" for character in password):
        problems.append("password_control_character")
    plain = _plain(password)
    if _is_common(plain):
        problems.append("password_common")
    if any(_leans_on(plain, part) for part in _personal_parts(display_name, email)):
        problems.append("password_personal")
    return problems


def _plain(text: str) -> str:
    """Lower case and without accents, so that `Müller` and `muller` are one."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))


def _is_common(plain: str) -> bool:
    if len(set(plain)) < _MIN_DIFFERENT or _is_run(plain):
        return True
    return any(form in COMMON_PASSWORDS for form in _forms(plain))


def _forms(plain: str) -> Iterable[str]:
    """The password as it is, undressed of a few digits and signs at its ends, and with letter swaps undone."""
    yield plain
    undressed = _EDGES.sub("", plain)
    if len(plain) - len(undressed) <= _DECORATION:
        yield undressed
    for swaps in (_LEET, _LEET_ONE_AS_I):
        yield plain.translate(swaps)
        yield _undecorated(plain).translate(swaps)
    half = plain[: len(plain) // 2]
    if plain == half + half:
        yield half


def _undecorated(plain: str) -> str:
    """Without trailing digits and signs that follow the last letter: `p4ssw0rd2024!` becomes `p4ssw0rd`."""
    bare = re.sub(r"[^a-z]*$", "", plain)
    return bare if len(plain) - len(bare) <= _DECORATION else plain


def _is_run(plain: str) -> bool:
    """Whether the characters only count up or only count down (`abcdefgh`, `98765432`)."""
    steps = {ord(second) - ord(first) for first, second in pairwise(plain)}
    return steps in ({1}, {-1})


def _personal_parts(display_name: str, email: str | None) -> set[str]:
    """The words of the name and of the e-mail's part before the @, long enough to matter, and each as a whole."""
    local = (email or "").partition("@")[0]
    parts: set[str] = set()
    for source in (_plain(display_name), _plain(local)):
        words = re.findall(r"[^\W\d_]+", source)
        parts.update(words)
        parts.add("".join(words))
    return {part for part in parts if len(part) >= PERSONAL_PART_MIN}


def _leans_on(plain: str, part: str) -> bool:
    """Whether the part is in the password and what is left beside it is too little to be a password itself."""
    return part in plain and len(plain.replace(part, "", 1)) < PASSWORD_MIN
