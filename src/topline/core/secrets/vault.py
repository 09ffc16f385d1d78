"""HashiCorp Vault (or OpenBao), key/value engine version 2."""

from collections.abc import Mapping
from typing import Final

import hvac
from hvac.exceptions import VaultError
from requests import RequestException

from topline.core.secrets.stores import Access, StoreAway, StoreUnknown, by_setting

_SECONDS: Final = 4


class Store:
    """One path whose newest version holds settings. The token is what `TOPLINE_VAULT_TOKEN` says now, so that a file
    which Vault's agent renews is followed."""

    def __init__(self, place: str, access: Access) -> None:
        self._mount, _, self._path = place.partition("/")
        if not self._path:
            raise StoreUnknown("vault needs a mount and a path: vault:MOUNT/PATH")
        self._access = access

    def fetch(self) -> Mapping[str, str]:
        """Read the newest version."""
        try:
            client = hvac.Client(self._access.address or None, self._access.token or None, timeout=_SECONDS)
            answer = client.secrets.kv.v2.read_secret_version(
                path=self._path, mount_point=self._mount, raise_on_deleted_version=True
            )
            return by_setting(answer["data"]["data"])
        except (VaultError, RequestException) as error:
            raise StoreAway(f"Vault: {type(error).__name__}") from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise StoreAway("Vault: the answer holds no secrets") from None
