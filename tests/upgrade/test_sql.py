"""The SQL of each revision, as PostgreSQL gets it, holds nothing that would stop a hotel at work."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from tests.support.databases import ROOT
from topline.core.migrations import Migrations
from topline.core.schema import revisions

SQUAWK = Path(sys.executable).parent / "squawk"


def lint(sql: str) -> dict[str, str]:
    """What squawk finds: rule and the line with it."""
    command = [str(SQUAWK), "--reporter", "json", "--config", str(ROOT / ".squawk.toml")]
    done = subprocess.run(command, input=sql, text=True, capture_output=True, cwd=ROOT)
    assert done.stdout, done.stderr
    lines = sql.splitlines()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return {finding["rule_name"]: f"{lines[finding['line']]} -- {finding['message']}" for finding in found}


@pytest.mark.parametrize("revision", revisions())
def test_squawk_finds_nothing_that_the_revision_does_not_explain(revision: str, tmp_path: Path) -> None:
    migrations = Migrations(f"sqlite:///{tmp_path / 'none.db'}")
    ignored = _ignored(revision)
    found = lint(migrations.sql(migrations.before(revision), revision))
    assert {rule: line for rule, line in found.items() if rule not in ignored} == {}
    assert ignored.keys() <= found.keys(), "an ignore that nothing needs"
    assert all(len(reason.split()) > 3 for reason in ignored.values()), "an ignore needs its reason"


@pytest.mark.parametrize("revision", revisions())
def test_the_way_down_can_be_written_as_sql(revision: str, tmp_path: Path) -> None:
    migrations = Migrations(f"sqlite:///{tmp_path / 'none.db'}")
    assert "COMMIT" in migrations.sql(revision, migrations.before(revision))


def test_the_linter_finds_what_it_is_here_for() -> None:
    found = lint(
        "BEGIN;\nALTER TABLE people ADD COLUMN a text NOT NULL;\nCREATE INDEX i ON people (name);\nCOMMIT;\n"
    )
    assert {
        "adding-required-field",
        "require-concurrent-index-creation",
        "require-lock-timeout",
    } <= found.keys()


def _ignored(revision: str) -> dict[str, str]:
    script = ScriptDirectory(str(ROOT / "migrations")).get_revision(revision)
    assert script is not None
    return dict(getattr(script.module, "squawk_ignores", {}))
