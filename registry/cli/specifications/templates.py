"""``specification template``: the table to fill in for a specification."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.options import data
from registry.errors import WrongUsage


@click.command("template")
@click.argument("wanted", metavar="ID[@VERSION]|FILE")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to FILE.")
@data
def template(wanted: str, form: str, output: Path | None, directory: Path | None) -> None:
    """Write a table to fill in: one row for everything that the specification asks for."""
    from registry import vocabulary as terms
    from registry.cli.specifications.named import found
    from registry.intake.tabular.template import template as made

    vocabulary = terms.load()
    table = made(found(wanted, directory, vocabulary), vocabulary, form)
    if output is not None:
        output.write_bytes(table)
        click.echo(f"{output}: a row for each criterion; fill in lot and value.", err=True)
    elif form == "csv":
        click.echo(table.decode("utf-8-sig"), nl=False)
    elif sys.stdout.isatty():
        raise WrongUsage("A workbook is not shown on a terminal.", expected="-o FILE")
    else:
        sys.stdout.buffer.write(table)
