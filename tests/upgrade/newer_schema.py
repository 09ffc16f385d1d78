"""A pytest plugin for the test suite of the release before: every database it asks for has the schema of this release.

Copied beside the code of that release and loaded with `-p newer_schema`; imports nothing of either. On PostgreSQL the
suite works as an ordinary owner of its tables, as a hotel does: a superuser would never notice a policy or a missing
grant.
"""

import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, text

HEAD_BEFORE = os.environ["NEWER_SCHEMA_FROM"]
SOURCES = os.environ["NEWER_SCHEMA_SOURCES"]
OWNER = "hotel"
HOUSE = (
    "INSERT INTO organizations (id, name, currency, locale, settings, version, is_demo, created_at) VALUES"
    " ('00000000000000000000000000000001', 'In use', 'EUR', 'en', '{}', 1, false, '2025-01-01 00:00:00')"
)


def upgrade(url: str, *_: Any) -> None:
    """What the release before did itself, done by this release: from a schema in use, by its own command."""
    if f"//{OWNER}@" in url:
        _let_the_owner_in(url)
    _migrate(url, HEAD_BEFORE)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        connection.execute(text(HOUSE))
    _migrate(url, "head")
    with engine.begin() as connection:
        assert connection.execute(text("DELETE FROM organizations")).rowcount == 1
    engine.dispose()


def _migrate(url: str, revision: str) -> None:
    environment = os.environ | {"PYTHONPATH": SOURCES, "TOPLINE_DATABASE_URL": url}
    command = [sys.executable, "-m", "topline", "migrate", "up", revision]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def _let_the_owner_in(url: str) -> None:
    with psycopg.connect(url.replace(f"{OWNER}@", "topline@"), autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
            connection.execute(f"CREATE ROLE {OWNER} LOGIN")
        connection.execute(f"GRANT ALL ON SCHEMA public TO {OWNER}")


@pytest.fixture(scope="session", autouse=True)
def _the_newer_schema() -> Any:
    # Here and not above: what is imported must be the release before, found by its own pytest settings.
    import tests.support.databases as databases
    import tests.support.servers as servers
    import topline

    assert not topline.__file__.startswith(SOURCES), "the code under test must be the release before"
    with pytest.MonkeyPatch.context() as patch:
        as_superuser = servers.PostgresServer.url

        def as_owner(self: Any, database: str) -> str:
            address = as_superuser(self, database)
            return address if database == "postgres" else address.replace("topline@", f"{OWNER}@")

        if not hasattr(servers.PostgresServer, "admin_url"):  # else it works as an ordinary owner by itself
            patch.setattr(servers.PostgresServer, "url", as_owner)
        patch.setattr(databases, "upgrade", upgrade)
        yield


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"newer schema: {SOURCES}")
