"""Cross-site requests: refused by what the browser itself says about where a request comes from.

Every current browser sends `Sec-Fetch-Site` (and `Origin` with unsafe methods). A request that changes something and
carries a cookie is let in only when it comes from our own origin. No token has to be rendered, stored or expire, so a
queue of taps that was offline for a day can still be sent. See `docs/decisions/0010`.
"""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_cross_site(
    method: str, *, host: str, origin: str | None, fetch_site: str | None, has_cookie: bool
) -> bool:
    """Whether a request must be refused as coming from another site."""
    if method in SAFE or not has_cookie:
        return False
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    if origin is not None:
        # "null" (a sandboxed page) has no host, so it must not pass where the request names none either.
        return origin.lower() not in (f"https://{host}".lower(), f"http://{host}".lower()) or not host
    # A cookie without either header is no current browser. Scripts use a key, not a cookie.
    return True
