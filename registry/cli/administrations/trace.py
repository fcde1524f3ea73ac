"""``trace``: everything forward and back of a lot, bank, line, donor or recipient."""

from __future__ import annotations

import click

from registry.cli.administrations.administer import line_of
from registry.cli.options import show_json
from registry.cli.signed import Caller, signed


@click.command()
@click.argument("what", metavar="LOT|LINE|CODE")
@signed
def trace(caller: Caller, what: str) -> None:
    """Follow LOT, LINE, an administration or a recipient's CODE forward and back: from the line to what was given.

    A CODE is traced with an account that may see codes (--as); without one, no code is shown.
    """
    answer = caller.registry.administrations.trace_any(what, caller.actor)
    if caller.as_json:
        show_json(answer.as_dict())
        return
    for thing in answer.things:
        origins = f", from {', '.join(thing.derived_from)}" if thing.derived_from else ""
        arrow = {"back": "<-", "asked": "==", "forward": "->"}[thing.direction]
        click.echo(f"{arrow} {thing.kind} {thing.id}: {thing.state}{origins}")
        if thing.balance is not None and thing.balance.made is not None:
            click.echo(f"   containers: {thing.balance.made} made, {thing.balance.in_stock} in stock")
        for given in thing.administrations:
            click.echo(f"   {line_of(given)}")


COMMANDS = {"trace": trace}
