"""When a certificate is worth a look, and what a server is found to show."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.certificates import make_pair
from tests.support.servers import free_port
from tests.upkeep.front import front
from topline.infra.certificates import Certificate, NoCertificateError, read_pem, shown_by

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def lives(total: timedelta, left: timedelta) -> Certificate:
    return Certificate("topline.example", "CN=An authority", NOW + left - total, NOW + left)


@pytest.mark.parametrize(
    ("total", "left", "words"),
    [
        (timedelta(days=90), timedelta(days=30), ""),
        (timedelta(days=90), timedelta(days=21), ""),
        (timedelta(days=90), timedelta(days=20, hours=23), "ends in 20 days"),
        (timedelta(days=90), timedelta(hours=5), "ends in 0 days, at 2026-03-04 17:00 UTC"),
        (timedelta(days=90), timedelta(0), "ended at 2026-03-04 12:00 UTC"),
        # Those that live shortly are renewed later: a quarter counts.
        (timedelta(days=45), timedelta(days=12), ""),
        (timedelta(days=45), timedelta(days=11), "ends in 11 days"),
        (timedelta(hours=12), timedelta(hours=4), ""),
        (timedelta(hours=12), timedelta(hours=2), "ends in 0 days"),
        (timedelta(days=90), timedelta(days=91), "is not valid before"),
    ],
)
def test_it_is_worth_a_look_when_no_renewal_came(total: timedelta, left: timedelta, words: str) -> None:
    found = lives(total, left).trouble(NOW, least_days=21)
    assert found.startswith(words) if words else found == ""


def test_a_file_tells_what_is_in_it(tmp_path: Path) -> None:
    found = read_pem(make_pair(tmp_path, days=40).certificate.read_bytes())
    assert (found.subject, found.issuer) == ("localhost, 127.0.0.1", "CN=localhost")
    assert found.days_left(datetime.now(UTC)) == 39
    with pytest.raises(ValueError, match="PEM"):
        read_pem(b"nothing")


def test_a_server_shows_it_and_a_client_says_what_it_thinks(tmp_path: Path) -> None:
    with front("http://127.0.0.1:9", tmp_path, days=40) as behind:
        port = int(behind.url.rpartition(":")[2])
        known = ssl.create_default_context(cafile=str(behind.authority))
        assert shown_by("127.0.0.1", port, known).distrust == ""
        assert "self-signed" in shown_by("127.0.0.1", port, ssl.create_default_context()).distrust
        assert shown_by("127.0.0.1", port, known).certificate.subject == "localhost, 127.0.0.1"


def test_nobody_there_is_no_certificate() -> None:
    with pytest.raises(NoCertificateError, match="refused"):
        shown_by("127.0.0.1", free_port(), ssl.create_default_context())
