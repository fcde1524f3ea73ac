"""``withdraw``: a panel taken back, by its submitter or the quality unit."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, password, signer, tell


@click.command()
@click.argument("panel", metavar="PANEL")
@click.option("--reason", required=True, metavar="R", help="Why.")
@signer
@data
@answer_format
def withdraw(
    panel: str, reason: str, account: str | None, password_file: Path | None, directory: Path | None, form: str
) -> None:
    """Take PANEL back: its submitter or the quality unit. Nothing is erased."""
    registry = open_registry(directory)
    name, secret = password(account, password_file)
    receipt = registry.withdraw(panel, reason=reason, name=name, password=secret)
    tell(receipt, f"Panel {receipt.id} is withdrawn (entry {receipt.position}, record {receipt.record}).", form)


COMMANDS = {"withdraw": withdraw}
