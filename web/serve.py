"""The one place that knows waitress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from waitress.server import create_server

from web import create_app
from web.security import MAX_BODY

if TYPE_CHECKING:
    from registry.registry import Registry


def serve(registry: Registry, host: str = "127.0.0.1", port: int = 8080, *, secure_cookies: bool = False) -> None:
    """Serve the registry over HTTP until interrupted. TLS belongs to the proxy in front (then ``secure_cookies``)."""
    server(registry, host, port, secure_cookies=secure_cookies).run()


def server(registry: Registry, host: str, port: int, *, secure_cookies: bool = False):  # type: ignore[no-untyped-def]
    """The server, listening and not yet running; port 0 takes a free one (``effective_port``).

    The body limit here is wider than the application's, so that a file that is too large is refused by our own
    envelope; it is there to bound what waitress spools.
    """
    app = create_app(registry, secure_cookies=secure_cookies)
    return create_server(
        app, host=host, port=port, threads=8, ident=None, max_request_body_size=4 * MAX_BODY, channel_timeout=60
    )
