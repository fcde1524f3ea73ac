"""``withdraw``: a panel taken back, by its submitter or the quality unit."""

from __future__ import annotations

import click

from registry.cli.signed import Caller, signed


@click.command()
@click.argument("panel", metavar="PANEL")
@click.option("--reason", required=True, metavar="R", help="Why.")
@signed
def withdraw(caller: Caller, panel: str, reason: str) -> None:
    """Take PANEL back: its submitter or the quality unit. Nothing is erased."""
    receipt = caller.registry.submissions.withdraw(panel, reason=reason, name=caller.name, password=caller.password)
    caller.tell(receipt, f"Panel {receipt.id} is withdrawn (entry {receipt.position}, record {receipt.record}).")


COMMANDS = {"withdraw": withdraw}
