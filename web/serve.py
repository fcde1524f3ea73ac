"""The one place that knows waitress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from waitress.server import create_server

from web import create_app
from web.security import MAX_BODY

if TYPE_CHECKING:
    from registry.registry import Registry


def serve(
    registry: Registry,
    host: str = "127.0.0.1",
    port: int = 8000,
    announce: Callable[[str], None] | None = None,
    *,
    secure_cookies: bool = False,
) -> None:
    """Serve the registry over HTTP until interrupted. TLS belongs to the proxy in front (then ``secure_cookies``).

    ``announce`` gets the address once the port is taken and before the first request is answered.
    """
    listening = server(registry, host, port, secure_cookies=secure_cookies)
    if announce is not None:
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{listening.effective_port}/")
    with registry.following():
        listening.run()


def server(registry: Registry, host: str, port: int, *, secure_cookies: bool = False) -> Any:
    """The server, listening and not yet running; port 0 takes a free one (``effective_port``).

    The body limit here is wider than the application's, so that a file that is too large is refused by our own
    envelope; it is there to bound what waitress spools.
    """
    app = create_app(registry, secure_cookies=secure_cookies)
    return create_server(
        app,
        host=host,
        port=port,
        ipv6=":" in host,  # so that localhost is one address with one port, not two
        threads=8,
        ident=None,
        max_request_body_size=4 * MAX_BODY,
        channel_timeout=60,
    )
