"""Which service stamps a registry's checkpoints: ``timestamps.toml`` in its folder.

    address = "https://tsa.example/tsr"
    certificate = "tsa.pem"                 # the service's root certificate, a file beside this one

Without this file nobody is asked anything.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from registry.errors import Unreadable

FILE = "timestamps.toml"


@dataclass(frozen=True, slots=True)
class Service:
    """Where it answers, and the certificates that its own must lead to."""

    address: str
    roots: tuple[x509.Certificate, ...]


def service_of(directory: Path) -> Service | None:
    """The service that is named in a registry's folder, None for none; raises Unreadable for what names none fully."""
    file = directory / FILE
    if not file.exists():
        return None
    try:
        named = tomllib.loads(file.read_text(encoding="utf-8"))
        address, certificate = named["address"], named["certificate"]
        roots = x509.load_pem_x509_certificates((directory / certificate).read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refusal(file, f"{type(error).__name__}: {error}"[:200]) from error
    if set(named) != {"address", "certificate"} or not str(address).startswith(("https://", "http://")):
        raise _refusal(file, str(named)[:200])
    return Service(str(address), tuple(roots))


def _refusal(file: Path, problem: str) -> Unreadable:
    return Unreadable("This names no service of time-stamps.", found=problem, where=str(file),
                      expected="address, and certificate with the name of a PEM file beside it")  # fmt: skip
