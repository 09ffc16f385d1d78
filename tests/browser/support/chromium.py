"""Chromium under a test's control: with a profile on the disk that survives the death of its process."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Playwright

from tests.browser.support.watch import Watch

#: Nothing of the browser's own may call home, and a test machine has no sandbox and no graphics card.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TABLET = {"width": 1280, "height": 800}


@dataclass
class Profile:
    """A browser's profile folder; at most one browser runs on it."""

    playwright: Playwright
    program: Path
    folder: Path
    watch: Watch
    context: BrowserContext | None = None

    def open(self, **options: Any) -> BrowserContext:
        """Start the browser, with whatever the profile kept from before."""
        options = {"viewport": TABLET, **options}
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder, executable_path=self.program, args=ARGUMENTS, **options
        )
        self.watch.listen_to(self.context)
        return self.context

    def close(self) -> None:
        """End the browser in an orderly way."""
        context, self.context = self.context, None
        if context is not None:
            with contextlib.suppress(Error):
                context.close()

    def kill(self) -> None:
        """End the browser as a tablet whose battery is empty."""
        found = [pid for pid in _processes() if _is_main(pid, self.folder)]
        assert found, "the browser's process was not found"
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 10
        while any(_is_main(pid, self.folder) for pid in found):
            assert time.monotonic() < end, "the browser did not die"
            time.sleep(0.05)
        self.close()
        for lock in self.folder.glob("Singleton*"):
            lock.unlink()


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _is_main(pid: int, profile: Path) -> bool:
    """Whether this is the browser's main process on that profile: its children carry a `--type`."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    return f"--user-data-dir={profile}" in arguments and not any(a.startswith("--type=") for a in arguments)
