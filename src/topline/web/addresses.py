"""Whose address is it: forwarded headers are believed only from the configured proxy."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network


def parse_networks(text: str) -> tuple[Network, ...]:
    """`"127.0.0.1, 10.0.0.0/24"` → networks. Raises ValueError for anything else."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


#: Whoever comes through a Unix socket has no address: it is somebody on this machine whom its permissions let in.
BY_SOCKET: Final = "127.0.0.1"


def is_trusted(peer: str, trusted: tuple[Network, ...]) -> bool:
    """Whether forwarded headers of this peer are believed."""
    return _within(peer, trusted)


def client_of(peer: str, forwarded_for: str | None, trusted: tuple[Network, ...]) -> str:
    """The address of the client behind the connection from `peer`.

    Walks `X-Forwarded-For` from the right, past trusted proxies, to the first address nobody of ours wrote. A header
    from an untrusted peer is ignored: a client can put anything there.
    """
    if not forwarded_for or not _within(peer, trusted):
        return peer
    for part in reversed(forwarded_for.split(",")):
        candidate = part.strip()
        try:
            ip_address(candidate)
        except ValueError:
            return peer
        if not _within(candidate, trusted):
            return candidate
    return peer


def bucket_of(address: str) -> str:
    """The key under which an address is limited: IPv6 by its /64, since one client owns that many."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network(f"{parsed}/64", strict=False).network_address)
    return address


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
