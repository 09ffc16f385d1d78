"""Structured logs: one JSON object a line on standard output, or readable text for people."""

import logging
import queue
import re
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any, Final, TextIO
from urllib.parse import quote

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

#: Keys whose values never reach a log, whoever passes them by mistake.
SECRET_KEYS = frozenset({"pin", "password", "token", "code", "secret", "cookie", "authorization", "pepper"})
_TOKEN: Final = re.compile(r"(tl_[a-z]+_)[A-Za-z0-9_-]{20,}", re.ASCII)
#: How long lines are gathered before they are written together.
GATHER_SECONDS: Final = 0.05

#: A shorter value is a word that may stand anywhere, not a secret.
_SHORTEST: Final = 8

_lines: "Lines | None" = None
_secrets: tuple[str, ...] = ()


def keep_out(secrets: Iterable[str]) -> None:
    """Hide these values wherever they turn up in a line, whatever the key: a library's error may quote one."""
    global _secrets
    known = {*_secrets, *(secret for secret in secrets if len(secret) >= _SHORTEST)}
    _secrets = tuple(sorted(known | {quote(secret, safe="") for secret in known}, key=len, reverse=True))


def hide_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace the value of every key that names a secret, and every token inside a text (a wall's path holds one)."""
    for key, value in event.items():
        if key.lower() in SECRET_KEYS:
            event[key] = "[hidden]"
        elif isinstance(value, str):
            event[key] = _without_secrets(value)
    return event


def _without_secrets(text: str) -> str:
    for secret in _secrets:
        if secret in text:
            text = text.replace(secret, "[hidden]")
    return _TOKEN.sub(r"\1[hidden]", text) if "tl_" in text else text


def configure_logs(level: str, style: str) -> None:
    """Set up logging for the process. `style` is `json` or `text`."""
    global _lines
    if style == "json":
        _lines = Lines(sys.stdout)
        renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(serializer=_as_json)
        factory: Any = _lines
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=False)
        factory = structlog.PrintLoggerFactory(sys.stdout)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )


def flush_logs() -> None:
    """Wait until every line so far is written. Before the process ends."""
    if _lines is not None:
        _lines.flush()


class Lines:
    """Writes lines on a thread of its own, all that gathered at once.

    Writing to a pipe or a file for every request costs the event loop a system call and the interpreter's lock each.
    It is its own structlog logger and logger factory.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._queue: queue.SimpleQueue[str | threading.Event] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def __call__(self, *_: Any) -> "Lines":
        return self

    def msg(self, line: str) -> None:
        """Write a line soon."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, name="logs", daemon=True)
            self._thread.start()
        self._queue.put(line)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg

    def flush(self) -> None:
        """Wait, at most two seconds, until everything so far is written."""
        if self._thread is not None:
            written = threading.Event()
            self._queue.put(written)
            written.wait(2)

    def _write(self) -> None:
        while True:
            found = [self._queue.get()]
            if isinstance(found[0], str):
                time.sleep(GATHER_SECONDS)
            while not self._queue.empty():
                found.append(self._queue.get())
            lines = [line for line in found if isinstance(line, str)]
            try:
                self._out.write("".join(f"{line}\n" for line in lines))
                self._out.flush()
            except (OSError, ValueError):  # nobody reads standard output any more; the work goes on
                pass
            for waiting in found:
                if isinstance(waiting, threading.Event):
                    waiting.set()


def _as_json(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()
