"""One request to the service: to its host and port alone, no redirect followed, so many bytes, so many seconds."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode

from registry.errors import Refused, TooLarge, Unavailable, WrongUsage
from registry.graph.remote.address import Service

SMALL = 1_000_000
"""Bytes of an answer that is no result of a query."""
_UNAUTHORISED, _NOT_FOUND, _BUSY = 401, 404, 503
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Http:
    """Requests to one service. Safe for threads: each request has its connection."""

    def __init__(self, service: Service) -> None:
        self.service = service
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, f"{service.scheme}://{service.host}", service.name, service.password)
        self._digest = urllib.request.HTTPDigestAuthHandler(passwords)
        self._lock = threading.Lock()
        self._challenge = ""

    def send(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str | list[str]] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float,
        most: int = SMALL,
    ) -> Answer:
        """The whole answer with a status below 400, or 404.

        Raises Unavailable when nobody answers, or not within ``seconds``; TooLarge beyond ``most`` bytes; Refused for
        what the service refuses, its words shortened.
        """
        target = path + (f"?{urlencode(parameters, doseq=True)}" if parameters else "")
        with self._known(seconds):
            answer = self._once(method, target, body, headers or {}, seconds, most)
            if answer.status == _UNAUTHORISED and self.service.name:
                with self._lock:
                    self._challenge = answer.headers.get("www-authenticate", "")
                answer = self._once(method, target, body, headers or {}, seconds, most)
        return self._judged(answer)

    def form(
        self, path: str, fields: Mapping[str, str | list[str]], accept: str, *, seconds: float, most: int = SMALL
    ) -> Answer:
        """A query or update as a form (SPARQL 1.1 Protocol 2.1.2): Virtuoso 7.2 hangs when it is the body itself."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        body = urlencode(fields, doseq=True).encode()
        return self.send("POST", path, None, body, headers, seconds=seconds, most=most)

    @contextmanager
    def _known(self, seconds: float) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            raise Unavailable(
                "The service that keeps the graph did not answer in time.",
                expected=f"an answer within {seconds:g} seconds", where=self.service.shown,
                todo="Ask for less: name the lots, the product or the time, and add LIMIT.",
            ) from None  # fmt: skip
        except (OSError, HTTPException) as error:
            raise Unavailable(
                "The service that keeps the graph does not answer.", found=type(error).__name__,
                where=self.service.shown, todo="Lots, releases and lists do not need it. Ask again in a moment.",
            ) from None  # fmt: skip

    def _judged(self, answer: Answer) -> Answer:
        if answer.status < 300 or answer.status == _NOT_FOUND:
            return answer
        if answer.status in (401, 403):
            raise Unavailable(
                "The service that keeps the graph does not let this registry in.",
                found=f"HTTP {answer.status}", where=self.service.shown, todo="Look at the file of name and password.",
            )  # fmt: skip
        if answer.status == _BUSY or 300 <= answer.status < 400:  # a redirect is never followed
            raise Unavailable(
                "The service that keeps the graph sent no answer.", found=f"HTTP {answer.status}",
                where=self.service.shown,
            )  # fmt: skip
        told = answer.body[:_SHOWN].decode("utf-8", "replace").split("\n")[0]
        text = "".join(sign if sign.isprintable() else " " for sign in told)
        if answer.status == 400:
            raise WrongUsage("The service that keeps the graph does not take this query.", found=text)
        raise Refused("The engine could not answer this query.", found=f"HTTP {answer.status}: {text}")

    def _once(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str], seconds: float, most: int
    ) -> Answer:
        kind = HTTPSConnection if self.service.scheme == "https" else HTTPConnection
        connection = kind(self.service.host, self.service.port, timeout=seconds)
        # The socket's own limit holds for each read; this one holds for all of them.
        late = threading.Event()
        watch = threading.Timer(seconds, _end, (connection, late))
        watch.daemon = True
        watch.start()
        try:
            sent = {"User-Agent": "cell-product-registry", **headers, **self._signed(method, target)}
            connection.request(method, target, body=body, headers=sent)
            response = connection.getresponse()
            content = response.read(most + 1)
            if len(content) > most:
                raise TooLarge(
                    "The answer is larger than one answer may be, and half an answer would mislead.",
                    expected=f"at most {most:,} bytes", todo="Add LIMIT, or ask for counts.",
                )  # fmt: skip
            _check_whole(response, content)
            return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, content)
        except (OSError, HTTPException, AttributeError):
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            watch.cancel()
            connection.close()

    def _signed(self, method: str, target: str) -> dict[str, str]:
        """The header that says who asks, as the service's last challenge wants it; nothing before there was one."""
        with self._lock:
            scheme, _space, rest = self._challenge.partition(" ")
            if scheme.lower() == "basic":
                pair = base64.b64encode(f"{self.service.name}:{self.service.password}".encode()).decode()
                return {"Authorization": f"Basic {pair}"}
            if scheme.lower() != "digest":
                return {}
            asked = urllib.request.Request(  # noqa: S310 - never opened: it carries the method and path to be signed
                f"{self.service.scheme}://{self.service.host}{target}", method=method
            )
            given = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
            signed = self._digest.get_authorization(asked, given)
            return {"Authorization": f"Digest {signed}"} if signed else {}


def _check_whole(response: http.client.HTTPResponse, content: bytes) -> None:
    length = response.getheader("Content-Length")
    if length is not None and len(content) < int(length):
        raise http.client.IncompleteRead(b"")


def _end(connection: HTTPConnection, late: threading.Event) -> None:
    late.set()
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
