"""The hotels that are photographed: the demo hotel, made once a day and copied, and an installation still empty."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.browser.support.script import Script
from tests.browser.support.server import ROOT, Server
from topline.core import schema
from topline.core.migrations import upgrade

BUILD = ROOT / "build" / "screenshots"
#: Nobody counts how often the photographer asks.
_SETTINGS = {"TOPLINE_LIMIT_API": "100000/minute", "TOPLINE_LIMIT_UNKNOWN_SIGN_IN": "1000/minute"}


@dataclass(frozen=True)
class Hotel:
    """A served hotel. `accounts` are the demo's sign-ins, empty for the empty installation."""

    url: str
    accounts: dict[str, Any]

    def script(self, who: str) -> Script:
        """The API in the name of the demo's owner or manager."""
        return Script(self.url, self.accounts[who]["api_key"])


@contextmanager
def demo_hotel() -> Iterator[Hotel]:
    """A copy of the demo hotel: what is photographed changes nothing for the next time."""
    kept, copy = BUILD / "demo", BUILD / "served"
    accounts = _demo(kept)
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(kept, copy)
    server = Server(copy, settings=_SETTINGS).start()
    try:
        hotel = Hotel(server.url, accounts)
        _reject_something(hotel)
        yield hotel
    finally:
        server.kill()
        shutil.rmtree(copy, ignore_errors=True)


@contextmanager
def empty_hotel(name: str = "empty") -> Iterator[Hotel]:
    """An installation before its first run, in a folder of that name."""
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    upgrade(f"sqlite:///{folder / 'topline.db'}")
    server = Server(folder, settings=_SETTINGS).start()
    try:
        yield Hotel(server.url, {})
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _demo(folder: Path) -> dict[str, Any]:
    """The demo's sign-ins. It is made anew for another schema, and on another day: its last day is always yesterday."""
    file = folder / "demo-accounts.json"
    if not _is_of_today(file) or not schema.position(f"sqlite:///{folder / 'topline.db'}").is_current:
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "topline", "demo", "--no-serve", "--data", str(folder)]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _is_of_today(file: Path) -> bool:
    """Whether it is there and was made today."""
    return (
        file.exists() and datetime.fromtimestamp(file.stat().st_mtime, UTC).date() == datetime.now(UTC).date()
    )


def _reject_something(hotel: Hotel) -> None:
    """The person on the tablet finds a rejected log to answer."""
    person = hotel.accounts["staff"][0]["id"]
    script = hotel.script("manager")
    try:
        found = script.call("GET", f"/api/behavior-logs?person_id={person}&status=pending&limit=2")
        for log in found["items"][:1]:
            words = {"reason": "amount_mismatch", "note": "The folio says 35. Which one is right?"}
            script.call("POST", "/api/behavior-logs/bulk-reject", {"ids": [log["id"]], **words})
    finally:
        script.close()
