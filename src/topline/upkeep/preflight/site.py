"""The deployment as anybody on the network sees it."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

TIMEOUT_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Site:
    """Where it is, and what the operator lent us to look closer.

    `authority` is a CA file to trust beside the system's own; `http_port` is where plain HTTP must lead to HTTPS;
    `try_sign_in` allows six wrong passwords, after which this address waits a quarter of an hour.
    """

    url: str
    operator_token: str = ""
    authority: Path | None = None
    http_port: int = 80
    try_sign_in: bool = False
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        made = httpx.Client(base_url=self.url, verify=self.trust(), timeout=TIMEOUT_SECONDS, trust_env=False)
        object.__setattr__(self, "client", made)

    def trust(self) -> ssl.SSLContext:
        """Whom we believe to be the site."""
        context = ssl.create_default_context()
        if self.authority is not None:
            context.load_verify_locations(self.authority)
        return context

    @property
    def host(self) -> str:
        """The name or address in the URL."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port in the URL, else the scheme's."""
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def is_https(self) -> bool:
        """Whether the URL itself promises TLS."""
        return urlsplit(self.url).scheme == "https"

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, redirects not followed."""
        return self.client.request(method, path, **more)

    def as_operator(self, path: str) -> httpx.Response:
        """One look with the operator's token."""
        return self.ask("GET", path, headers={"Authorization": f"Bearer {self.operator_token}"})


def problem_code(answer: httpx.Response) -> str:
    """The stable code of a refusal, empty when the answer is none of ours."""
    try:
        found = answer.json()
    except ValueError:
        return ""
    return str(found.get("code", "")) if isinstance(found, dict) else ""
