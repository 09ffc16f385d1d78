"""What the command line does: load the demo, print its sign-ins, write the reference."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from topline.access.hashing import Hasher
from topline.core import migrations
from topline.core.clock import SystemClock
from topline.core.settings import Settings, SettingsError
from topline.organizations.rules import business_date
from topline.upkeep.demo import generate
from topline.upkeep.load import load
from topline.upkeep.reference import pages
from topline.web.services import Services

ZONE: Final = "Europe/Lisbon"
TURNING_HOUR: Final = 4
Say = Callable[[str], Any]


def prepare_demo(
    settings: Settings,
    build: Callable[[Settings], Services],
    *,
    seed: int,
    fresh: bool,
    say: Say,
) -> dict[str, Any]:
    """Make sure the data folder holds the demo hotel; return its sign-ins.

    A database with anything else in it is never touched. A demo hotel that is there already is kept, with whatever
    was tried in it, unless `fresh`.
    """
    accounts_file = settings.data / "demo-accounts.json"
    database = settings.data / "topline.db"
    if fresh and accounts_file.exists():
        for leftover in (accounts_file, *settings.data.glob("topline.db*")):
            leftover.unlink(missing_ok=True)
    if database.exists() and accounts_file.exists():
        accounts: dict[str, Any] = json.loads(accounts_file.read_text(encoding="utf-8"))
        _address(accounts, settings)
        _tell_age(accounts, settings, say)
    else:
        if database.exists():
            raise SettingsError(
                f"{database} holds something that is not a demo hotel; give another folder with --data"
            )
        accounts = _load(settings, build, seed, say)
    draft = accounts_file.with_suffix(".new")
    draft.write_text(json.dumps(accounts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(accounts_file)
    return accounts


def _load(settings: Settings, build: Callable[[Settings], Services], seed: int, say: Say) -> dict[str, Any]:
    say("making the schema")
    settings.data.mkdir(0o700, parents=True, exist_ok=True)
    try:
        migrations.upgrade(settings.url())
        services = build(settings)
        hasher = services.get(Hasher)
        now = services.clock.now()
        today = business_date(now, ZONE, TURNING_HOUR)
        hotel = generate(seed, today, ZONE, TURNING_HOUR, now)
        accounts = load(services.db, hasher, services.files, hotel, lambda text: say("  " + text))
        hasher.close()
        services.db.close()
    except BaseException:
        # Half a demo would be taken for a whole one next time.
        for leftover in settings.data.glob("topline.db*"):
            leftover.unlink(missing_ok=True)
        raise
    accounts["today"] = today.isoformat()
    _address(accounts, settings)
    return accounts


def _address(accounts: dict[str, Any], settings: Settings) -> None:
    base = f"http://{settings.host}:{settings.port}"
    accounts["base_url"] = base
    accounts["display_url"] = f"{base}/wall/{accounts['display_token']}"


def _tell_age(accounts: dict[str, Any], settings: Settings, say: Say) -> None:
    made = date.fromisoformat(accounts["today"])
    today = business_date(SystemClock().now(), ZONE, TURNING_HOUR)
    if made != today:
        say(f"This demo hotel was made for {made}. For one whose last day is yesterday: make demo FRESH=1")


def print_accounts(accounts: dict[str, Any], say: Say) -> None:
    """The addresses and sign-ins, for whoever started the demo."""
    base = accounts["base_url"]
    say("")
    say("Topline demo hotel. Everything in it is invented, except the 72 days of rooms, guests and revenue.")
    say("")
    say(f"  Sign in            {base}/sign-in")
    for who in ("owner", "manager"):
        say(f"    {who:<16} {accounts[who]['email']}   {accounts[who]['password']}")
    say(f"  Tablet             {base}/tablet")
    say("    enroll it        sign in as the manager, open “Tablets and wall”, take a code")
    for person in accounts["staff"]:
        say(f"    {person['name']:<24} {person['role']:<18} PIN {person['pin']}")
    say(f"  Wall               {accounts['display_url']}")
    say(f"  API                {base}/docs")
    say("")
    say("Ctrl+C ends it. The sign-ins also stand in demo-accounts.json in the data folder.")
    say("")


def write_reference(folder: Path, cli: click.Group, *, check: bool) -> list[str]:
    """Write (or, with `check`, compare) every generated page; returns the names that were not up to date."""
    stale = []
    for name, text in pages(cli).items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return stale
