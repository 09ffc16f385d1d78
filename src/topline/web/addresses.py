"""Whose address is it: forwarded headers are believed only from the configured proxy.

A server that listens on `::` meets IPv4 clients as `::ffff:203.0.113.5`. That is the same client, so the mapped form is
unwrapped wherever an address comes in. 6to4 and NAT64 are not: what such an address holds inside is the word of
whoever routes it, and its /64 is as good a bucket as any.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network


def parse_networks(text: str) -> tuple[Network, ...]:
    """`"127.0.0.1, 10.0.0.0/24"` → networks. Raises ValueError for anything else."""
    return tuple(
        _unwrapped(ip_network(part.strip(), strict=False)) for part in text.split(",") if part.strip()
    )


#: Whoever comes through a Unix socket has no address: it is somebody on this machine whom its permissions let in.
BY_SOCKET: Final = "127.0.0.1"


def is_trusted(peer: str, trusted: tuple[Network, ...]) -> bool:
    """Whether forwarded headers of this peer are believed."""
    parsed = _parsed(peer)
    return parsed is not None and any(parsed in network for network in trusted)


def client_of(peer: str, forwarded_for: str | None, trusted: tuple[Network, ...]) -> str:
    """The address of the client behind the connection from `peer`.

    Walks `X-Forwarded-For` from the right, past trusted proxies, to the first address nobody of ours wrote. A header
    from an untrusted peer is ignored: a client can put anything there.
    """
    nearest = plain(peer)
    if not forwarded_for or not is_trusted(peer, trusted):
        return nearest
    for part in reversed(forwarded_for.split(",")):
        candidate = part.strip()
        if _parsed(candidate) is None:
            return nearest
        if not is_trusted(candidate, trusted):
            return plain(candidate)
    return nearest


def bucket_of(address: str) -> str:
    """The key under which an address is limited: IPv6 by its /64, since one client owns that many."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network(f"{parsed}/64", strict=False).network_address)
    return plain(address)


def plain(address: str) -> str:
    """An address as it is written down: an IPv4 client of an IPv6 socket in its own form, all else as it came."""
    parsed = _parsed(address)
    return str(parsed) if isinstance(parsed, IPv4Address) else address


def _unwrapped(network: Network) -> Network:
    inside = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return (
        network if inside is None or network.prefixlen < 96 else IPv4Network((inside, network.prefixlen - 96))
    )


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
