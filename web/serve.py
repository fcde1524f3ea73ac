"""The one place that knows waitress."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from waitress.server import create_server

from registry.services import WAITING_QUERIES
from web import create_app
from web.security import MAX_BODY

if TYPE_CHECKING:
    from registry.services import Registry


class Settings(TypedDict, total=False):
    """What ``create_app`` lets a server choose."""

    secure_cookies: bool
    allowed_origins: tuple[str, ...]
    queries_per_minute: int


LEFT_FOR_PAGES = 8


def threads() -> int:
    """Enough that lot pages are answered while every query that may run or wait does: those, and some more.

    A query holds its thread until it is answered; the query service turns away what is beyond (``graph.Limits``).
    """
    return (os.cpu_count() or 1) + WAITING_QUERIES + LEFT_FOR_PAGES


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
    app = create_app(registry, **settings)
    return create_server(
        app,
        host=host,
        port=port,
        ipv6=":" in host,  # so that localhost is one address with one port, not two
        threads=threads(),
        ident=None,
        max_request_body_size=4 * MAX_BODY,
        # A connection that sends nothing is closed before those that would ask find none free.
        connection_limit=1000,
        channel_timeout=20,
        cleanup_interval=5,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=True,
        **believed,
    )
