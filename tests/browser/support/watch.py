"""Ears in every page: an error on the console, an uncaught exception or a broken content policy fails the test."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

#: Runs before anything of the page does.
_LISTEN = """
addEventListener("securitypolicyviolation", (e) =>
  console.error(`policy broken: ${e.violatedDirective} by ${e.blockedURI} in ${e.sourceFile}:${e.lineNumber}`));
"""


@dataclass
class Watch:
    """What went wrong in the pages of a test. `expect` names, by a part of its text, what the test provokes itself."""

    heard: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, *parts: str) -> None:
        """Messages that contain one of these are part of the story."""
        self.expected.extend(parts)

    def listen_to(self, context: BrowserContext) -> None:
        """From now on, to every page of this browser."""
        context.add_init_script(_LISTEN)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.heard.append(f"uncaught: {error.error}"))

    def unexpected(self) -> list[str]:
        """What nobody asked for."""
        return [text for text in self.heard if not any(part in text for part in self.expected)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            page: Page | None = message.page
            self.heard.append(
                f"{message.text} [{message.location.get('url', '')}] on {page.url if page else '?'}"
            )


#: What the browser itself says when a test takes the server away.
NO_SERVER = ("net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE")
