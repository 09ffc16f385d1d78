"""Settings of the program, read at the start: from files that `TOPLINE_*_FILE` names, systemd's credentials, the
environment `TOPLINE_*`, and for secrets from a store. Secrets are read again while the program runs (`core/secrets`).

Settings of a hotel (currency, hours, thresholds) are not here: they are rows, changed in the app.
A wrong value stops the start with the setting's name.
"""

import os
import re
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url

from topline.core.limit_settings import LimitSettings
from topline.core.peppers import Peppers, parse_peppers
from topline.core.secrets.own import made_once, replace
from topline.core.secrets.sources import CredentialSource, FileSource, SettingsError, StoreSource, is_secret

__all__ = ["PREFIX", "SECRETS", "Settings", "SettingsError", "hand_to_workers", "load_settings", "source_of"]

PREFIX = "TOPLINE_"
CERTIFICATE_DAYS: Final = 21  # renewals begin when 30 are left: nine days of failed attempts
#: Scheme, host and port, nothing behind; a star is no origin: whose script may call is named one by one.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")


class Settings(LimitSettings):
    """Everything an operator can set. Each field's description ends up in `docs/reference/settings.md`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data: Path = Field(Path("data"), description="Folder for the SQLite file, uploads and generated secrets.")
    mode: Literal["", "development", "production"] = Field(
        "",
        description="In production missing or weak secrets stop the start, and none is made in the data folder. Empty: "
        "production when `TOPLINE_PUBLIC_URL` begins with `https://`.",
    )
    secrets: str = Field(
        "",
        description="A store of secrets beside environment and files: `aws:NAME` or `vault:MOUNT/PATH`. Empty: none.",
    )
    secrets_refresh: int = Field(60, ge=1, le=3600, description="Seconds after which secrets are read again.")
    vault_address: str = Field("", description="Vault's address. Empty: `VAULT_ADDR`.")
    vault_token: SecretStr = Field(SecretStr(""), description="Token for Vault. Empty: `VAULT_TOKEN`.")
    database_url: str = Field(
        "",
        repr=False,
        description="`postgresql://…` or `sqlite:///…`. Empty: a SQLite file in the data folder.",
    )
    database_password: SecretStr = Field(
        SecretStr(""),
        description="The database's password, when it does not stand in `TOPLINE_DATABASE_URL`.",
    )
    database_pool: int = Field(
        16,
        ge=1,
        le=200,
        description="Connections a process holds to read, and as many to write; on PostgreSQL three more.",
    )
    row_security: bool = Field(
        True,
        description="On PostgreSQL: the database shows a transaction its own organization's rows only. Off: all.",
    )
    redis_url: str = Field(
        "",
        repr=False,
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
    socket: Path | None = Field(
        None,
        description="Unix socket to listen on instead of host and port, for a proxy on the same machine.",
    )
    tls_certificate: Path | None = Field(
        None, description="PEM file with certificate and chain: `topline serve` does TLS itself."
    )
    tls_key: Path | None = Field(None, description="PEM file with the certificate's key.")
    tls_redirect_port: int = Field(
        0, ge=0, le=65535, description="Port where plain HTTP is sent on to TLS, e.g. 80. 0: none."
    )
    certificate_days: int = Field(
        CERTIFICATE_DAYS,
        ge=0,
        description="Days the certificate must have left; fewer, and somebody should look.",
    )
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; more than one needs Redis.")
    threads: int = Field(12, ge=1, le=100, description="Worker threads for requests that use the database.")
    bcrypt_cost: int = Field(
        10, ge=10, le=16, description="Cost of a PIN hash; 10 is about 56 ms of one core."
    )
    hashing_threads: int = Field(
        2, ge=1, le=2, description="Threads that hash PINs and passwords; more starves requests."
    )
    operator_token: SecretStr = Field(
        SecretStr(""),
        description="What an operator shows to `/health/ready` and `/health/version` for details, ≥ 32 characters.",
    )
    drain_seconds: float = Field(
        0,
        ge=0,
        le=25,
        description="How long a process that is to end still serves, so that the load balancer notices first.",
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="Least level that is logged."
    )
    log_format: str = Field(
        "json", pattern="^(json|text)$", description="`json` lines, or `text` for people."
    )

    @field_validator("operator_token")
    @classmethod
    def _operator(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("must be at least 32 characters")
        return value

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
        return (
            init_settings,
            FileSource(settings_cls, PREFIX, os.environ),
            CredentialSource(settings_cls, PREFIX, os.environ),
            env_settings,
            StoreSource(settings_cls, PREFIX),
        )

    def in_production(self) -> bool:
        """Whether guests and staff depend on this one."""
        return self.mode == "production" or (not self.mode and self.public_url.startswith("https://"))

    def url(self) -> str:
        """The database address, with the default spelled out and the password put in."""
        url = self.database_url or f"sqlite:///{(self.data / 'topline.db').absolute()}"
        password = self.database_password.get_secret_value()
        if not password or url.startswith("sqlite"):
            return url
        return make_url(url).set(password=password).render_as_string(hide_password=False)

    def made_by_chance(self) -> dict[str, str]:
        """The secrets made by chance, by setting. What is made in the data folder counts as missing."""
        return {
            name: getattr(self, name).get_secret_value()
            for name, field in type(self).model_fields.items()
            if field.annotation is SecretStr and name not in _NOT_BY_CHANCE
        }

    def secret_values(self) -> dict[str, str]:
        """Every secret as it is in use, by setting. For comparing and for hiding in logs, never for showing."""
        found = {name: self._text(name) for name in SECRETS}
        own = {"pepper": self.pepper_text(), "session_key": self._session_key_text()}
        return {**found, **own, "database_url": self.url()}

    def _text(self, name: str) -> str:
        value = getattr(self, name)
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)

    def pepper_text(self) -> str:
        """The pepper as it is set. Without one, a random one is made in the data folder, readable by the owner only."""
        return self.pepper.get_secret_value() or self._made_once("pepper")

    def _made_once(self, name: str) -> str:
        if self.in_production():
            raise SettingsError(
                f"{PREFIX}{name.upper()}: is missing; in production none is made up. Make one with "
                f"`topline secrets generate {name}` and keep it apart from the database"
            )
        return made_once(self.data / name)

    def keeps_own_pepper(self) -> bool:
        """Whether the pepper is the one in the data folder."""
        return not self.pepper.get_secret_value()

    def keep_own_pepper(self, text: str) -> None:
        """Replace the pepper in the data folder."""
        replace(self._own_pepper, text)

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
        keys = self._session_key_text().replace(",", "\n").split()
        if any(len(key) < 32 for key in keys):
            raise SettingsError(f"{PREFIX}SESSION_KEY: each key must be at least 32 characters")
        return [key.encode() for key in keys]

    def _session_key_text(self) -> str:
        return self.session_key.get_secret_value() or self._made_once("session_key")


_NOT_BY_CHANCE: Final = frozenset({"database_password", "vault_token"})
#: The settings that hold secrets.
SECRETS: Final = tuple(name for name, field in Settings.model_fields.items() if is_secret(name, field))


def source_of(settings: Settings, name: str) -> str:
    """Where a setting's value comes from, in words; "" when it has none."""
    field = Settings.model_fields[name]
    if f"{PREFIX}{name.upper()}_FILE" in os.environ:
        return "file"
    if CredentialSource(Settings, PREFIX, os.environ).path_of(name, field):
        return "systemd credential"
    if f"{PREFIX}{name.upper()}" in os.environ:
        return "environment"
    return settings.secrets if getattr(settings, name) != field.default else ""


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
    if settings.url().startswith("sqlite"):
        # Holds no secret, unlike a server's address: that one they read where it was found.
        os.environ[f"{PREFIX}DATABASE_URL"] = settings.url()
    os.environ[f"{PREFIX}LOG_LEVEL"] = settings.log_level
    os.environ[f"{PREFIX}LOG_FORMAT"] = settings.log_format
