"""``outcome``: what was seen of those to whom a lot was given: tables in, visits due, one row an administration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry.cli import actions
from registry.cli.options import show_json
from registry.cli.signed import Caller, signed
from registry.errors import RegistryError, WrongUsage

if TYPE_CHECKING:
    from registry.services.outcomes.views import OutcomeReceipt


@click.group()
def outcome() -> None:
    """Submit outcomes, list the visits that are due, and write the table of administrations."""


@outcome.command("submit")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE...")
@signed
def submit_outcomes(caller: Caller, files: tuple[Path, ...]) -> None:
    """Submit FILEs of outcomes: recipient, date or visit, characteristic, value, unit, and what stands beside them.

    Exit 0: everything is recorded. 2: a row or file is in error; nothing of its administrations is recorded.
    """
    worst, shown = 0, list[dict[str, Any]]()
    account = caller.account
    for path in files:
        try:
            receipt = caller.registry.outcomes.submit(path.name, path.read_bytes(), account)
        except RegistryError as error:
            worst = max(worst, error.exit_code)
            shown.append({"file": path.name, "error": error.as_dict()})
            click.echo(f"{path.name}: {actions.told(error)}", err=True)
            continue
        worst = max(worst, 2 if receipt.errors else 0)
        shown.append(receipt.as_dict())
        if not caller.as_json:
            _show(path.name, receipt)
    if caller.as_json:
        show_json(shown[0] if len(shown) == 1 else shown)
    sys.exit(worst)


def _show(name: str, receipt: OutcomeReceipt) -> None:
    from registry.cli.terminal import console, show_errors

    screen = console()
    again = " (as before: the same table)" if receipt.repeated else ""
    count = len(receipt.recorded)
    words = "1 outcome" if count == 1 else f"{count} outcomes"
    screen.print(f"{name}: {words} recorded{again}" + (f", receipt {receipt.receipt}" if count else ""))
    for each in receipt.recorded:
        when = each.day.isoformat() if each.day else f"visit {each.visit}"
        results = "1 result" if each.results == 1 else f"{each.results} results"
        screen.print(f"  {each.administration}: {when}, {results}")
    show_errors(screen, receipt.errors)


@outcome.command("visits")
@click.option("--all", "everything", is_flag=True, help="Those that are done or planned too.")
@signed
def list_visits(caller: Caller, everything: bool) -> None:
    """List the visits that are due, late or missed, by the schedules of the studies.

    Exit 1: one is late or missed.
    """
    lines = caller.registry.outcomes.visits(caller.actor)
    wanted = [line for line in lines if everything or line.state in {"due", "late", "missed"}]
    if caller.as_json:
        show_json({"visits": [line.as_dict() for line in wanted]})
    else:
        for line in wanted:
            on = f", seen on {line.on}" if line.on else ""
            click.echo(f"{line.administration}  visit {line.number}  {line.due}  {line.state}{on}")
    sys.exit(1 if any(line.state in {"late", "missed"} and line.on is None for line in lines) else 0)


@outcome.command("table")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE")
@click.option("--dictionary", is_flag=True, help="Write what each column is (CSV) in its place.")
@signed
def write_table(caller: Caller, output: Path, dictionary: bool) -> None:
    """Write one row an administration to FILE: .csv or .parquet by its name.

    For whoever may see single administrations; no recipient's code stands in it.
    """
    outcomes, actor = caller.registry.outcomes, caller.actor
    form = output.suffix.lower()
    if form not in {".csv", ".parquet"} or (dictionary and form != ".csv"):
        expected = "a name that ends in .csv" + ("" if dictionary else " or .parquet")
        raise WrongUsage("The table has no such form.", expected=expected, found=output.name)
    if dictionary:
        data = outcomes.dictionary_csv(actor)
    else:
        data = outcomes.table_csv(actor) if form == ".csv" else outcomes.table_parquet(actor)
    output.write_bytes(data)
    click.echo(f"{output.name} is written.", err=True)


COMMANDS = {"outcome": outcome}
