"""The runner: one at a time, whole or not at all, patient where others hold what it needs."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.databases import ROOT, PostgresDatabases
from tests.upgrade.planted import A_COLUMN, A_TABLE, HALF, Folder
from tests.upgrade.snapshot import shape, snapshot
from topline.core.migrations import Limits, MigrationFailed, Migrations, connect
from topline.core.migrations.alone import alone
from topline.core.schema import head, look, position, revisions

QUICK = Limits(first_pause=0.05, longest_pause=0.05, wait_for_other=0.3)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    with postgres_databases.fresh() as url:
        yield url


def current(url: str) -> str | None:
    return position(url).current


def test_two_runners_at_once_run_each_revision_once(database_url: str, folder: Folder) -> None:
    """The record of a revision is its primary key: running it twice could not stay unnoticed."""
    last = [folder.plant(A_TABLE), folder.plant(A_COLUMN)][-1]
    Migrations(database_url).down("base")
    said: dict[int, list[str]] = {0: [], 1: [], 2: []}
    together = threading.Barrier(len(said))

    def run(number: int) -> None:
        runner = Migrations(database_url, folder=folder.path, say=said[number].append)
        together.wait()
        runner.up()

    threads = [threading.Thread(target=run, args=(number,)) for number in said]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ran = sorted(line.split()[0] for lines in said.values() for line in lines if " up: " in line)
    assert ran == [*revisions(), *(f"{int(head()) + more:04d}" for more in (1, 2))]
    assert current(database_url) == last


def test_a_second_runner_says_who_is_at_it_and_gives_up_in_the_end(database_url: str) -> None:
    said: list[str] = []
    with alone(database_url, said.append, 0):
        with pytest.raises(MigrationFailed, match=r"process \d+ on .* is still at it; nothing was changed"):
            Migrations(database_url, limits=QUICK, say=said.append).down("base")
        assert current(database_url) == head()
    assert said == [f"waiting for topline migrate, process {os.getpid()} on {socket.gethostname()}"]
    Migrations(database_url, limits=QUICK).down("base")
    assert current(database_url) is None


KILLED = """
import sys
from pathlib import Path
from topline.core.migrations import Migrations
Migrations(sys.argv[1], folder=Path(sys.argv[2])).up()
"""


def test_a_runner_that_is_killed_half_way_leaves_everything_before_it(year_url: str, folder: Folder) -> None:
    before = snapshot(year_url), shape(year_url), current(year_url)
    folder.plant(
        HALF.format(then="op.get_bind().exec_driver_sql('SELECT 1'); os.kill(os.getpid(), signal.SIGKILL)")
    )
    command = [sys.executable, "-c", KILLED, year_url, str(folder.path)]
    killed = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True)
    assert killed.returncode == -9, killed.stderr
    assert (snapshot(year_url), shape(year_url), current(year_url)) == before
    # The dead one's lock is gone with it.
    (folder.path / "versions" / f"{folder.head}_planted.py").unlink()
    folder.head = head()
    folder.plant(A_TABLE)
    Migrations(year_url, folder=folder.path, limits=QUICK).up()
    assert current(year_url) == folder.head


def test_a_failed_deployment_goes_back_with_one_command_and_loses_nothing(
    year_url: str, folder: Folder
) -> None:
    """The second of two revisions fails. What the release before wrote meanwhile is there after going back."""
    start = head()
    good = folder.plant(A_TABLE)
    folder.plant(HALF.format(then="raise ValueError('no such idea')").replace("planted", "other"))
    runner = Migrations(year_url, folder=folder.path)
    with pytest.raises(MigrationFailed) as failed:
        runner.up()
    assert str(failed.value) == (
        f"{folder.head} failed and was taken back: no such idea. The schema stands at {good}; the release before keeps"
        f" running on it, nothing is lost. Back: topline migrate down {start}"
    )
    with connect(year_url) as connection, connection.begin():
        # The release before finds it usable, and goes on writing.
        assert look(connection, revisions()).trouble == ""
        connection.exec_driver_sql("UPDATE locations SET name = name || ' (open)'")
    written, before = snapshot(year_url), shape(year_url)
    assert runner.losses(runner.plan(start)) == ()
    runner.down(start)
    assert current(year_url) == start
    del written["planted"], before["planted"]
    assert (snapshot(year_url), shape(year_url)) == (written, before)


def test_what_going_down_would_lose_is_counted(year_url: str, folder: Folder) -> None:
    start = head()
    folder.plant(A_TABLE)
    folder.plant(A_COLUMN)
    runner = Migrations(year_url, folder=folder.path)
    runner.up()
    assert runner.losses(runner.plan(start)) == ()
    with connect(year_url) as connection, connection.begin():
        connection.exec_driver_sql("INSERT INTO planted (id, note) VALUES (1, 'a'), (2, 'b')")
        connection.exec_driver_sql("UPDATE locations SET stars = 5")
    lost = [str(loss) for loss in runner.losses(runner.plan(start))]
    assert lost == ["planted: 2 rows", "locations.stars: 2 values"]
    assert [str(loss) for loss in runner.losses(runner.plan("-1"))] == ["locations.stars: 2 values"]


def test_a_long_reader_holds_up_neither_others_nor_the_migration_for_ever(
    postgres_url: str, folder: Folder
) -> None:
    """Without the short wait, an innocent reader would wait behind the migration until the long reader is done."""
    folder.plant(A_COLUMN)
    waits: list[float] = []
    refused, done = threading.Event(), threading.Event()

    def innocent() -> None:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            while not done.is_set():
                started = time.perf_counter()
                connection.execute("SELECT count(*) FROM locations")
                waits.append(time.perf_counter() - started)
                time.sleep(0.01)

    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if "attempt 3" in line:
            refused.set()

    limits = Limits(lock_timeout=0.4, first_pause=0.1, longest_pause=0.1)
    runner = threading.Thread(target=Migrations(postgres_url, folder=folder.path, limits=limits, say=say).up)
    reader = threading.Thread(target=innocent)
    with psycopg.connect(postgres_url) as long_reader:
        long_reader.execute("SELECT count(*) FROM locations")
        reader.start()
        runner.start()
        assert refused.wait(30), "the migration was not held up: the test shows nothing"
    runner.join()
    done.set()
    reader.join()
    assert current(postgres_url) == folder.head
    assert f"{folder.head} up" in said[-1]
    assert 0.2 < max(waits) < 1.4, "it waited for the migration, and no longer than that waits"


def test_a_table_that_is_never_free_ends_in_a_sentence(postgres_url: str, folder: Folder) -> None:
    start = head()
    folder.plant(A_COLUMN)
    limits = Limits(lock_timeout=0.05, attempts=3)
    pauses: list[float] = []
    runner = Migrations(postgres_url, folder=folder.path, limits=limits, sleep=pauses.append)
    with psycopg.connect(postgres_url) as holder:
        holder.execute("SELECT count(*) FROM locations")
        with pytest.raises(MigrationFailed, match="others held what it needs in each of 3 attempts"):
            runner.up()
    assert len(pauses) == 2
    assert 0.5 <= pauses[0] <= 1 <= pauses[1] <= 2
    assert current(postgres_url) == start
