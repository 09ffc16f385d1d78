"""What protects a browser: TLS and the headers of every answer."""

import socket
import ssl
import warnings
from datetime import datetime, timedelta
from typing import Final

import httpx

from topline.core.settings import CERTIFICATE_DAYS
from topline.infra.certificates import NoCertificateError, shown_by
from topline.upkeep.preflight.checklist import Finding, failed, passed, unknown, weakest
from topline.upkeep.preflight.site import TIMEOUT_SECONDS, Site

_LEAST_HSTS: Final = timedelta(days=180)
_PROXY: Final = "use the shipped deploy/caddy or deploy/nginx configuration"
_OLD: Final = {ssl.TLSVersion.TLSv1: "TLS 1.0", ssl.TLSVersion.TLSv1_1: "TLS 1.1"}

#: Header → the words its value must hold.
_WANTED: Final[dict[str, tuple[str, ...]]] = {
    "content-security-policy": ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"),
    "x-content-type-options": ("nosniff",),
    "x-frame-options": ("DENY",),
    "referrer-policy": ("origin",),
    "permissions-policy": ("geolocation=()",),
    "cross-origin-opener-policy": ("same-origin",),
}
_FORBIDDEN: Final = ("unsafe-inline", "unsafe-eval", "'unsafe-hashes'", " * ", " http:", " https:;")


def https(site: Site, now: datetime) -> Finding:
    """Plain HTTP leads to HTTPS on the same path; old versions are refused; the certificate lives on; HSTS is said."""
    if not site.is_https:
        return failed("the address itself is plain http", "put TLS in front: " + _PROXY)
    return weakest(
        _redirect(site), *(_refuses(site, old) for old in _OLD), _certificate(site, now), _hsts(site)
    )


def headers(site: Site) -> Finding:
    """The same protection on a page, an API refusal, a page that is not there, a static file and the probe."""
    page = site.ask("GET", "/sign-in", headers={"Accept": "text/html"})
    answers = {
        "a page": page,
        "an API refusal": site.ask("GET", "/api/auth/me"),
        "a missing page": site.ask("GET", "/preflight/nothing-here", headers={"Accept": "text/html"}),
        "a missing static file": site.ask("GET", "/static/preflight-nothing-here"),
        "the probe": site.ask("GET", "/health"),
    }
    wrong = [f"{name}: {what}" for name, answer in answers.items() for what in _missing(answer)]
    if "nonce-" not in page.headers.get("content-security-policy", ""):
        wrong.append("a page: scripts need no nonce")
    foreign = site.ask("GET", "/api/auth/me", headers={"Origin": "https://preflight.invalid"})
    if foreign.headers.get("access-control-allow-origin"):
        wrong.append("a foreign site may call the API")
    if wrong:
        return failed(
            "; ".join(wrong[:4]), "let the proxy pass Topline's own headers and add none; " + _PROXY
        )
    return passed(f"strict on {', '.join(answers)}; no foreign site may call the API")


def _missing(answer: httpx.Response) -> list[str]:
    found = [
        f"{name} is {answer.headers.get(name, 'missing')!r:.60}"
        for name, words in _WANTED.items()
        if not all(word in answer.headers.get(name, "") for word in words)
    ]
    policy = answer.headers.get("content-security-policy", "") + ";"
    return found + [f"the policy allows {word.strip()}" for word in _FORBIDDEN if word in policy]


def _redirect(site: Site) -> Finding:
    path = "/sign-in?from=preflight"
    plain = f"http://{site.host}:{site.http_port}{path}"
    try:
        answer = httpx.get(plain, timeout=TIMEOUT_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        return unknown(
            f"nothing answers at {plain} ({type(error).__name__})",
            "say with --http-port where plain http is served, or serve a redirect there",
        )
    to = answer.headers.get("location", "")
    there = {f"https://{site.host}{path}", f"https://{site.host}:{site.port}{path}"}
    if answer.status_code != 308 or to not in there:
        where = f" to {to}" if to else ""
        return failed(f"plain http answers {answer.status_code}{where}", "redirect with 308: " + _PROXY)
    return passed("plain http leads to https with 308")


def _refuses(site: Site, version: ssl.TLSVersion) -> Finding:
    name = _OLD[version]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        context.set_ciphers("ALL:@SECLEVEL=0")  # our own side must be able to, or it would prove nothing
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is why we ask
            context.minimum_version = context.maximum_version = version
        plain = _connected(site)
    except OSError as error:
        return unknown(
            f"no connection to ask whether {name} is spoken: {error}", "see that it can be reached"
        )
    try:
        with plain, context.wrap_socket(plain, server_hostname=site.host):
            return failed(f"{name} is spoken", "allow TLS 1.2 and 1.3 only: " + _PROXY)
    except ssl.SSLError as error:
        if "NO_PROTOCOLS_AVAILABLE" in str(error) or "NO_CIPHERS" in str(error):
            return unknown(
                f"this machine cannot speak {name}, so it cannot ask", "run it from another machine"
            )
        return passed(f"{name} is refused")
    except (ConnectionResetError, BrokenPipeError):
        return passed(f"{name} is refused")
    except OSError as error:  # silence, for example
        return unknown(f"asked for {name}, there was no answer: {error}", "ask again")


def _certificate(site: Site, now: datetime) -> Finding:
    try:
        shown = shown_by(site.host, site.port, site.trust())
    except NoCertificateError as error:
        return failed(f"no certificate is shown: {error}", _PROXY)
    trouble = shown.certificate.trouble(now, CERTIFICATE_DAYS)
    if trouble:
        return failed(f"the certificate {trouble}", "look why it was not renewed; see docs/operate/tls.md")
    if shown.distrust:
        return failed(
            f"the certificate is not believed: {shown.distrust}",
            "name its authority with --ca, or get another",
        )
    return passed(f"the certificate lives {shown.certificate.days_left(now)} days more")


def _hsts(site: Site) -> Finding:
    said = site.ask("GET", "/sign-in").headers.get("strict-transport-security", "")
    age = next(
        (part.partition("=")[2] for part in said.split(";") if part.strip().startswith("max-age")), "0"
    )
    if not age.strip().isdigit() or int(age) < _LEAST_HSTS.total_seconds():
        return failed(
            f"Strict-Transport-Security is {said or 'missing'!r}",
            "set TOPLINE_TRUSTED_PROXIES to the proxy, so that Topline knows it is behind TLS",
        )
    return passed("HSTS is said")


def _connected(site: Site) -> socket.socket:
    return socket.create_connection((site.host, site.port), timeout=TIMEOUT_SECONDS)
