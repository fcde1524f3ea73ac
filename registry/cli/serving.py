"""``serve``: the registry's pages, API and SPARQL on one address."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry.cli.options import data, open_registry
from registry.errors import Unavailable

if TYPE_CHECKING:
    from registry.registry import Registry


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@data
def serve(host: str, port: int, directory: Path | None) -> None:
    """Serve the registry until it is stopped; put a TLS proxy before it where others reach it."""
    registry = open_registry(directory)
    serving, address = listening(registry, host, port)
    click.echo(f"address: {address}")
    sys.stdout.flush()
    with registry.following():
        serving.run()


def listening(registry: Registry, host: str, port: int) -> tuple[Any, str]:
    """A server that listens and is not yet running, and its address; raises Unavailable for a port in use."""
    from web.serve import server

    try:
        serving = server(registry, host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Unavailable(
            f"The port {port} is in use.", expected="a free port", todo="Name another with --port, or 0 for any."
        ) from None
    return serving, f"http://{host}:{serving.effective_port}/"


COMMANDS = {"serve": serve}
