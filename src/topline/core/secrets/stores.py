"""Stores of secrets outside of this machine: one small protocol, and a name that says which one."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

_PREFIX: Final = "topline_"
#: Kind → module with a class `Store`, and the package it needs. Loaded when asked for: nobody needs both.
_KINDS: Final = {
    "aws": ("topline.core.secrets.aws", "boto3"),
    "vault": ("topline.core.secrets.vault", "hvac"),
}


class StoreAway(Exception):
    """The store did not answer, or not with secrets. The message never holds one."""


class StoreUnknown(Exception):
    """The setting names no store that can be used here."""


class SecretStore(Protocol):
    """Gives every secret it has, by the name of the setting (`pepper` or `TOPLINE_PEPPER`). Raises StoreAway."""

    def fetch(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Access:
    """How to get into a store that does not find that out by itself."""

    address: str = ""
    token: str = ""


def open_store(name: str, access: Access) -> SecretStore:
    """The store behind `aws:NAME` or `vault:MOUNT/PATH`. Raises StoreUnknown with a sentence."""
    kind, _, place = name.partition(":")
    if kind not in _KINDS or not place:
        raise StoreUnknown("must be empty, aws:NAME or vault:MOUNT/PATH")
    module, package = _KINDS[kind]
    try:
        store: SecretStore = importlib.import_module(module).Store(place, access)
    except ImportError as error:
        raise StoreUnknown(f"{kind} needs the package {package}: install topline[{kind}]") from error
    return store


def by_setting(found: Mapping[str, object]) -> dict[str, str]:
    """What a store holds, under the settings' names in lower case. Empty values count as not there."""
    named = {
        key.lower().removeprefix(_PREFIX): str(value) for key, value in found.items() if value is not None
    }
    return {name: value.strip() for name, value in named.items() if value.strip()}
