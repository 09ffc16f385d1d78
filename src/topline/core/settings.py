"""Settings of the program, read once at the start from the environment, `TOPLINE_*`, or from `TOPLINE_*_FILE`.

Settings of a hotel (currency, hours, thresholds) are not here: they are rows, changed in the app.
A wrong value stops the start with the setting's name.
"""

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from topline.core.peppers import Peppers, parse_peppers

PREFIX = "TOPLINE_"
#: Scheme, host and port, nothing behind; a star is no origin: whose script may call is named one by one.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")


class FileSource(PydanticBaseSettingsSource):
    """Reads `TOPLINE_NAME_FILE`: the value is the content of that file, for secrets mounted as files."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        if path is None:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except OSError as error:
            raise SettingsError(
                f"{PREFIX}{field_name.upper()}_FILE: cannot read it ({error.strerror})"
            ) from error

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(info, name)[0] for name, info in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it."""


class Settings(BaseSettings):
    """Everything an operator can set. Each field's description ends up in `docs/reference/settings.md`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data: Path = Field(Path("data"), description="Folder for the SQLite file, uploads and generated secrets.")
    database_url: str = Field(
        "", description="`postgresql://…` or `sqlite:///…`. Empty: a SQLite file in the data folder."
    )
    database_pool: int = Field(16, ge=1, le=200, description="Database connections one process may hold.")
    row_security: bool = Field(
        True,
        description="On PostgreSQL: the database shows a transaction its own organization's rows only. Off: all.",
    )
    redis_url: str = Field(
        "",
        description="`redis://…` for cache, limits and events when more than one process runs. Empty: in-process.",
    )
    pepper: SecretStr = Field(
        SecretStr(""),
        description="Secret mixed into PIN hashes, ≥ 32 characters, or versions of it, the current one first: "
        "`2:NEW,1:OLD`. Empty: made once, kept in the data folder.",
    )
    session_key: SecretStr = Field(
        SecretStr(""),
        description="Signs the tickets between two steps of signing in, ≥ 32 characters. Several, separated by commas "
        "or lines: the first signs, all are believed. Empty: made once, kept in the data folder.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    public_url: str = Field(
        "", description="Address people use, e.g. `https://topline.example`. Empty: as requested."
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses, comma separated, whose `X-Forwarded-For` and `-Proto` are believed. Empty: none.",
    )
    secure_cookies: bool = Field(
        False, description="Mark cookies Secure; switch on wherever TLS stands in front."
    )
    cors_origins: str = Field(
        "",
        description="Other sites, comma separated (`https://intranet.example`), whose scripts may call the API with a"
        " key. Empty: none.",
    )
    hsts_seconds: int = Field(
        31_536_000,
        ge=0,
        le=63_072_000,
        description="How long browsers that came by TLS shall insist on it; 0: not said. Raise it in steps.",
    )
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; more than one needs Redis.")
    threads: int = Field(12, ge=1, le=100, description="Worker threads for requests that use the database.")
    bcrypt_cost: int = Field(
        10, ge=10, le=16, description="Cost of a PIN hash; 10 is about 56 ms of one core."
    )
    hashing_threads: int = Field(
        2, ge=1, le=2, description="Threads that hash PINs and passwords; more starves requests."
    )
    limit_api: str = Field("100/minute", description="Requests per user, device or unknown address.")
    limit_display: str = Field(
        "1200/minute", description="Requests per wall display, however many screens show it."
    )
    limit_uploads: str = Field("50/hour", description="Uploads and imports per user.")
    limit_unknown_sign_in: str = Field(
        "5/15minute", description="Failed sign-ins per address of an unknown device."
    )
    limit_device_sign_in: str = Field(
        "30/15minute;100/day", description="Failed sign-ins per enrolled tablet."
    )
    limit_organization_sign_in: str = Field("200/day", description="Failed PIN sign-ins per organization.")
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="Least level that is logged."
    )
    log_format: str = Field(
        "json", pattern="^(json|text)$", description="`json` lines, or `text` for people."
    )

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: str) -> str:
        for origin in filter(None, (part.strip() for part in value.split(","))):
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin like https://intranet.example")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, FileSource(settings_cls), env_settings

    def url(self) -> str:
        """The database address, with the default spelled out."""
        return self.database_url or f"sqlite:///{(self.data / 'topline.db').absolute()}"

    def pepper_text(self) -> str:
        """The pepper as it is set. Without one, a random one is made in the data folder, readable by the owner only."""
        return self.pepper.get_secret_value() or _made_once(self._own_pepper)

    def keeps_own_pepper(self) -> bool:
        """Whether the pepper is the one in the data folder."""
        return not self.pepper.get_secret_value()

    def keep_own_pepper(self, text: str) -> None:
        """Replace the pepper in the data folder; whoever reads it sees the old or the new one, never half of it."""
        draft = self._own_pepper.with_name(f"pepper.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        draft.replace(self._own_pepper)

    @property
    def _own_pepper(self) -> Path:
        return self.data / "pepper"

    def peppers(self) -> Peppers:
        """Every version of the pepper, and which one makes new hashes."""
        try:
            return parse_peppers(self.pepper_text())
        except ValueError as error:
            raise SettingsError(f"{PREFIX}PEPPER: {error}") from error

    def session_keys(self) -> list[bytes]:
        """The keys that sign, newest first. Without a configured one, a random one is made in the data folder."""
        configured = self.session_key.get_secret_value().replace(",", "\n").split()
        if not configured:
            configured = [_made_once(self.data / "session_key")]
        if any(len(key) < 32 for key in configured):
            raise SettingsError(f"{PREFIX}SESSION_KEY: each key must be at least 32 characters")
        return [key.encode() for key in configured]


def load_settings(**overrides: Any) -> Settings:
    """Read the settings. Raises SettingsError naming the first wrong one."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}") from error


def hand_to_workers(settings: Settings) -> None:
    """Put what the command line decided into the environment, from which the server's worker processes read."""
    os.environ[f"{PREFIX}DATA"] = str(settings.data.absolute())
    os.environ[f"{PREFIX}DATABASE_URL"] = settings.url()
    os.environ[f"{PREFIX}LOG_LEVEL"] = settings.log_level
    os.environ[f"{PREFIX}LOG_FORMAT"] = settings.log_format


def _made_once(path: Path) -> str:
    """The text in `path`; where there is none, a fresh secret written by whoever comes first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        # A link either appears whole or fails: two processes starting at once agree on one secret.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()
