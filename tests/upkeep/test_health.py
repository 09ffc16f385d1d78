"""Readiness: what is looked at, what decides, who is told what, and that a hanging check holds up nobody."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.testing import TestClient

from tests.support.certificates import make_pair
from tests.support.servers import free_port
from topline.core.clock import FixedClock
from topline.core.settings import Settings
from topline.infra.tls import CertificateFiles
from topline.main import create_app
from topline.upkeep.health import PATIENCE_SECONDS, Ask, Doctor, Health, Look, backup, certificate
from topline.web.doorway import Doorway

TOKEN = "an operator's token of the tests, forty"
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}
PROBES = ("/health/ready", "/api/health")


def well() -> tuple[bool, str]:
    return True, "ok"


def ill() -> tuple[bool, str]:
    return False, "broken"


def breaks() -> tuple[bool, str]:
    raise RuntimeError("secret words")


def examined(*looks: Look) -> Health:
    return asyncio.run(Doctor(looks).examine())


@pytest.mark.parametrize(
    ("vital", "other", "ready", "degraded"),
    [
        (well, well, True, False),
        (well, ill, True, True),
        (ill, well, False, False),
        (ill, ill, False, False),
        (breaks, well, False, False),
        (well, breaks, True, True),
    ],
)
def test_only_what_is_vital_decides(vital: Ask, other: Ask, ready: bool, degraded: bool) -> None:
    found = examined(Look("vital", vital), Look("other", other, is_vital=False))
    assert (found.is_ready, found.is_degraded) == (ready, degraded)
    assert "secret words" not in str(found)


def test_checks_are_made_side_by_side_and_none_is_waited_for_longer_than_a_second() -> None:
    stuck = threading.Event()

    def hangs() -> tuple[bool, str]:
        stuck.wait(30)
        return True, "at last"

    async def story() -> tuple[float, Health, Health]:
        doctor = Doctor([Look(f"hangs {number}", hangs) for number in range(5)])
        began = time.monotonic()
        first = await doctor.examine()
        took = time.monotonic() - began
        threads = threading.active_count()
        await asyncio.sleep(1.1)
        await doctor.examine()
        # Nothing is asked anew while the first answer is still to come.
        assert threading.active_count() <= threads
        stuck.set()
        await asyncio.sleep(1.1)
        return took, first, await doctor.examine()

    took, first, last = asyncio.run(story())
    assert took < PATIENCE_SECONDS + 0.8
    assert {check.detail for check in first.checks if check.name != "serving"} == {
        "no answer within a second"
    }
    assert last.is_ready


def test_what_was_found_counts_for_a_second_however_many_ask() -> None:
    asked: list[int] = []

    def count() -> tuple[bool, str]:
        asked.append(1)
        return True, "ok"

    async def story() -> None:
        doctor = Doctor([Look("counted", count)])
        await asyncio.gather(*(doctor.examine() for _ in range(100)))
        await doctor.examine()
        assert len(asked) == 1
        doctor.draining = True
        assert not (await doctor.examine()).is_ready
        assert len(asked) == 1

    asyncio.run(story())


@pytest.mark.parametrize(
    ("written", "ok", "detail"),
    [
        (None, False, "no backup yet"),
        ('{"verified_at":"2026-03-04T02:00:00Z"}', True, "last verified backup 8 hours ago"),
        ('{"verified_at":"2026-03-03T07:30:00Z"}', False, "last verified backup 26 hours ago"),
        ('{"verified_at":"2026-03-04T02:00:00"}', False, "the record of the last backup cannot be read"),
        ('{"verified_at":', False, "the record of the last backup cannot be read"),
        ("{}", False, "the record of the last backup cannot be read"),
    ],
)
def test_how_old_the_last_verified_backup_is(
    tmp_path: Path, clock: FixedClock, written: str | None, ok: bool, detail: str
) -> None:
    if written is not None:
        (tmp_path / "backups").mkdir()
        (tmp_path / "backups" / "verified.json").write_text(written)
    assert backup(tmp_path, clock)() == (ok, detail)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return Settings(**{**settings.model_dump(), "operator_token": TOKEN})


def test_load_balancers_are_told_ready_and_nothing_else(client: TestClient[Doorway]) -> None:
    for path in PROBES:
        for sent in ({}, {"Authorization": "Bearer " + "x" * 40}, {"Cookie": f"topline_session={TOKEN}"}):
            answer = client.get(path, headers=sent)
            assert (answer.status_code, answer.json()) == (200, {"status": "ready"}), path


def test_operators_are_told_what_was_looked_at(client: TestClient[Doorway], settings: Settings) -> None:
    for path in PROBES:
        body = client.get(path, headers=OPERATOR).json()
        # Nobody made a backup of this database, and the answer does not invent one.
        assert body["status"] == "degraded"
        found = {check["name"]: (check["ok"], check["vital"]) for check in body["checks"]}
        assert found == {
            "serving": (True, True),
            "database": (True, True),
            "disk": (True, True),
            "jobs": (True, False),
            "day totals": (True, False),
            "backup": (False, False),
        }
        assert "topline:" not in str(body)


def test_the_version_is_for_operators(client: TestClient[Doorway]) -> None:
    assert client.get("/health/version").status_code == 401
    assert client.get("/health/version", headers=[(b"Authorization", b"Bearer \xe4\xff")]).status_code == 401
    body = client.get("/health/version", headers=OPERATOR).json()
    assert set(body) == {"version", "schema", "python"}


def test_without_a_configured_token_nobody_is_an_operator(settings: Settings, clock: FixedClock) -> None:
    app = create_app(Settings(**{**settings.model_dump(), "operator_token": ""}), clock)
    with TestClient(app, base_url="http://topline.test") as client:
        for token in ("", "Bearer", "Bearer ", f"Bearer {TOKEN}"):
            answer = client.get("/health/ready", headers={"Authorization": token})
            assert answer.json() == {"status": "ready"}
            assert client.get("/health/version", headers={"Authorization": token}).status_code == 401


def test_a_cache_that_is_away_degrades_and_does_not_take_the_house_out(
    settings: Settings, clock: FixedClock
) -> None:
    away = Settings(**{**settings.model_dump(), "redis_url": f"redis://127.0.0.1:{free_port()}/0"})
    with TestClient(create_app(away, clock), base_url="http://topline.test") as client:
        answer = client.get("/health/ready", headers=OPERATOR)
        found = {check["name"]: check["ok"] for check in answer.json()["checks"]}
        assert (answer.status_code, found["shared cache"], found["database"]) == (200, False, True)


def test_whoever_is_ending_says_so_at_once(client: TestClient[Doorway], app: Doorway) -> None:
    assert client.get("/health/ready").status_code == 200
    app.litestar.state.services.get(Doctor).draining = True
    for path in PROBES:
        assert (client.get(path).status_code, client.get(path).json()) == (503, {"status": "unavailable"})
    assert client.get("/health").status_code == 200


def test_the_certificate_is_looked_at_where_topline_shows_it_itself(tmp_path: Path) -> None:
    pair = make_pair(tmp_path, days=40, age=timedelta(days=50))
    clock = FixedClock(datetime.now(UTC))
    ask = certificate(CertificateFiles(pair.certificate, pair.key), 21, clock)
    assert ask() == (True, "ends in 39 days")
    clock.advance(timedelta(days=20))
    is_ok, detail = ask()
    assert not is_ok
    assert detail.startswith("ends in 19 days")
    pair.key.write_text("half of a renewal")
    assert ask() == (False, "the files cannot be used; what was served before still is, until a restart")


def test_a_late_certificate_is_told_to_operators_and_does_not_take_the_house_out(
    settings: Settings, tmp_path: Path
) -> None:
    pair = make_pair(tmp_path, days=3, age=timedelta(days=87))
    tls = {"tls_certificate": pair.certificate, "tls_key": pair.key}
    app = create_app(Settings(**{**settings.model_dump(), **tls}), FixedClock(datetime.now(UTC)))
    with TestClient(app, base_url="http://topline.test") as client:
        told = client.get("/health/ready", headers=OPERATOR).json()
    found = next(check for check in told["checks"] if check["name"] == "certificate")
    assert (found["ok"], found["vital"]) == (False, False)
    assert found["detail"].startswith("ends in 2 days")
