"""``timestamp``: the newest checkpoint stamped by a service elsewhere (RFC 3161), for a cron job."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import data, open_registry
from registry.cli.proofs.post import post
from registry.errors import Unavailable
from registry.proof.timestamps.token import MAX_BYTES, QUERY


@click.group()
def timestamp() -> None:
    """Have the ledger's checkpoint stamped by a service of time-stamps."""


@timestamp.command("ask")
@data
def ask(directory: Path | None) -> None:
    """Ask the service of timestamps.toml to stamp the newest checkpoint. For a cron job; nothing else asks it.

    It is told the SHA-256 of the checkpoint, and nothing else.
    """
    timestamps = open_registry(directory).proofs.timestamps
    size, stamped = timestamps.stamp(_sent)
    click.echo(f"Stamped: {size} entries, by {stamped.by}, at {stamped.at:%Y-%m-%d %H:%M:%S} +00:00.")


def _sent(address: str, request: bytes) -> bytes:
    try:
        status, reply = post(address, request, QUERY, MAX_BYTES)
    except OSError as error:
        raise Unavailable("The service of time-stamps does not answer.", expected="a time-stamp",
                          found=str(error)[:200], where=address) from None  # fmt: skip
    if status != 200:
        raise Unavailable("The service of time-stamps refuses.", expected="status 200", found=f"status {status}",
                          where=address)  # fmt: skip
    return reply


COMMANDS = {"timestamp": timestamp}
