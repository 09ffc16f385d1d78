"""What a browser meets at the front door: TLS, the same headers on everything, its own address, and no other."""

import socket
import ssl
from urllib.parse import urlsplit

import httpx
import pytest

from tests.browser.support.stage import PASSWORD, Stage
from tests.factories import headers
from tests.proxies.conftest import LIMIT
from tests.support.certificates import NAME
from tests.support.proxies import Front

PATHS = [
    "/",
    "/sign-in?next=%2Fpeople",
    "/api/users",
    "/static/nothing.css",
    "/a%20b/%C3%BC?q=1&r=%26",
    "/health",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_plain_address_is_sent_to_the_same_one_over_tls(front: Front, path: str) -> None:
    for method in ("GET", "POST"):
        answer = httpx.request(method, front.plain_url + path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (308, front.public_url + path)


def test_whoever_calls_it_by_another_name_is_sent_to_tls_too(front: Front) -> None:
    answer = httpx.get(f"{front.plain_url}/a", headers={"Host": "127.0.0.1"}, follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"].startswith("https://127.0.0.1")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(front: Front, version: ssl.TLSVersion) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shake_hands(front, version)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_current_tls_is_spoken(front: Front, version: ssl.TLSVersion) -> None:
    assert shake_hands(front, version) == {"TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}[version.name]


def shake_hands(front: Front, version: ssl.TLSVersion) -> str | None:
    """With a client that speaks only this version, however weak."""
    context = front.trust()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", front.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=NAME) as secure,
    ):
        return secure.version()


def test_every_answer_insists_on_tls_and_carries_the_headers_once(front: Front) -> None:
    with front.client() as client:
        answers = {
            "page": client.get("/sign-in"),
            "redirect": client.get("/"),
            "refusal": client.get("/api/users"),
            "not found": client.get("/nothing"),
            "health": client.get("/health"),
            "static": client.get("/static/favicon.svg"),
            "no file": client.get("/static/nothing"),
            "too large": client.post("/api/auth/login", content=b" " * 17_000_000),
        }
    assert answers["too large"].status_code == 413
    for kind, answer in answers.items():
        for name in ("strict-transport-security", "content-security-policy", "x-content-type-options"):
            assert len(answer.headers.get_list(name)) == 1, (kind, name)
        assert not any(word in answer.headers.get("server", "") for word in "0123456789"), kind


def test_static_files_come_packed_and_to_be_kept(front: Front) -> None:
    with front.client() as client:
        page = client.get("/sign-in").text
        path = page.partition('href="/static/')[2].partition('"')[0]
        for _ in range(2):
            file = client.get(f"/static/{path}")
            assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert file.headers.get_list("content-encoding") in (["gzip"], [])


def test_whoever_signs_in_gets_a_cookie_of_this_host_and_stays_on_it(front: Front, stage: Stage) -> None:
    with front.client("127.0.0.3") as client:
        said = {"Sec-Fetch-Site": "same-origin", "Origin": front.url}
        form = {"email": stage.cast.olga.email, "password": PASSWORD}
        answer = client.post("/sign-in", data=form, headers=said)
        assert answer.status_code == 303
        to = urlsplit(answer.headers["location"])
        assert (to.scheme, to.netloc) in (("", ""), ("https", f"{NAME}:{front.port}"))
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-topline_session=")
        assert "secure" in cookie.lower()
        assert client.get("/today").status_code == 200


def test_another_site_is_told_by_its_origin_behind_the_proxy_too(front: Front, stage: Stage) -> None:
    with front.client("127.0.0.4") as client:
        form = {"email": stage.cast.olga.email, "password": PASSWORD}
        for origin, status in ((front.url, 303), (f"https://{NAME}", 403), ("https://evil.example", 403)):
            assert client.post("/sign-in", data=form, headers={"Origin": origin}).status_code == status


def test_a_client_that_forges_its_address_is_counted_by_its_own(front: Front) -> None:
    with front.client("127.0.0.5") as client, front.client("127.0.0.6") as other:
        statuses = [
            client.get(
                "/api/auth/me",
                headers={
                    "X-Forwarded-For": f"203.0.113.{number}, 127.0.0.1",
                    "Forwarded": f"for=203.0.113.{number}",
                    "X-Real-IP": f"203.0.113.{number}",
                },
            ).status_code
            for number in range(LIMIT + 5)
        ]
        assert statuses == [401] * LIMIT + [429] * 5
        assert other.get("/api/auth/me").status_code == 401


def test_the_live_stream_is_not_held_back(front: Front, stage: Stage) -> None:
    with front.client("127.0.0.7") as client:
        cookie = {"Cookie": f"__Host-topline_display={stage.display.token}"}
        with client.stream("GET", "/api/scoreboard/stream", headers=cookie, timeout=5) as stream:
            assert stream.status_code == 200
            assert "content-encoding" not in stream.headers
            lines = stream.iter_lines()
            assert [next(lines) for _ in range(2)] == ["retry: 2000", "event: changed"]
        tablet = {"Cookie": f"__Host-topline_device={stage.tablet.token}"}
        assert client.get("/api/tablet/state", headers=tablet).status_code == 200
        assert client.get("/api/tablet/state", headers=headers(stage.tablet.token)).status_code == 401
