"""What the forms of this domain share."""

from typing import Any

import msgspec

from topline.core.errors import Problem
from topline.core.text import TextError
from topline.web.forms import errors_by_field
from topline.web.problems import as_problem


def text(fields: dict[str, Any], name: str) -> str:
    """A posted field as text; nothing, or a file in its place, is an empty one."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def texts(fields: dict[str, Any], name: str) -> list[str]:
    """A field that may be posted several times."""
    value = fields.get(name)
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def refused(error: Problem | TextError) -> tuple[int, dict[str, str]]:
    """Status and messages by field for a form that is shown again; "" holds what is about no single field.

    422 so that htmx swaps it in; a wait keeps its 429.
    """
    problem = as_problem(error)
    if problem.status >= 500:
        raise error
    found = errors_by_field(problem)
    return (429 if problem.status == 429 else 422), found or {"": problem.detail}


def local_path(wanted: str | None) -> str:
    """Where to go after signing in: only to an address of our own, else to the start."""
    path = wanted or "/"
    # ASCII, because it becomes a header; addresses of ours are always written so.
    plain = path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
    return path if plain and "\\" not in path and len(path) <= 1000 else "/"


def credential_of(fields: dict[str, Any]) -> dict[str, Any]:
    """What the browser's script put into the form; nothing for anything else, which no passkey answers."""
    try:
        return msgspec.json.decode(text(fields, "credential"), type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
