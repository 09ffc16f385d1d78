"""A clean environment, and stores that answer."""

import os
from collections.abc import Iterator

import pytest

from tests.support.vault import Vault, vault
from topline.core.settings import PREFIX


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith((PREFIX, "VAULT_", "AWS_", "CREDENTIALS_DIRECTORY")):
            monkeypatch.delenv(name)


@pytest.fixture
def store() -> Iterator[Vault]:
    with vault() as running:
        yield running
