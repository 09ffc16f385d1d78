"""`topline demo` a second time: what is there is kept, what is half is not, and what is not ours is left alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from topline.core.settings import Settings, SettingsError
from topline.upkeep import commands
from topline.web.services import Services


def broken(_: Settings) -> Services:
    raise RuntimeError("out of memory")


def prepare(data: Path, build: Callable[[Settings], Services], *, fresh: bool = False) -> dict[str, Any]:
    settings = Settings(data=data, log_level="error")
    return commands.prepare_demo(settings, build, seed=1, fresh=fresh, say=lambda _: None)


def test_a_demo_that_broke_off_leaves_nothing_and_the_next_one_begins_anew(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError, match="out of memory"):
            prepare(tmp_path, broken)
        assert list(tmp_path.glob("topline.db*")) == []
        assert not (tmp_path / "demo-accounts.json").exists()


def test_a_demo_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "topline.db").write_bytes(b"what was tried in it")
    (tmp_path / "demo-accounts.json").write_text('{"today": "2026-03-04", "display_token": "x"}', "utf-8")
    accounts = prepare(tmp_path, broken)
    assert accounts["display_url"].endswith("/wall/x")
    assert (tmp_path / "topline.db").read_bytes() == b"what was tried in it"


@pytest.mark.parametrize("fresh", [False, True])
def test_a_database_of_somebody_else_is_never_touched(tmp_path: Path, fresh: bool) -> None:
    (tmp_path / "topline.db").write_bytes(b"a real hotel")
    with pytest.raises(SettingsError, match="not a demo hotel"):
        prepare(tmp_path, broken, fresh=fresh)
    assert (tmp_path / "topline.db").read_bytes() == b"a real hotel"
