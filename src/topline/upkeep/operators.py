"""Who runs the installation: known by one token of the settings, and by nothing in the database."""

from secrets import compare_digest

from topline.web.request import Req, services


def is_operator(request: Req) -> bool:
    """Whether the request shows the operator's token. Without a configured one nobody does."""
    token = services(request).settings.operator_token.get_secret_value()
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    return (
        bool(token) and scheme.lower() == "bearer" and compare_digest(shown.strip().encode(), token.encode())
    )
