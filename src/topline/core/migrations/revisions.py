"""What a revision file declares about itself.

```python
phase = "expand"       # or "backfill", "contract": who can live with the schema after it
needs = "0007"         # contract only: the head of the oldest release that no longer uses what goes
changes_rows_of = {"day_totals"}   # tables in which it inserts or deletes rows on purpose
def portion(connection) -> int: …  # backfill only: fill the next rows, tell how many; 0 when done
```
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

PHASES: Final = ("expand", "backfill", "contract")


class RevisionError(Exception):
    """A revision file does not say what it must say."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of the schema. `needs` is empty when every release that ran before it runs after it, too."""

    number: str
    summary: str
    phase: str
    needs: str
    changes_rows_of: frozenset[str]
    portion: Callable[[Connection], int] | None


def revision_of(script: Script) -> Revision:
    """What Alembic read, checked."""
    module, number = script.module, script.revision
    phase, needs = getattr(module, "phase", ""), getattr(module, "needs", "")
    if phase not in PHASES:
        raise RevisionError(f"revision {number} must declare a phase: one of {', '.join(PHASES)}")
    if (phase == "contract") != bool(needs):
        raise RevisionError(
            f"revision {number}: a contract, and only a contract, declares which revision it `needs`"
        )
    portion = getattr(module, "portion", None)
    if portion is not None and phase != "backfill":
        raise RevisionError(f"revision {number}: only a backfill works in portions")
    summary = script.doc.splitlines()[0].rstrip(".") if script.doc else ""
    return Revision(number, summary, phase, needs, frozenset(getattr(module, "changes_rows_of", ())), portion)


def read_revisions(folder: Path) -> tuple[Revision, ...]:
    """Every revision of the folder, oldest first."""
    scripts = ScriptDirectory(str(folder)).walk_revisions()
    return tuple(revision_of(script) for script in reversed(list(scripts)))


def config_for(folder: Path, url: str = "", output: io.StringIO | None = None) -> Config:
    """Alembic's configuration, without a file."""
    config = Config(output_buffer=output)
    config.set_main_option("script_location", str(folder))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def postgres_sql(folder: Path, start: str, end: str) -> str:
    """The SQL from one revision to another, either way, for PostgreSQL; no database is asked. `base` is before all."""
    output = io.StringIO()
    order = {"base": ""}
    going = command.upgrade if order.get(start, start) < order.get(end, end) else command.downgrade
    going(config_for(folder, output=output), f"{start}:{end}", sql=True)
    return output.getvalue()
