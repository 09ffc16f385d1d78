"""A script of the hotel's: the API with a personal key, for what a story needs done behind the scenes."""

from typing import Any

import httpx


class Script:
    """Speaks to a server as the owner of an API key."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30)

    def call(self, method: str, path: str, json: Any = None) -> Any:
        """The JSON of the answer (None for an empty one); a refusal fails the test."""
        answer = self._client.request(method, path, json=json)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()
