"""``credential`` and ``checkpoint``: what a registry shows to whoever does not trust it."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.errors import Conflict

_output = click.option(
    "--output", "-o", "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE",
    help="Where to write it; without it, to standard output.",
)  # fmt: skip


def _write(text: str, file: Path | None, *, what: str) -> None:
    """To standard output, or to a file that is not there yet."""
    if file is None or str(file) == "-":
        click.echo(text, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError as error:
        raise Conflict("A file stands here already.", expected="a new file", found=str(file)) from error
    click.echo(f"{what} is written to {file}.", err=True)


@click.command()
@click.argument("lot", metavar="LOT")
@_output
@data
def credential(lot: str, file: Path | None, directory: Path | None) -> None:
    """Write the credential of LOT: what was decided on which evidence, for whoever does not ask this registry."""
    _write(open_registry(directory).proofs.credential(lot), file, what=f"The credential of {lot}")


@click.command()
@_output
@click.option("--entry", type=click.IntRange(min=1), metavar="N", help="Prove instead that entry N is in the ledger.")
@data
@answer_format
def checkpoint(file: Path | None, entry: int | None, directory: Path | None, form: str) -> None:
    """Print the newest signed checkpoint of the ledger. Keep it elsewhere: it finds a rewritten or shortened ledger.

    Give it to a later audit with: cell-registry audit --expect-checkpoint FILE
    """
    proofs = open_registry(directory).proofs
    text = proofs.checkpoint() if entry is None else proofs.inclusion(entry)
    if form == "json":
        show_json({"checkpoint" if entry is None else "proof": text})
        return
    _write(text, file, what="The checkpoint" if entry is None else f"The proof of entry {entry}")


COMMANDS = {"credential": credential, "checkpoint": checkpoint}
