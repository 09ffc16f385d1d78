"""Files that appear whole or not at all, and log lines that give nothing away."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.infra.files import LocalFiles
from topline.infra.logs import SECRET_KEYS, configure_logs, flush_logs
from topline.organizations.models import Organization


def test_a_file_is_stored_replaced_and_removed(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    assert files.get("evidence/1.webp") is None
    files.put("evidence/1.webp", b"first")
    files.put("evidence/1.webp", b"second")
    assert files.get("evidence/1.webp") == b"second"
    files.delete("evidence/1.webp")
    files.delete("evidence/1.webp")
    assert files.get("evidence/1.webp") is None


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = LocalFiles(tmp_path)
    files.put("a/b", b"whole")

    def full(_number: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        files.put("a/b", b"half")
    assert files.get("a/b") == b"whole"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"], "a draft was left behind"


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    contents = [bytes([number]) * 200_000 for number in range(8)]
    files.put("a/b", contents[0])

    def write(number: int) -> None:
        for _ in range(5):
            files.put("a/b", contents[number])

    def read(_number: int) -> set[bytes]:
        return {files.get("a/b") or b"" for _ in range(40)}

    with ThreadPoolExecutor(12) as pool:
        writing = [pool.submit(write, number) for number in range(8)]
        seen = set().union(*pool.map(read, range(4)))
        for done in writing:
            done.result()
    assert seen <= set(contents)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a/..",
        ".hidden",
        "A",
        "a b",
        "a\\b",
        "a\n",
        "a\0b",
        "é",
        "a" * 120,
    ],
)
def test_a_key_that_could_lead_elsewhere_is_refused(tmp_path: Path, key: str) -> None:
    files = LocalFiles(tmp_path / "files")
    for act in (files.get, files.delete, lambda key: files.put(key, b"x")):
        with pytest.raises(ValueError, match="not a file key"):
            act(key)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def log() -> Any:
    """A logger as the program has it; the suite's own configuration comes back afterwards."""
    before = structlog.get_config()
    yield lambda: structlog.get_logger("test")
    structlog.configure(**before)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    flush_logs()
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("key", sorted({*SECRET_KEYS, *(name.upper() for name in SECRET_KEYS)}))
@pytest.mark.parametrize("style", ["json", "text"])
def test_a_secret_is_hidden_whoever_passes_it_by_mistake(
    log: Any, capsys: pytest.CaptureFixture[str], key: str, style: str
) -> None:
    configure_logs("info", style)
    log().info("signed_in", **{key: "4711-4711", "person": "known"})
    (line,) = lines(capsys)
    assert "4711" not in line
    assert "[hidden]" in line
    assert "known" in line


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_token_is_hidden_wherever_it_stands(
    log: Any, capsys: pytest.CaptureFixture[str], style: str
) -> None:
    """The path of a wall display holds its token, and so does the text of an error about it."""
    configure_logs("info", style)
    random = "Abc-_" * 8 + "xyz"
    try:
        raise ValueError(f"no wall at /wall/tl_display_{random}?a=b")
    except ValueError:
        log().exception("request", path=f"/wall/tl_display_{random}")
    found = "\n".join(lines(capsys))
    assert random not in found
    assert found.count("tl_display_[hidden]") >= 2


@pytest.mark.parametrize("style", ["json", "text"])
def test_no_value_can_forge_a_log_line(log: Any, capsys: pytest.CaptureFixture[str], style: str) -> None:
    configure_logs("info", style)
    forged = '/x\n2026-01-01T00:00:00Z [info] request actor=owner\r\n{"event": "request"}\x1b[2J'
    log().info("request", path=forged, **{"odd key": forged})
    found = lines(capsys)
    assert len(found) == 1
    assert "\x1b" not in found[0]


def test_a_json_line_can_be_read_back(log: Any, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "json")
    log().debug("too_quiet")
    log().warning("odd", path='quo"te\n', number=5)
    (line,) = lines(capsys)
    found = json.loads(line)
    assert found.pop("timestamp").endswith("Z")
    assert found == {"event": "odd", "level": "warning", "path": 'quo"te\n', "number": 5}


def test_an_error_in_the_log_has_its_trace_in_one_line(log: Any, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "json")
    try:
        raise ValueError("broken")
    except ValueError:
        log().exception("failed")
    (line,) = lines(capsys)
    assert "ValueError: broken" in json.loads(line)["exception"]


def test_a_database_error_names_no_values(database: Database) -> None:
    """Its text ends up in the log with the trace, so what people typed must not be part of it."""
    house = {"id": new_id(), "name": "Private words", "currency": "EUR", "locale": "en", "settings": {}}
    with pytest.raises(IntegrityError) as error, database.write() as tx:  # noqa: PT012
        for _ in range(2):
            tx.change(insert(Organization).values(created_at=tx.now, **house))
    assert "Private words" not in str(error.value)
