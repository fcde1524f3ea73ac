"""``certificate`` and ``label``: what leaves the registry on paper."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.options import show_json
from registry.cli.signed import Caller, signed_in_words
from registry.errors import WrongUsage
from registry.instants import typed_moment

if TYPE_CHECKING:
    from registry.services import Printed, Registry

_OUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Where to write it (- for standard output; default: a name after the lot, here).",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Say what was printed as JSON.")


def _write(printed: Printed, output: Path | None, as_json: bool) -> None:
    if str(output) == "-":
        sys.stdout.buffer.write(printed.data)
        sys.stdout.buffer.flush()
        return
    target = output or Path(printed.file_name)
    target.write_bytes(printed.data)
    if as_json:
        show_json({**printed.as_dict(), "file": str(target)})
    else:
        click.echo(f"{target}: {printed.what} of {printed.lot} (entry {printed.position}, {printed.digest}).")


def _writable(output: Path | None) -> None:
    """A print is entered once it is made, so a place that cannot be written to is refused before."""
    if output is not None and str(output) != "-" and not output.absolute().parent.is_dir():
        raise WrongUsage("There is no such folder.", expected="a file in a folder that is there", found=str(output))


@click.command()
@click.argument("lot", metavar="LOT")
@click.option("--paper", "size", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.option("--format", "form", type=click.Choice(["pdf", "html"]), default="pdf", show_default=True)
@click.option("--at", metavar="TIME", help="As the ledger stood then, with its zone: the same bytes again.")
@_OUT
@_JSON
@signed_in_words
def certificate(
    caller: Caller, lot: str, size: str, form: str, at: str | None, output: Path | None, as_json: bool
) -> None:
    """Print the certificate of analysis of LOT; of a lot that nobody released, a report that says so."""
    registry, who = caller.registry, caller.actor
    _writable(output)
    when = typed_moment(at) if at else None
    printed = registry.printing.certificate(lot, form=form, size=size, by=who, at=when)
    if when is not None:
        _say_now(registry, printed)
    _write(printed, output, as_json)


def _say_now(registry: Registry, printed: Printed) -> None:
    """Beside the paper of an earlier time what is so now, where it is no longer so; on standard error."""
    then, now = registry.lots.get(printed.lot, at=printed.as_of).answer, registry.lots.get(printed.lot).answer
    if (then.state, then.may_be_injected) != (now.state, now.may_be_injected):
        must_not = "" if now.may_be_injected else ", must not be injected"
        click.echo(f"This is of an earlier time. NOW {printed.lot} is {now.state}{must_not}.", err=True)


@click.command()
@click.argument("lot", metavar="LOT")
@click.option("--containers", type=click.IntRange(1, 2000), metavar="N", help="Number labels for containers 1 to N.")
@click.option("--size", type=click.Choice(["50x25", "100x50"]), default="50x25", show_default=True, help="Millimetres.")
@click.option("--sheet", is_flag=True, help="On sheets rather than one label a page.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Of the sheets.")
@click.option("--format", "form", type=click.Choice(["pdf", "png"]), default="pdf", show_default=True)
@_OUT
@_JSON
@signed_in_words
def label(
    caller: Caller,
    lot: str,
    containers: int | None,
    size: str,
    sheet: bool,
    paper: str,
    form: str,
    output: Path | None,
    as_json: bool,
) -> None:
    """Print labels of LOT, or of its containers; scanning one finds the lot."""
    registry, who = caller.registry, caller.actor
    _writable(output)
    printed = registry.printing.labels(
        lot, containers=containers, size=size, sheet=paper if sheet else None, form=form, by=who
    )
    _write(printed, output, as_json)


COMMANDS = {"certificate": certificate, "label": label}
