"""Where a setting's value is looked for: files, systemd's credentials, a store. The environment is handed in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from topline.core.secrets.stores import Access, StoreAway, StoreUnknown, open_store

#: Where systemd puts what a unit's `LoadCredential=` names.
_CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it."""


def is_secret(name: str, field: FieldInfo) -> bool:
    """Whether a setting holds a secret; an address may hold a password."""
    return field.annotation is SecretStr or name in ("database_url", "redis_url")


class _Source(PydanticBaseSettingsSource):
    def __init__(self, settings_cls: type[BaseSettings], prefix: str, environment: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self.prefix = prefix
        self.environment = environment

    def path_of(self, name: str, field: FieldInfo) -> tuple[Path, str] | None:
        """The file that holds the value, and how a message calls it."""
        raise NotImplementedError

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        found = self.path_of(field_name, field)
        if found is None:
            return None, field_name, False
        path, called = found
        try:
            return path.read_text(encoding="utf-8").strip(), field_name, False
        except OSError as error:
            raise SettingsError(f"{called}: cannot read it ({error.strerror})") from error

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(info, name)[0] for name, info in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


class FileSource(_Source):
    """Reads `TOPLINE_NAME_FILE`: the value is the content of that file, for secrets mounted as files."""

    def path_of(self, name: str, field: FieldInfo) -> tuple[Path, str] | None:
        called = f"{self.prefix}{name.upper()}_FILE"
        path = self.environment.get(called)
        return None if path is None else (Path(path), called)


class CredentialSource(_Source):
    """Reads secrets that systemd hands to the unit: `LoadCredential=pepper:/etc/topline/pepper`."""

    def path_of(self, name: str, field: FieldInfo) -> tuple[Path, str] | None:
        folder = self.environment.get(_CREDENTIALS)
        if folder is None or not is_secret(name, field):
            return None
        path = Path(folder) / name
        return (path, f"systemd credential {name}") if path.exists() else None


class StoreSource(PydanticBaseSettingsSource):
    """Reads secrets from the store that `TOPLINE_SECRETS` names; everything said elsewhere comes first."""

    def __init__(self, settings_cls: type[BaseSettings], prefix: str) -> None:
        super().__init__(settings_cls)
        self.prefix = prefix

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError

    def __call__(self) -> dict[str, Any]:
        name = str(self.current_state.get("secrets", ""))
        if not name:
            return {}
        token = self.current_state.get("vault_token", "")
        access = Access(
            str(self.current_state.get("vault_address", "")),
            token.get_secret_value() if isinstance(token, SecretStr) else str(token),
        )
        try:
            found = open_store(name, access).fetch()
        except (StoreUnknown, StoreAway) as error:
            raise SettingsError(f"{self.prefix}SECRETS: {error}") from error
        fields = self.settings_cls.model_fields
        return {
            name: value for name, value in found.items() if name in fields and is_secret(name, fields[name])
        }
