"""Every revision, up and down and up again, on a year of data: nothing that was there before is lost or changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.upgrade.snapshot import differences, shape, snapshot
from topline.core.migrations import MigrationFailed, Migrations, downgrade, upgrade
from topline.core.schema import position, revisions
from topline.tables import metadata


def test_the_year_is_in_every_table(year_url: str) -> None:
    found = snapshot(year_url)
    assert found.keys() == {table.name for table in metadata.sorted_tables}
    assert [name for name, rows in found.items() if not rows.count] == []
    assert found["behavior_logs"].count == 30_000


@pytest.mark.slow
def test_no_step_up_or_down_loses_or_changes_what_was_there(year_url: str) -> None:
    """The stairway: from the top, each step down, up and down again; then all the way up."""
    shapes = {revisions()[-1]: shape(year_url)}
    below = snapshot(year_url)
    for lower, upper in reversed(list(zip(revisions(), revisions()[1:], strict=False))):
        above = snapshot(year_url)
        downgrade(year_url, lower)
        below, shapes[lower] = snapshot(year_url), shape(year_url)
        assert differences(above, below) == [], f"{upper} down"
        upgrade(year_url, upper)
        assert differences(below, snapshot(year_url)) == [], f"{upper} up"
        assert shape(year_url) == shapes[upper], f"{upper} up: another shape than before"
        downgrade(year_url, lower)
        assert differences(below, snapshot(year_url)) == [], f"{upper} down again"
        assert shape(year_url) == shapes[lower], f"{upper} down again: another shape than before"
    for revision in revisions()[1:]:
        upgrade(year_url, revision)
        assert position(year_url).current == revision
        assert differences(below, snapshot(year_url)) == [], f"up to {revision} at last"
        assert shape(year_url) == shapes[revision]


@pytest.mark.slow
def test_a_revision_that_breaks_off_leaves_the_schema_and_the_rows_before_it(year_url: str) -> None:
    """Each revision, both ways, broken off half-way."""
    migrations = Migrations(year_url)
    for revision in reversed(revisions()):
        lower = migrations.before(revision)
        with _watching() as down:
            migrations.down(lower)
        with _watching() as up:
            migrations.up(revision)
        _breaks_off(migrations, year_url, lower, len(down) // 2)
        migrations.down(lower)
        _breaks_off(migrations, year_url, revision, len(up) // 2)


class Interrupted(Exception):
    """Thrown into the middle of a revision."""


def _breaks_off(migrations: Migrations, url: str, target: str, after: int) -> None:
    before = position(url).current, snapshot(url), shape(url)
    going = migrations.down if target < (before[0] or "") or target == "base" else migrations.up
    with pytest.raises(MigrationFailed, match="taken back"), _watching(after):
        going(target)
    assert (position(url).current, snapshot(url), shape(url)) == before, f"towards {target}"


@contextmanager
def _watching(after: int | None = None) -> Iterator[list[str]]:
    """The statements that change something; one more than `after` of them raises."""
    seen: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN", "SHOW")):
            return
        if len(seen) == after:
            raise Interrupted
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
