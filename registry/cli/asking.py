"""``query`` and ``ask``: SPARQL at the command line, while the server runs or not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

import click

from registry.cli.options import data, open_registry
from registry.errors import TooLarge

_FORMS = {
    "table": "",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
_MOST = 1_000_000


@click.command()
@click.argument("file", metavar="FILE.rq|-", type=click.File("r", encoding="utf-8"))
@click.option("--format", "form", type=click.Choice(list(_FORMS)), default="table", show_default=True)
@data
def query(file: TextIO, form: str, directory: Path | None) -> None:
    """Ask the SPARQL question in FILE (- for standard input)."""
    text = file.read(_MOST + 1)
    if len(text) > _MOST:
        raise TooLarge("The question is too long.", expected=f"at most {_MOST:,} characters")
    show_answer(directory, text, form)


def show_answer(directory: Path | None, text: str, form: str) -> None:
    """Ask, and print the answer; a table is for people, the other forms are the standards'."""
    registry = open_registry(directory)
    answer = registry.query(text, _FORMS[form] or "text/csv, text/turtle;q=0.9")
    if form == "table" and answer.media_type.startswith("text/csv"):
        _show_table(answer.body.decode())
    else:
        sys.stdout.write(answer.body.decode())
        if not answer.body.endswith(b"\n"):
            sys.stdout.write("\n")
    sys.stdout.flush()
    click.echo(f"ledger size {answer.ledger_size}", err=True)


def _show_table(text: str) -> None:
    import csv
    import io

    from rich.table import Table
    from rich.text import Text

    from registry.cli.report import console

    rows = list(csv.reader(io.StringIO(text)))
    table = Table(header_style="bold")
    for name in rows[0] if rows else ["answer"]:
        table.add_column(Text(name), overflow="fold")
    for row in rows[1:]:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)
    click.echo(f"{max(0, len(rows) - 1)} rows")


@click.command()
@click.argument("name", required=False, metavar="NAME")
@click.option("--format", "form", type=click.Choice(list(_FORMS)), default="table", show_default=True)
@data
def ask(name: str | None, form: str, directory: Path | None) -> None:
    """Ask the question of this NAME; without one, list the questions."""
    from registry import questions

    if name is None:
        for one in questions.library():
            click.echo(f"{one.name}: {one.title}")
        return
    show_answer(directory, questions.question(name).text, form)


COMMANDS = {"query": query, "ask": ask}
