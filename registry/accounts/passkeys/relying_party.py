"""The one address at which a registry's passkeys work: a browser answers for the address that it is at, or not at all.

Example: ``relying_party("https://cells.example:8443")`` has the id ``cells.example`` (WebAuthn's RP ID).

The address comes from a setting of the registry, else from its base; never from what a request says of itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from registry.errors import WrongUsage

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)*{_LABEL}")
_EXPECTED = "https://, a name such as cells.example, and a port where it is not 443; or http://localhost"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Where passkeys work: ``origin`` as browsers state it, ``id`` as passkeys are bound to it."""

    origin: str
    id: str


def relying_party(address: str) -> RelyingParty:
    """Of an address ``https://host[:port]``, with or without a path; raises WrongUsage where WebAuthn cannot work.

    Browsers offer it over TLS alone, but for ``localhost``, and for names alone: an IP address is no RP ID (WebAuthn
    level 3, sections 5.1.2 and 13.4.9).
    """
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _refusal("no address", address) from None
    if parts.username or parts.query or parts.fragment:
        raise _refusal("more than a scheme, a name and a port", address)
    if not _DOMAIN.fullmatch(host) or len(host) > 253 or re.fullmatch(r"\d+|0x[0-9a-f]*", host.rpartition(".")[2]):
        raise _refusal("an IP address, or no name of a machine", address)
    local = host == "localhost" or host.endswith(".localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise _refusal("no TLS: browsers offer no passkeys there", address)
    standard = port is None or port == {"https": 443, "http": 80}[parts.scheme]
    return RelyingParty(f"{parts.scheme}://{host}" + ("" if standard else f":{port}"), host)


def _refusal(problem: str, address: str) -> WrongUsage:
    return WrongUsage(
        "Passkeys cannot work at this address.", expected=_EXPECTED, found=f"{address[:200]}: {problem}",
        where="address", todo="Name the address that people type into their browsers.", action="passkey-address",
    )  # fmt: skip
