"""Walks every page that links lead to, in a real browser, and keeps what was shown and what ran."""

import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urldefrag, urlsplit

from playwright.sync_api import BrowserContext, Page

#: What a person can read: texts, what stands in fields, and the words of attributes. Scripts are data, not shown.
_SHOWN = """() => {
  const out = [];
  for (const node of document.querySelectorAll("*")) {
    if (node.matches("script, style")) continue;
    for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE) out.push(child.data);
    for (const { name, value } of node.attributes) if (!name.startsWith("hx-")) out.push(value);
    if (node.matches("input, textarea")) out.push(node.value);
  }
  return out.join("\\n");
}"""
_LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter((a) => a.origin === location.origin && !a.hasAttribute("download")).map((a) => a.href)"""
_OPEN_ALL = """() => { for (const d of document.querySelectorAll("dialog:not([open])")) { d.showModal(); d.close(); }
  for (const d of document.querySelectorAll("details")) d.open = true; }"""
#: What in an address stands for one of many.
_ONE_OF_MANY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}(-\d\d(-\d\d)?)?")


@dataclass
class Crawl:
    """`before` is called ahead of each page. `most`: so many pages of one kind, and views of one page, are opened."""

    url: str
    most: int
    before: Callable[[int], None] = lambda _: None
    ran: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)

    def listen_to(self, context: BrowserContext) -> None:
        """Hear every program that was a text."""
        context.expose_function("p", lambda number: self.ran.append(f"payload {number} ran"))
        context.on("dialog", self._dialog)

    def walk(self, page: Page, *starts: str) -> None:
        """Open these and whatever they lead to."""
        waiting = deque(f"{self.url}{start}" for start in starts)
        while waiting:
            address = waiting.popleft()
            if not self._is_wanted(address):
                continue
            self.before(self.kinds.total())
            answer = page.goto(address)
            assert answer is not None
            assert answer.status < 400, f"{address}: {answer.status}"
            self.look(page)
            waiting.extend(urldefrag(link)[0] for link in page.evaluate(_LINKS))

    def look(self, page: Page) -> None:
        """Keep what the page shows, its dialogs included."""
        page.evaluate(_OPEN_ALL)
        self.shown.update(" ".join(line.split()) for line in page.evaluate(_SHOWN).splitlines())

    def _is_wanted(self, address: str) -> bool:
        if address in self._seen:
            return False
        self._seen.add(address)
        parts = urlsplit(address)
        if (
            parts.path.endswith(("/export", "/thumbnail", "/problems", ".json"))
            or "/templates/" in parts.path
        ):
            return False  # downloads
        kind = _ONE_OF_MANY.sub("{}", parts.path)
        if parts.query:
            kind += "?" + ",".join(sorted(parse_qs(parts.query)))
        self.kinds[kind] += 1
        if self.kinds[kind] > (3 if parts.query and "cursor" not in parts.query else self.most):
            self.kinds[kind] -= 1
            return False
        return True

    def _dialog(self, dialog: object) -> None:
        self.ran.append(f"a dialog opened: {dialog}")
        dialog.dismiss()  # type: ignore[attr-defined]
