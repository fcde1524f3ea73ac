"""``serve``: the registry's pages, API and SPARQL on one address."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from registry.cli.options import AtService, at_service, data, elsewhere, open_registry
from registry.cli.webhooks.deliver import delivering
from registry.errors import Unavailable

if TYPE_CHECKING:
    from registry.services import Registry
    from web.serve import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option(
    "--query-seconds",
    type=click.FloatRange(0.1, 3600),
    default=10.0,
    show_default=True,
    help="How long one query may take.",
)
@click.option(
    "--queries-per-minute",
    type=click.IntRange(0),
    default=240,
    show_default=True,
    help="How often one account may ask; 0 is without limit.",
)
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="A site whose pages may ask at /sparql with a token (CORS); may be repeated, * is any.",
)
@click.option(
    "--proxy",
    default="",
    metavar="ADDRESS",
    help="The TLS proxy in front, such as 127.0.0.1: its X-Forwarded-For says who asks, and cookies need TLS.",
)
@click.option(
    "--log",
    type=click.Choice(["json", "text"]),
    default="json",
    show_default=True,
    help="How standard error is written.",
)
@click.option("--deliver", is_flag=True, help="Send what waits for the webhooks too, by a process of its own.")
@at_service
@data
def serve(
    host: str,
    port: int,
    proxy: str,
    query_seconds: float,
    queries_per_minute: int,
    origins: tuple[str, ...],
    log: str,
    deliver: bool,
    directory: Path | None,
    **service: Unpack[AtService],
) -> None:
    """Serve the registry until it is stopped; put a TLS proxy before it where others reach it."""
    from web.upkeep.log import write_json_lines

    registry = open_registry(directory)
    if not os.access(registry.directory, os.W_OK):
        raise Unavailable(
            "The registry's folder cannot be written, and a server would not see what others enter.",
            expected="a folder that can be written", found="one that is for reading", where=str(registry.directory),
        )  # fmt: skip
    registry.queries.seconds = query_seconds
    elsewhere(registry, service)
    settings: Settings = {"queries_per_minute": queries_per_minute, "allowed_origins": origins}
    if log == "json":
        write_json_lines()
    serving, address = listening(registry, host, port, proxy, **settings)
    click.echo(f"address: {address}")
    sys.stdout.flush()
    # As an interrupt does: no request is taken any more, those that run are answered, the graph is closed.
    signal.signal(signal.SIGTERM, lambda *_what: sys.exit(0))
    sending = delivering(registry.directory) if deliver else nullcontext()
    with sending, registry.following():
        serving.run()


def listening(
    registry: Registry, host: str, port: int, proxy: str = "", **settings: Unpack[Settings]
) -> tuple[Any, str]:
    """A server that listens and is not yet running, and its address; raises Unavailable for a port in use."""
    from web.serve import server

    try:
        serving = server(registry, host, port, proxy, **settings)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Unavailable(
            f"The port {port} is in use.", expected="a free port", todo="Name another with --port, or 0 for any."
        ) from None
    return serving, f"http://{host}:{serving.effective_port}/"


COMMANDS = {"serve": serve}
