"""The files of a certificate are watched: a new pair is taken up; a wrong one is refused, and told once."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.support.certificates import Pair, make_pair
from topline.infra.tls import CertificateError, CertificateFiles, Kept, watch

#: Until a thread that has nothing to wait for comes round again, on a machine that has much to do.
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class LookedAt(CertificateFiles):
    """Files that count how often they were looked at."""

    looks: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def fingerprint(self) -> str:
        found = super().fingerprint()
        self.looks.release()
        return found


@dataclass
class Watched:
    """Files that are watched, what was told of them, and how often a successor was taken up."""

    files: LookedAt
    told: list[EventDict]
    taken: list[str] = field(default_factory=list)

    def put(self, certificate: Path | None = None, key: Path | None = None) -> None:
        """Put something over the files, each whole."""
        for source, target in ((key, self.files.key), (certificate, self.files.certificate)):
            if source is not None:
                draft = target.with_suffix(".draft")
                shutil.copy(source, draft)
                draft.replace(target)

    def look(self, times: int = 4) -> None:
        """Wait until all that is there now was looked at so often, and what came of it was done."""
        while self.files.looks.acquire(blocking=False):
            pass
        for _ in range(times + 1):  # the first of them may have begun before
            assert self.files.looks.acquire(timeout=PATIENCE_SECONDS)

    @property
    def events(self) -> list[tuple[str, str]]:
        return [(entry["log_level"], entry["event"]) for entry in self.told if entry["log_level"] != "info"]


def pair_in(folder: Path) -> Pair:
    folder.mkdir()
    return make_pair(folder)


@pytest.fixture
def other(tmp_path: Path) -> Pair:
    return pair_in(tmp_path / "other")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    pair = pair_in(tmp_path / "served")
    with capture_logs() as told:
        found = Watched(LookedAt(pair.certificate, pair.key), told)
        end = watch(found.files, lambda: found.taken.append(found.files.fingerprint()), seconds=0.01)
        found.look()
        yield found
        end()


def test_what_stays_the_same_is_left_alone(watched: Watched) -> None:
    watched.files.certificate.touch()
    watched.look()
    assert (watched.taken, watched.events) == ([], [])


def test_a_new_pair_is_taken_up_once(watched: Watched, other: Pair) -> None:
    watched.put(other.certificate, other.key)
    watched.look()
    assert watched.taken == [CertificateFiles(other.certificate, other.key).fingerprint()]
    assert watched.events == []


def test_a_pair_that_does_not_belong_together_is_refused_and_told_once(watched: Watched, other: Pair) -> None:
    watched.put(key=other.key)
    watched.look(10)
    assert watched.taken == []
    assert watched.events == [("error", "certificate_refused")]
    assert "KEY_VALUES_MISMATCH" in watched.told[0]["reason"]
    watched.put(certificate=other.certificate)  # the other half, late
    watched.look()
    assert len(watched.taken) == 1


@pytest.mark.parametrize("content", ["", "no key at all", "-----BEGIN PRIVATE KEY-----\nMIG\n"])
def test_a_broken_key_is_refused(watched: Watched, tmp_path: Path, content: str) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text(content)
    watched.put(key=broken)
    watched.look()
    assert (watched.taken, watched.events) == ([], [("error", "certificate_refused")])


def test_the_old_pair_put_back_is_nothing_new(watched: Watched, other: Pair, tmp_path: Path) -> None:
    kept = tmp_path / "kept.pem"
    shutil.copy(watched.files.key, kept)
    watched.put(key=other.key)
    watched.look()
    watched.put(key=kept)
    watched.look()
    assert watched.taken == []
    watched.put(key=other.key)  # the same mistake once more is told once more
    watched.look()
    assert watched.events == [("error", "certificate_refused")] * 2


def test_files_that_are_away_for_a_moment_are_waited_for(watched: Watched, other: Pair) -> None:
    watched.files.certificate.unlink()
    watched.look()
    assert (watched.taken, watched.events) == ([], [])
    watched.put(other.certificate, other.key)
    watched.look()
    assert len(watched.taken) == 1


def test_half_of_a_renewal_is_no_alarm(tmp_path: Path, other: Pair) -> None:
    """The certificate follows its key before the next look."""
    pair = pair_in(tmp_path / "served")
    found: Watched

    class Renewing(LookedAt):
        def check(self) -> None:
            try:
                super().check()
            except CertificateError:
                found.put(certificate=other.certificate)
                raise

    with capture_logs() as told:
        found = Watched(Renewing(pair.certificate, pair.key), told)
        end = watch(found.files, lambda: found.taken.append("pair"), seconds=0.01)
        found.look()
        found.put(key=other.key)
        found.look(6)
        end()
    assert found.taken == ["pair"]
    assert found.events == []


def test_what_workers_read_is_the_last_pair_that_could_be_used(tmp_path: Path, other: Pair) -> None:
    pair = pair_in(tmp_path / "served")
    private = tmp_path / "private"
    private.mkdir()
    kept = Kept(CertificateFiles(pair.certificate, pair.key), private)
    kept.take()
    first = kept.files.fingerprint()
    assert not kept.is_behind()
    assert {path.stat().st_mode & 0o777 for path in (kept.files.key, kept.files.certificate)} == {0o600}
    shutil.copy(other.key, pair.key)
    with pytest.raises(CertificateError, match="KEY_VALUES_MISMATCH"):
        kept.take()
    assert kept.is_behind()
    pair.certificate.unlink()
    with capture_logs() as told:
        kept.take_or_tell()
    assert [entry["event"] for entry in told] == ["certificate_refused"]
    assert kept.files.fingerprint() == first
    kept.files.check()
    shutil.copy(other.certificate, pair.certificate)
    kept.take_or_tell()
    assert kept.files.fingerprint() == CertificateFiles(other.certificate, other.key).fingerprint()
