"""``deliver``: the process that tells other systems which lots changed, and does nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from registry.cli.options import data, open_registry
from registry.errors import Unavailable

PAUSE = 2.0
"""Seconds between two looks at the ledger."""


@click.command()
@click.option("--once", is_flag=True, help="Send what is due and end; for a timer.")
@click.option("--parent", type=int, hidden=True, help="End when this process is no longer the parent.")
@data
def deliver(once: bool, parent: int | None, directory: Path | None) -> None:
    """Send what waits for the webhooks, and go on until stopped; several may run, each message is sent by one."""
    registry = open_registry(directory)
    deliverer = registry.deliverer()
    if once:
        tried = deliverer.step()
        click.echo(f"{tried} message{'' if tried == 1 else 's'} tried")
        return
    signal.signal(signal.SIGTERM, lambda *_what: sys.exit(0))
    while parent is None or os.getppid() == parent:
        try:
            deliverer.step()
        except Unavailable as error:
            click.echo(f"Nothing is sent now: {error.message}", err=True)
        time.sleep(PAUSE)


@contextmanager
def delivering(directory: Path) -> Iterator[None]:
    """``deliver`` in a process of its own, as long as this one serves."""
    command = [sys.executable, "-m", "registry", "deliver", "--data", str(directory), "--parent", str(os.getpid())]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        yield
    finally:
        child.terminate()
        child.wait()
