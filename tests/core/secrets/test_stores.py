"""Secrets from every place they may come from, with the real clients of those places."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.support.vault import Vault
from topline.core.secrets import stores
from topline.core.settings import SettingsError, load_settings, source_of

PEPPER = "Zx81-kestrel-Qy27-lantern-Vb93-harbor"
NEWER = "Mn46-otter-Hd05-quartz-Pl72-meadow-Tt"


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(moto: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of a program that runs at Amazon."""
    for name, value in {
        "AWS_ENDPOINT_URL": moto,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    return moto


def test_secrets_manager_gives_the_current_version(aws: str) -> None:
    client = boto3.client("secretsmanager")
    first = {"pepper": PEPPER, "TOPLINE_DATABASE_PASSWORD": "kestrel-Qy27-lantern", "port": "1"}
    client.create_secret(Name="hotel/topline", SecretString=json.dumps(first))
    settings = load_settings(secrets="aws:hotel/topline")
    assert settings.pepper.get_secret_value() == PEPPER
    assert settings.database_password.get_secret_value() == "kestrel-Qy27-lantern"
    assert settings.port == 8000  # a store gives secrets, not other settings
    client.put_secret_value(SecretId="hotel/topline", SecretString=json.dumps({"pepper": NEWER}))
    assert load_settings(secrets="aws:hotel/topline").pepper.get_secret_value() == NEWER


def test_secrets_manager_without_it_or_with_something_else(aws: str) -> None:
    with pytest.raises(SettingsError, match=r"^TOPLINE_SECRETS: Secrets Manager: ResourceNotFoundException$"):
        load_settings(secrets="aws:nowhere")
    boto3.client("secretsmanager").create_secret(Name="plain", SecretString=f"pepper={PEPPER}")
    with pytest.raises(SettingsError, match=r"^TOPLINE_SECRETS: .*no JSON object$"):
        load_settings(secrets="aws:plain")


def test_secrets_manager_that_is_away(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(SettingsError, match=r"^TOPLINE_SECRETS: Secrets Manager: EndpointConnectionError$"):
        load_settings(secrets="aws:hotel/topline")


def test_vault_gives_the_newest_version(store: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put("kv/hotel/topline", pepper=PEPPER)
    monkeypatch.setenv("TOPLINE_SECRETS", "vault:kv/hotel/topline")
    monkeypatch.setenv("VAULT_ADDR", store.address)
    monkeypatch.setenv("VAULT_TOKEN", store.token)
    settings = load_settings()
    assert settings.pepper.get_secret_value() == PEPPER
    assert source_of(settings, "pepper") == "vault:kv/hotel/topline"
    store.put("kv/hotel/topline", pepper=NEWER)
    assert load_settings().pepper.get_secret_value() == NEWER


def test_vaults_token_may_stand_in_a_file_that_its_agent_renews(
    store: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store.put("kv/topline", pepper=PEPPER)
    monkeypatch.setenv("TOPLINE_VAULT_TOKEN_FILE", str(tmp_path / "token"))
    options = {"secrets": "vault:kv/topline", "vault_address": store.address}
    (tmp_path / "token").write_text("hvs.of-yesterday")
    with pytest.raises(SettingsError, match=r"^TOPLINE_SECRETS: Vault: Forbidden$"):
        load_settings(**options)
    (tmp_path / "token").write_text(store.token + "\n")
    assert load_settings(**options).pepper.get_secret_value() == PEPPER


@pytest.mark.parametrize(
    ("what", "why"), [("sealed", "VaultDown"), ("missing", "InvalidPath"), ("deleted", "InvalidPath")]
)
def test_vault_that_gives_nothing(store: Vault, what: str, why: str) -> None:
    store.put("kv/topline", pepper=PEPPER)
    store.secrets["kv/deleted"] = [None]
    store.sealed = what == "sealed"
    path = {"sealed": "topline"}.get(what, what)
    with pytest.raises(SettingsError, match=rf"^TOPLINE_SECRETS: Vault: {why}$"):
        load_settings(secrets=f"vault:kv/{path}", vault_address=store.address, vault_token=store.token)


@pytest.mark.parametrize("name", ["vault", "vault:", "aws:", "gcp:topline", "vault:kv"])
def test_a_store_that_cannot_be_meant_stops_the_start(name: str) -> None:
    with pytest.raises(SettingsError, match=r"^TOPLINE_SECRETS: "):
        load_settings(secrets=name)


def test_a_store_whose_package_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stores._KINDS, "vault", ("topline.core.secrets.nothing", "hvac"))
    with pytest.raises(SettingsError, match=r"install topline\[vault\]"):
        load_settings(secrets="vault:kv/topline")


def test_systemd_hands_over_a_folder_of_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pepper").write_text(PEPPER + "\n")
    (tmp_path / "port").write_text("1")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    settings = load_settings()
    assert (settings.pepper.get_secret_value(), settings.port) == (PEPPER, 8000)
    assert source_of(settings, "pepper") == "systemd credential"
    assert source_of(settings, "database_password") == ""


def test_the_nearest_place_wins(store: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Command line, file, credential, environment, store."""
    options = {"secrets": "vault:kv/topline", "vault_address": store.address, "vault_token": store.token}
    store.put("kv/topline", pepper="store")
    found = [load_settings(**options)]
    monkeypatch.setenv("TOPLINE_PEPPER", "environment")
    found.append(load_settings(**options))
    (tmp_path / "pepper").write_text("credential")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    found.append(load_settings(**options))
    (tmp_path / "other").write_text("file")
    monkeypatch.setenv("TOPLINE_PEPPER_FILE", str(tmp_path / "other"))
    found += [load_settings(**options), load_settings(**options, pepper="command line")]
    values = [settings.pepper.get_secret_value() for settings in found]
    assert values == ["store", "environment", "credential", "file", "command line"]


def test_a_password_that_stands_apart_is_put_into_the_address() -> None:
    settings = load_settings(database_url="postgresql://topline@db/topline", database_password="a/b@c")
    assert settings.url() == "postgresql://topline:a%2Fb%40c@db/topline"
    assert load_settings(database_password="a/b@c", database_url="sqlite:///x.db").url() == "sqlite:///x.db"
