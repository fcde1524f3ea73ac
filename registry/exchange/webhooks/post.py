"""One message sent: to one IP address, so many seconds for all of it, no redirect followed, nothing kept of the body.

The certificate is checked for the host that the address names, whatever IP address it has.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from registry.exchange.webhooks.target import Target

SECONDS = 10.0
"""How long a receiver may take for all of it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one attempt: the status, 0 where nobody answered, and the same in words."""

    status: int
    words: str

    @property
    def taken(self) -> bool:
        """Whether the receiver has it: 200 to 299."""
        return 200 <= self.status < 300


class _Pinned(HTTPConnection):
    """A connection to one IP address, for the host that the address names."""

    def __init__(self, to: Target, ip: str, seconds: float) -> None:
        super().__init__(to.host, to.port, timeout=seconds)
        self._to, self._ip = to, ip

    def connect(self) -> None:
        self.sock = socket.create_connection((self._ip, self._to.port), self.timeout)
        if self._to.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._to.host)


def post(to: Target, ip: str, headers: Mapping[str, str], body: bytes, *, seconds: float = SECONDS) -> Answered:
    """Send a message as JSON and answer what came of it; never raises for what a network or a receiver does."""
    connection, late = _Pinned(to, ip, seconds), threading.Event()
    # The socket's own limit holds for each read; this one holds for all of them.
    watch = threading.Timer(seconds, _end, (connection, late))
    watch.daemon = True
    watch.start()
    try:
        sent = {"Content-Type": "application/json", "User-Agent": "cell-product-registry", **headers}
        connection.request("POST", to.path, body=body, headers=sent)
        status = connection.getresponse().status
        return Answered(status, f"HTTP {status}")
    except ssl.SSLCertVerificationError:
        return Answered(0, "the certificate is not of this host, or of nobody known")
    except (OSError, HTTPException, AttributeError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            return Answered(0, f"no answer within {seconds:g} seconds")
        return Answered(0, f"no answer: {type(error).__name__}")
    finally:
        watch.cancel()
        connection.close()


def _end(connection: HTTPConnection, late: threading.Event) -> None:
    late.set()
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
