"""``mcp``: what a language model may ask, over standard input and output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from registry.cli.options import data, open_registry

MOST = 1_000_000
"""Bytes of one line, as the protocol's."""


@click.command()
@click.option("--site", default="", metavar="URL", help="The address of the registry's pages, which answers then name.")
@data
def mcp(site: str, directory: Path | None) -> None:
    """Serve a language model's client over standard input and output (Model Context Protocol), read-only.

    A client starts it by itself: name the command in its settings. Each line in is a message, each line out its answer.
    """
    from registry.services.accounts import LocalOperator
    from registry.services.agents.protocol import answer
    from registry.services.agents.tools import Tools

    tools = Tools(open_registry(directory), LocalOperator(), site if not site or site.endswith("/") else f"{site}/")
    for line in _lines(sys.stdin.buffer):
        told = answer(line, tools)
        if told is not None:
            sys.stdout.write(json.dumps(told, ensure_ascii=True, separators=(",", ":")) + "\n")
            sys.stdout.flush()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Each line that is not empty; one that is too long is read to its end, and its beginning refused as a message."""
    while line := stream.readline(MOST + 1):
        whole = line
        while len(line) > MOST and not line.endswith(b"\n"):
            line = stream.readline(MOST + 1)
        if whole.strip():
            yield whole


COMMANDS = {"mcp": mcp}
