"""``serve``: the registry's pages, API and SPARQL on one address."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.options import data, open_registry


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@data
def serve(host: str, port: int, directory: Path | None) -> None:
    """Serve the registry until it is stopped; put a TLS proxy before it where others reach it."""
    from web.serve import server

    registry = open_registry(directory)
    serving = server(registry, host, port)
    click.echo(f"address: http://{host}:{serving.effective_port}/")
    sys.stdout.flush()
    with registry.following():
        serving.run()


COMMANDS = {"serve": serve}
