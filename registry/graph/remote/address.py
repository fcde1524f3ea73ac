"""Where the service is, and who asks there.

Example: ``service("http://127.0.0.1:8890/sparql")`` is a Virtuoso: its updates go to ``/sparql-auth``, its graphs to
``/sparql-graph-crud-auth``. Of any other, ``service("https://h/ds/query", update="…", store="…")`` names all three.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from registry.errors import Refused, WrongUsage

Engine = Literal["virtuoso", "standard"]
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Service:
    """One service at one host and port: three paths, and a name and password that nothing ever prints."""

    scheme: str
    host: str
    port: int
    query: str
    update: str
    store: str
    engine: Engine
    name: str = ""
    password: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """The address of its queries, as people and logs see it: without name and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.query}"


def service(url: str, *, update: str = "", store: str = "", credentials: Path | None = None) -> Service:
    """The service at ``url``, the address that answers queries.

    ``update`` and ``store`` are the addresses of updates and of the Graph Store Protocol, at the same host and port;
    only a Virtuoso's need not be named. ``credentials`` is a file that holds ``name:password``. Raises WrongUsage for
    what is no such address, Refused for a file that others can read.
    """
    asked = _address(url)
    virtuoso = not update and not store and asked.path == "/sparql"
    if not virtuoso and not (update and store):
        raise WrongUsage(
            "Where this service takes updates is not known.",
            expected="the addresses of its updates and its graph store, or a Virtuoso's, which ends in /sparql",
            found=asked.path or "/", where="graph", todo="Name both, at the same host and port.",
        )  # fmt: skip
    name, password = _credentials(credentials) if credentials else ("", "")
    return Service(
        asked.scheme, asked.hostname or "", _port(asked), asked.path,
        "/sparql-auth" if virtuoso else _beside(asked, update).path,
        "/sparql-graph-crud-auth" if virtuoso else _beside(asked, store).path,
        "virtuoso" if virtuoso else "standard", name, password,
    )  # fmt: skip


def _address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _no_address(str(error)) from None
    if parts.username is not None or parts.password is not None:
        raise _no_address("one with a name or password in it: those stand in a file of their own")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or port == 0:
        raise _no_address(url[:200])
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise _no_address(f"{url[:200]}: what goes to another machine goes over TLS")
    return parts


def _no_address(given: str) -> WrongUsage:
    return WrongUsage(
        "This is no address of a SPARQL service.",
        expected="https://host/path, or http://127.0.0.1:port/path on this machine", found=given, where="graph",
    )  # fmt: skip


def _port(parts: SplitResult) -> int:
    return parts.port or {"http": 80, "https": 443}[parts.scheme]


def _beside(asked: SplitResult, url: str) -> SplitResult:
    other = _address(url)
    if (other.scheme, other.hostname, _port(other)) != (asked.scheme, asked.hostname, _port(asked)):
        raise WrongUsage(
            "One service stands at one host and port, and no other address is ever asked.",
            expected=f"an address at {asked.netloc}", found=url[:200], where="graph",
        )  # fmt: skip
    return other


def _credentials(file: Path) -> tuple[str, str]:
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8")[:_LONGEST].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(
            "The file of name and password cannot be read.", expected="name:password in UTF-8",
            found=type(error).__name__, where=str(file),
        ) from None  # fmt: skip
    if stat.S_IMODE(mode) & 0o077:
        raise Refused(
            "Others can read the file of name and password.", expected="mode 0600",
            found=f"mode {stat.S_IMODE(mode):04o}", where=str(file), todo=f"chmod 600 {file}",
        )  # fmt: skip
    name, colon, password = text.partition(":")
    if not (name and colon and password) or "\n" in text:
        raise WrongUsage(
            "The file of name and password holds something else.", expected="one line, name:password", where=str(file)
        )
    return name, password
