"""Rendering pages: one Jinja environment over every domain's templates, and the frame around each page."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType

from topline.core.errors import Problem
from topline.web.cookies import make_cookie, read_cookie
from topline.web.formats import Formats
from topline.web.request import Req, nonce, request_id
from topline.web.static_files import StaticFiles
from topline.web.words import kit_words, words_for


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation. `badge` is a count beside it (None: nothing to show), `short` the phone's label."""

    href: str
    label: str
    icon: str
    badge: int | None = None
    current: bool = False
    group: str | None = None
    short: str | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, as the frame shows it."""

    name: str
    initials: str
    color: int
    role: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of one caller."""

    formats: Formats
    organization_name: str
    demo: bool = False
    me: Me | None = None
    nav: list[NavItem] = field(default_factory=list)
    locale: str = "en"


#: Carries a toast over the redirect after a plain form.
FLASH_COOKIE = "topline_flash"
NO_FRAME = Frame(Formats("en", "USD", "UTC"), "Topline")


class Pages:
    """Renders templates. `frame_of` finds the caller's frame; it may read the database."""

    def __init__(
        self, folders: Iterable[Path], static: StaticFiles, frame_of: Callable[[Req], Frame]
    ) -> None:
        self._frame_of = frame_of
        self._static = static
        self._folders = tuple(folders)

    def text(self, name: str, frame: Frame, **context: Any) -> str:
        """A template as text, for one frame."""
        return (
            _environment(self._folders, self._static, frame.formats, frame.locale)
            .get_template(name)
            .render(
                nav=frame.nav,
                me=frame.me,
                organization_name=frame.organization_name,
                demo=frame.demo,
                locale=frame.locale,
                **context,
            )
        )

    def show(
        self,
        request: Req,
        name: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        framed: bool = True,
        **context: Any,
    ) -> Response[str]:
        """A page or fragment as a response. Personal pages are never stored by browsers or proxies."""
        frame = self._frame_of(request) if framed else NO_FRAME
        flash = _flash_of(request)
        text = self.text(
            name,
            frame,
            path=request.scope["path"],
            request_id=request_id(request),
            nonce=nonce(request),
            flash=flash,
            **context,
        )
        response = Response(
            text,
            media_type=MediaType.HTML,
            status_code=status,
            headers={"Cache-Control": "no-store", **(headers or {})},
        )
        if flash:
            response.set_cookie(make_cookie(request, FLASH_COOKIE, "", 0))
        return response

    def problem(self, request: Req, problem: Problem, headers: dict[str, str]) -> Response[str]:
        """The error page for a problem."""
        text = self.text(
            "error.html",
            NO_FRAME,
            title=problem.title,
            detail=problem.detail,
            advice="",
            status=problem.status,
            wait=problem.retry_after,
            # A form would be sent again.
            again=request.method == "GET" and (problem.status >= 500 or problem.retry_after is not None),
            request_id=request_id(request),
            nonce=nonce(request),
        )
        return Response(text, media_type=MediaType.HTML, status_code=problem.status, headers=headers)


@lru_cache(maxsize=16)
def _environment(
    folders: tuple[Path, ...], static: StaticFiles, formats: Formats, locale: str
) -> Environment:
    """One environment per way of formatting, so that compiled templates are kept: hotels share few of them."""
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(static_url=static.url)
    environment.filters.update(_filters(formats))
    words = words_for(locale)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    # Jinja's own `_` would take the % of "95 % of the time" for a placeholder when no values are given.
    environment.globals["_"] = lambda text, **values: (
        words.gettext(text) % values if values else words.gettext(text)
    )
    environment.globals["t"] = kit_words(locale)
    return environment


def pages(request: Req) -> Pages:
    """The renderer."""
    found: Pages = request.app.state.pages
    return found


def show(request: Req, name: str, **context: Any) -> Response[str]:
    """Render a page or fragment of the caller's house."""
    return pages(request).show(request, name, **context)


def is_fragment(request: Req) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def redirect(request: Req, to: str, toast: dict[str, Any] | None = None) -> Response[str]:
    """Send the browser elsewhere after a form. htmx gets `HX-Redirect`, a plain form gets 303."""
    if request.headers.get("hx-request") == "true":
        response = Response("", media_type=MediaType.HTML, status_code=200, headers={"HX-Redirect": to})
    else:
        headers = {"Location": to, "Cache-Control": "no-store"}
        response = Response("", media_type=MediaType.HTML, status_code=303, headers=headers)
    if toast is not None:
        packed = base64.urlsafe_b64encode(msgspec.json.encode(toast)).decode()
        response.set_cookie(make_cookie(request, FLASH_COOKIE, packed, 20))
    return response


def toast_header(message: str, *, undo_url: str | None = None, tone: str = "info") -> dict[str, str]:
    """The header that makes the page show a toast: `{message, undo_url, tone}`."""
    return _toast({"message": message, "undo_url": undo_url, "tone": tone})


def _flash_of(request: Req) -> list[dict[str, Any]]:
    """What the form before this page wanted said. Only a local address can be its undo."""
    packed = read_cookie(request, FLASH_COOKIE)
    if packed is None:
        return []
    try:
        toast = msgspec.json.decode(base64.urlsafe_b64decode(packed), type=dict[str, str | None])
    except (ValueError, msgspec.DecodeError):
        return []
    undo = toast.get("undo_url")
    if undo is not None and (not undo.startswith("/") or undo.startswith("//")):
        undo = None
    return [{"message": toast.get("message") or "", "undo_url": undo, "tone": toast.get("tone") or "info"}]


def _toast(toast: dict[str, Any] | None) -> dict[str, str]:
    if toast is None:
        return {}
    # Headers are latin-1: the JSON is escaped to ASCII.
    return {"HX-Trigger": _ascii(msgspec.json.encode({"toast": toast}).decode())}


def _ascii(text: str) -> str:
    return "".join(c if ord(c) < 128 else "".join(f"\\u{u:04x}" for u in _utf16(c)) for c in text)


def _utf16(character: str) -> list[int]:
    raw = character.encode("utf-16-be")
    return [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]


def _filters(formats: Formats) -> dict[str, Callable[..., str]]:
    return {
        "money": formats.money,
        "money_whole": formats.money_whole,
        "number": formats.number,
        "percent": formats.percent,
        "date": formats.date,
        "time": formats.time,
        "datetime": formats.datetime,
    }
