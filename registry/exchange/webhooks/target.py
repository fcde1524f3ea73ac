"""Which addresses may be sent to: https anywhere public, http to this machine by its own names alone.

Example: ``target("https://lims.example/hook").host`` is ``lims.example``; ``pinned`` looks its name up once, and the
message goes to the IP address that was looked at, so that a name which changes its mind reaches nothing else.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from registry.errors import Refused, WrongUsage

LONGEST = 500
HERE = frozenset({"127.0.0.1", "::1", "localhost"})
EXPECTED = "https://host/path, or http://127.0.0.1:port/path on this machine"
_NAT64 = IPv6Network("64:ff9b::/96")
_PATH = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")
_HOST = re.compile(r"[A-Za-z0-9.:-]+")
LookUp = Callable[..., Sequence[Any]]
Ip = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes, as the address names it."""

    scheme: str
    host: str
    port: int
    path: str


def target(address: str) -> Target:
    """The parts of an address; raises WrongUsage for one that nothing may be sent to.

    Name, password and query are refused: the address is on record for every reader of the ledger.
    """
    if len(address) > LONGEST or not address.isascii() or not address.isprintable():
        raise _no_address(address[:100])
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _no_address(address) from None
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or "?" in address or "#" in address:
        raise _no_address("one with a name, a password or a query, which would be on record for every reader")
    if parts.scheme not in ("https", "http") or port == 0 or not _HOST.fullmatch(host):
        raise _no_address(address)
    if not _PATH.fullmatch(parts.path):
        raise _no_address(address)
    if parts.scheme == "http" and host not in HERE:
        raise _no_address(f"{address}: what goes to another machine goes over TLS")
    return Target(parts.scheme, host, port or {"https": 443, "http": 80}[parts.scheme], parts.path or "/")


def pinned(to: Target, *, private: bool, look_up: LookUp = socket.getaddrinfo) -> str:
    """The IP address that a message to this target goes to, of those that its name has now.

    Every one of them must be public, or this machine's where the target names this machine; ``private`` where the
    administrator allowed the host to stand in the house's own network. Raises Refused for any other, and for a name
    that has none.
    """
    try:
        answers = list(look_up(to.host, to.port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        answers = []
    every = [ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    if not every:
        raise Refused("The name of this host has no address.", expected="a host that can be looked up", found=to.host)
    for each in every:
        if not _allowed(to, _inner(each), private=private):
            raise Refused(
                "This host stands where nothing is sent to.", expected="a public address",
                found=f"{to.host} at {each}", code="webhook-host",
                todo="An administrator allows a host of the house's own network when the webhook is named.",
            )  # fmt: skip
    return str(every[0])


def _allowed(to: Target, ip: Ip, *, private: bool) -> bool:
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local:  # what describes a machine to itself is link-local
        return False
    if ip.is_loopback:
        return to.host in HERE
    if to.host in HERE:
        return False
    return ip.is_global or private


def _inner(ip: Ip) -> Ip:
    """The IPv4 address that an IPv6 address stands for, where it does: a gateway would pass it on to that one."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


def _no_address(given: str) -> WrongUsage:
    return WrongUsage("Nothing is sent to this address.", expected=EXPECTED, found=given, where="address")
