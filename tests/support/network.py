"""Tests reach this machine and nothing else: a call to any other address is a defect of the test."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import pytest


class NetworkUseError(AssertionError):
    """A test tried to reach an address outside this machine."""


def is_local(address: object) -> bool:
    """Whether a socket address stays on this machine; anything that is no (host, port) is a Unix socket."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on only loopback and Unix sockets can be connected to, and only local names are looked up."""
    monkeypatch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not is_local((name, 0)):
            raise NetworkUseError(f"a test looked up {name!r}")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if not is_local(address):
            raise NetworkUseError(f"a test tried to reach {address!r}")
        return connect(self, address)

    return guarded
