"""``container``: where a lot's containers are, and moves of them."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed
from registry.domain import CONTAINER_STATES

STATES = tuple(state for state in CONTAINER_STATES if state != "administered")


@click.group()
def container() -> None:
    """Where a lot's containers are: made is always the sum of all states."""


@container.command("show")
@click.argument("lot", metavar="LOT")
@data
@answer_format
def show_containers(lot: str, directory: Path | None, form: str) -> None:
    """Count LOT's containers by their state."""
    balance = open_registry(directory).administrations.balance(lot)
    if form == "json":
        show_json({**balance.as_dict(), "adds_up": balance.adds_up})
        return
    made = "an unknown number" if balance.made is None else str(balance.made)
    click.echo(f"{balance.lot}: {made} made")
    for state in CONTAINER_STATES:
        count = getattr(balance, state.replace(" ", "_"))
        named = ", ".join(map(str, balance.numbers.get(state, ())))
        click.echo(f"  {state}: {'unknown' if count is None else count}{f' ({named})' if named else ''}")


@container.command("move")
@click.argument("lot", metavar="LOT")
@click.argument("state", metavar="STATE", type=click.Choice(STATES))
@click.option("--number", "numbers", multiple=True, type=int, metavar="N", help="A container; may be repeated.")
@click.option("--count", type=click.IntRange(1, 1_000_000), help="So many of them, instead of numbers.")
@click.option("--reason", required=True, metavar="R", help="Why.")
@signed
def move_containers(
    caller: Caller, lot: str, state: str, numbers: tuple[int, ...], count: int | None, reason: str
) -> None:
    """Move containers of LOT into STATE: reserved, returned, destroyed, retained or "in stock"."""
    receipt = caller.registry.administrations.move(
        lot, state, numbers=numbers, count=count, reason=reason, actor=caller.account
    )
    caller.tell(receipt, f"Containers of {receipt.id} are moved (entry {receipt.position}).")


COMMANDS = {"container": container}
