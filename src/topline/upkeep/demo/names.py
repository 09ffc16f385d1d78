"""Invented names: syllables of several sound worlds, put together so that nobody real is meant.

They also try the software: accents, hyphens, apostrophes, one name of two letters a part and one that never ends.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

DISPLAY_LENGTH: Final = 40
SHORTEST: Final = ("Jo", "Ys")
LONGEST: Final = ("Maximiliane-Theodorette", "von Hohenwolkenstein-Abendlichterfeld y Carvoeira")


@dataclass(frozen=True, slots=True)
class _Sound:
    """Beginnings and endings of given and of family names that sound as if they belonged together."""

    given: tuple[str, ...]
    given_end: tuple[str, ...]
    family: tuple[str, ...]
    family_end: tuple[str, ...]
    prefix: str = ""


def _sound(given: str, given_end: str, family: str, family_end: str, prefix: str = "") -> _Sound:
    return _Sound(
        tuple(given.split()),
        tuple(given_end.split()),
        tuple(family.split()),
        tuple(family_end.split()),
        prefix,
    )


_SOUNDS: Final = (
    _sound(
        "Tal Mar Jov Luz Bel Rod Cat Dom Xav Fer Gon",
        "isa ela ário inda ano éria ito ira osa uel",
        "Mor Val Ser Quint Lob Esp Alm Per Carv Soal",
        "ande eira osa ado inho eda ança oval uira",
        "D'",
    ),
    _sound(
        "Sol Ing Thor Ast Jør Lin Hal Brun Elv Var",
        "vei mar lin rik dis nar ge bor",
        "Berg Lund Hav Skog Nord Fjell Strøm Vinter Grön",
        "vang sund dahl mo bakken hagen vik",
    ),
    _sound(
        "Mil Rad Zor Vesn Dar Kas Lud Štef Bran",
        "an ena imir oslava ina ek ita",
        "Nov Krav Pet Zel Hor Kov Stan Łuk Drož",
        "ak enko arov icki inska ević ulis",
    ),
    _sound(
        "A Ko Nya Ba Za Ifo Che Tu Ola",
        "doma mani lindi sheka kemi fari tanda bisi",
        "Oku Mba Adé Ndi Ka Sa Tem Olu",
        "wara kele ngoro bila dembe tunji zuri",
    ),
    _sound(
        "Mei Hana Jun Rin Kai Sora Yun Lian Tomo",
        "ko ri lin wei ta mi sho na",
        "Fuku Hoshi Naka Tani Zhen Bao Kimu",
        "mori zawa tan shiro gawa lu hara",
    ),
    _sound(
        "Ish Far Nav Zah Kam Sur Lay Jas Rah Dev",
        "ira een ani aal im usha oor",
        "Chand Qas Raj Bhand Nas Mirz Verm Sidd Khal",
        "ari ekar emi iran oui aani avan our",
    ),
    _sound(
        "Bren Cal Ro Ael Gwen Del Per Wyn Mor",
        "nan lum wen lis dan mera rick ra",
        "Pen Tre Wex Ash Thorn Brock Dun Wether Harrow",
        "ley combe wick stow by ford mere gate",
        "O'",
    ),
)

_PLAIN: Final = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "'": "", " ": "-"})


def _given(sound: _Sound, rng: Random) -> str:
    return rng.choice(sound.given) + rng.choice(sound.given_end)


def _family(sound: _Sound, rng: Random) -> str:
    return rng.choice(sound.family) + rng.choice(sound.family_end)


def _name(rng: Random) -> tuple[str, str]:
    sound = rng.choice(_SOUNDS)
    # Every fifth family comes from somewhere else than the given name, as in any big house.
    other = rng.choice(_SOUNDS) if rng.random() < 0.2 else sound
    given, family = _given(sound, rng), _family(other, rng)
    if rng.random() < 0.07:
        given = f"{given}-{_given(sound, rng)}"
    if other.prefix and rng.random() < 0.25:
        family = other.prefix + family
    elif rng.random() < 0.06:
        family = f"{family}-{_family(sound, rng)}"
    return given, family


def names(rng: Random) -> Iterator[tuple[str, str]]:
    """Given and family names without end, none twice, not even when written in plain ASCII."""
    seen: set[str] = set()
    for fixed in (SHORTEST, LONGEST):
        seen.add(plain(*fixed))
    while True:
        given, family = _name(rng)
        written = plain(given, family)
        if written not in seen:
            seen.add(written)
            yield given, family


def plain(given: str, family: str) -> str:
    """`given.family` in lower-case ASCII, fit for an e-mail address."""
    text = f"{given}.{family}".translate(_PLAIN)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()


def display_name(given: str, family: str) -> str:
    """What a tile shows: the whole name, or the given name and an initial where the whole is too long."""
    whole = f"{given} {family}"
    if len(whole) <= DISPLAY_LENGTH:
        return whole
    return f"{given} {family[0].upper()}."[:DISPLAY_LENGTH]
