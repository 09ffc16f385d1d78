"""Rules about templates: everything the content security policy refuses is refused here first, by line."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tests.house.repo import Finding

URL_ATTRIBUTES = {"href", "src", "action", "formaction"}
#: Attributes whose values htmx would evaluate as code.
EVALUATED = {"hx-vals", "hx-headers", "hx-vars", "hx-request"}
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SAFE = re.compile(r"\|\s*safe\b")
REASON = re.compile(r"\{#-?\s*safe: \S.*?#\}")
AUTOESCAPE_OFF = re.compile(r"\{%-?\s*autoescape\s+false")
TRIGGER_FILTER = re.compile(r"\[[^\]]*\]")


def template_is_strict(path: str, text: str) -> Iterator[Finding]:
    """No inline style, script or handler, nothing htmx would evaluate, no unexplained `|safe`."""
    parser = _Parser()
    parser.feed(JINJA.sub(_blank, text))
    parser.close()
    for line, what, why in parser.found:
        yield Finding("template", path, line, what, why)
    lines = text.splitlines()
    for number, line_text in enumerate(lines, start=1):
        if AUTOESCAPE_OFF.search(line_text):
            yield Finding("template", path, number, "autoescape false", "escaping is never switched off")
        explained = REASON.search(line_text) or (number > 1 and REASON.search(lines[number - 2]))
        if SAFE.search(line_text) and not explained:
            yield Finding(
                "template", path, number, "|safe", "say why in {# safe: … #} on this line or the one above"
            )


def _blank(match: re.Match[str]) -> str:
    """A word in place of Jinja code, so that the HTML around it parses; lines keep their numbers."""
    filler = "jinja" if match[0].startswith("{{") else ""
    return filler + "\n" * match[0].count("\n")


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "style":
            self._object("<style>", "styles stand in the stylesheet")
        if (
            tag == "script"
            and "src" not in given
            and given.get("type") not in ("application/json", "text/template")
        ):
            self._object("<script>", "scripts are files under static/")
        runs = (tag == "script" and "src" in given) or given.get("rel") == "modulepreload"
        if runs and given.get("nonce") != "jinja":
            self._object(f"<{tag}> without nonce", 'the browser runs only nonce="{{ nonce }}"')
        for name, value in given.items():
            self._check(name, value)

    def _check(self, name: str, value: str) -> None:
        if name == "style":
            self._object("style=", "styles stand in the stylesheet")
        elif re.fullmatch(r"on[a-z]+", name) or name.startswith(("hx-on", "data-hx-on")):
            self._object(f"{name}=", "handlers are attached by a module under static/")
        elif name in URL_ATTRIBUTES and value.strip().lower().startswith("javascript:"):
            self._object(f"{name}=javascript:", "addresses are addresses")
        elif name in EVALUATED and value.strip().lower().startswith(("js:", "javascript:")):
            self._object(f"{name}=js:", "htmx would evaluate it")
        elif name == "hx-trigger" and TRIGGER_FILTER.search(value):
            self._object("hx-trigger=[…]", "htmx would evaluate the filter")

    def _object(self, what: str, why: str) -> None:
        self.found.append((self.getpos()[0], what, why))
