"""The one place that knows waitress, and in which order requests are answered when more come than can be.

A request waits for a thread in a line (``registry.turns.Line``): an account, or an address of which none is known,
holds a few threads at most, and whoever holds fewest goes first. Whoever was refused a few times, and asks again at
once, is kept waiting a second before that costs anything again. So a clinic that is signed in is not kept waiting by
whoever sends much, signed in or not.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from flask import Response, g, request
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher
from werkzeug.http import parse_cookie

from registry.services import Line
from web import create_app
from web.security import MAX_BODY, SESSION_COOKIE

if TYPE_CHECKING:
    from registry.services import Registry


class Settings(TypedDict, total=False):
    """What ``create_app`` lets a server choose."""

    secure_cookies: bool
    allowed_origins: tuple[str, ...]
    queries_per_minute: int


EACH, STRANGERS = 6, 12
"""Threads that one asker may hold, and all those together who are not known."""
THREADS = 64
"""A file, a password and a query hold theirs while they wait for their turns, which are fewer than these."""
LONGEST_HOLD = 0.001
"""Seconds after which a thread that computes lets another one go on: a page needs a few of them."""
KNOWN = 10_000
REFUSED, BREATH = {401, 429, 503}, 1.0
"""Answers to who is not known or has to come back later, and the seconds that whoever had a few of them waits."""


class Known:
    """Which account's credential a request carries, as far as this process has verified it before.

    It decides about the order of requests and about nothing else. No credential is kept, only its keyed hash.
    """

    def __init__(self) -> None:
        self._key, self._lock, self._names = secrets.token_bytes(32), threading.Lock(), dict[bytes, str]()

    def note(self, response: Response) -> Response:
        """After a request: its account, if it had one, is known by what it sent."""
        account, credential = g.get("account"), self._hash(request.headers.get("Authorization", ""), _cookie())
        if account is not None and credential:
            with self._lock:
                self._names.pop(credential, None)
                self._names[credential] = account.name
                while len(self._names) > KNOWN:
                    del self._names[next(iter(self._names))]
        return response

    def whose(self, headers: dict[str, str]) -> str:
        """The account of a request that nobody has verified yet; empty for none that is known."""
        session = parse_cookie(headers.get("COOKIE", "")).get(SESSION_COOKIE, "")
        with self._lock:
            return self._names.get(self._hash(headers.get("AUTHORIZATION", ""), session), "")

    def _hash(self, token: str, session: str) -> bytes:
        sent = token or session
        return hashlib.blake2b(sent.encode("utf-8", "replace"), key=self._key, digest_size=16).digest() if sent else b""


def _cookie() -> str:
    return request.cookies.get(SESSION_COOKIE, "")


class _Taken:
    """A channel whose request has a thread."""

    def __init__(self, dispatcher: Dispatcher, asker: tuple[str, bool], channel: Any) -> None:
        self._dispatcher, self._asker, self._channel = dispatcher, asker, channel

    def service(self) -> None:
        """Answer it, then let go of the thread."""
        self._dispatcher.answered.status = 0
        try:
            self._channel.service()
        finally:
            refused = self._dispatcher.answered.status in REFUSED
            with self._dispatcher.lock:
                self._dispatcher.line.ended(self._asker, refused=refused)

    def cancel(self) -> None:
        """The server ends."""
        self._channel.cancel()


class _Queue:
    """What waitress takes for its queue of channels."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def append(self, channel: Any) -> None:
        """A request came in on this channel."""
        whose = self._dispatcher.known.whose(channel.requests[0].headers)
        address = self._dispatcher.address(channel)
        self._dispatcher.line.append(whose or address, channel, known=bool(whose))

    def popleft(self) -> _Taken:
        """The channel whose turn it is."""
        asker, channel = self._dispatcher.line.take()
        return _Taken(self._dispatcher, asker, channel)

    def __len__(self) -> int:
        return len(self._dispatcher.line)

    def __bool__(self) -> bool:
        return bool(self._dispatcher.line)


class _Answered(threading.local):
    """The status that this thread has answered last."""

    status = 0


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc, unused-ignore]
    """waitress's threads, in the order of the line."""

    def __init__(self, known: Known, proxy: str) -> None:
        super().__init__()
        self.queue_logger = logging.getLogger("registry.line")
        self.queue_logger.setLevel(logging.ERROR)  # it would be told of each request of a flood
        self.known, self._proxy, self.line = known, proxy, Line[Any](each=EACH, strangers=STRANGERS)
        self.queue, self.answered, self._ended = _Queue(self), _Answered(), threading.Event()
        threading.Thread(target=self._breathe, name="line", daemon=True).start()

    def note(self, response: Response) -> Response:
        """After a request: what its thread has answered."""
        self.answered.status = response.status_code
        return response

    def shutdown(self, *arguments: Any, **named: Any) -> bool:
        """The server ends."""
        self._ended.set()
        return bool(super().shutdown(*arguments, **named))

    def _breathe(self) -> None:
        while not self._ended.wait(BREATH):
            with self.lock:
                if self.line.go_on():
                    self.queue_cv.notify_all()

    def address(self, channel: Any) -> str:
        """From where a request comes: as the proxy says, if it is the proxy that asks."""
        peer = str(channel.addr[0]) if isinstance(channel.addr, tuple) else ""
        if not self._proxy or peer != self._proxy:
            return peer
        forwarded: str = channel.requests[0].headers.get("X_FORWARDED_FOR", "")
        return forwarded.rpartition(",")[2].strip() or peer


def serve(
    registry: Registry,
    host: str = "127.0.0.1",
    port: int = 8000,
    announce: Callable[[str], None] | None = None,
    **settings: Unpack[Settings],
) -> None:
    """Serve the registry over HTTP until interrupted. TLS belongs to the proxy in front (then ``secure_cookies``).

    ``settings`` are those of ``create_app``.

    ``announce`` gets the address once the port is taken and before the first request is answered.
    """
    listening = server(registry, host, port, **settings)
    if announce is not None:
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{listening.effective_port}/")
    with registry.following():
        listening.run()


def server(registry: Registry, host: str, port: int, proxy: str = "", **settings: Unpack[Settings]) -> Any:
    """The server, listening and not yet running; port 0 takes a free one (``effective_port``).

    ``proxy`` is the address of the TLS proxy in front of it, if there is one: it is believed when it says for whom it
    asks (X-Forwarded-For), and cookies are then sent over TLS alone. Nobody else is believed.

    The body limit here is wider than the application's, so that a file that is too large is refused by our own
    envelope; it is there to bound what waitress spools.
    """
    believed: dict[str, Any] = {}
    if proxy:
        settings = {"secure_cookies": True, **settings}
        believed = {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}
    sys.setswitchinterval(LONGEST_HOLD)
    app, known = create_app(registry, **settings), Known()
    app.after_request(known.note)
    dispatcher = Dispatcher(known, proxy)
    app.after_request(dispatcher.note)
    dispatcher.set_thread_count(THREADS)
    return create_server(
        app,
        _dispatcher=dispatcher,
        host=host,
        port=port,
        ipv6=":" in host,  # so that localhost is one address with one port, not two
        ident=None,
        max_request_body_size=4 * MAX_BODY,
        # A connection that sends nothing is closed before those that would ask find none free.
        connection_limit=1000,
        channel_timeout=20,
        cleanup_interval=5,
        asyncore_use_poll=True,
        recv_bytes=65_536,  # each piece of a body costs a look at every connection
        clear_untrusted_proxy_headers=True,
        **believed,
    )
