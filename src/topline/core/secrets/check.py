"""Is every secret there and good enough? In production a doubt stops the start; in development nothing is asked."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from topline.core.peppers import parse_peppers
from topline.core.secrets.strength import weakness_of_key, weakness_of_password
from topline.core.settings import PREFIX, Settings, SettingsError

_HERE: Final = ("", "localhost", "127.0.0.1", "::1")
#: Random keys: those that must be there, and all others that may.
_NEEDED: Final = frozenset({"pepper", "session_key"})
_MAKE: Final = "make one with `topline secrets generate {name}`"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A setting, and what to do about it."""

    setting: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.sentence}"


def troubles(settings: Settings) -> list[Trouble]:
    """Everything that keeps these settings from production."""
    found = [Trouble(PREFIX + name.upper(), text) for name, text in _of_keys(settings) if text]
    found += [Trouble(PREFIX + name.upper(), text) for name, text in _of_addresses(settings) if text]
    if not settings.secure_cookies:
        found.append(Trouble(f"{PREFIX}SECURE_COOKIES", "must be true: cookies must not travel without TLS"))
    return found


def must_be_ready(settings: Settings) -> None:
    """Raise SettingsError naming everything that is missing or weak in production."""
    found = troubles(settings) if settings.in_production() else []
    if found:
        raise SettingsError("\n  ".join(["not fit for production:", *map(str, found)]))
    settings.peppers()
    settings.session_keys()


def _of_keys(settings: Settings) -> list[tuple[str, str]]:
    found = []
    for name, text in settings.made_by_chance().items():
        if not text:
            found.append((name, f"is missing; {_MAKE.format(name=name)}" if name in _NEEDED else ""))
            continue
        try:
            found += [(name, weakness_of_key(part)) for part in parts_of(name, text)]
        except ValueError as error:
            found.append((name, str(error)))
    return found


def parts_of(name: str, text: str) -> list[str]:
    """The single secrets of a setting that may hold several."""
    if name == "pepper":
        return [secret.decode() for secret in parse_peppers(text).versions.values()]
    return text.replace(",", " ").split() if name.endswith("_key") else [text]


def password_in(address: str) -> str:
    """The password of an address, "" when it holds none."""
    try:
        return str(make_url(address).password or "")
    except ArgumentError:
        return ""


def _of_addresses(settings: Settings) -> list[tuple[str, str]]:
    found = []
    for name, address in (("database_url", settings.url()), ("redis_url", settings.redis_url)):
        try:
            url = make_url(address) if address else None
        except ArgumentError:
            found.append((name, "is no address"))
            continue
        if url is None or url.drivername.startswith("sqlite"):
            continue
        if url.password is not None:
            found.append((name, weakness_of_password(str(url.password))))
        elif name == "redis_url" and (url.host or "") not in _HERE:
            found.append((name, "needs a password: Redis is on another machine"))
    return found
