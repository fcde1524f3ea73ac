"""``query``, ``ask`` and ``export``: the graph at the command line, while the server runs or not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, Unpack

import click

from registry.cli.options import AtService, at_service, data, elsewhere, open_registry
from registry.csv_text import inert_csv
from registry.errors import TooLarge, WrongUsage

if TYPE_CHECKING:
    from registry.questions import Question
    from registry.services import Registry

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
_EXPORTS = ("trig", "nquads", "parquet", "ro-crate", "ro-crate-1.1", "eln")
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
    show_answer(open_registry(directory), text, form)


def show_answer(registry: Registry, text: str, form: str, name: str = "") -> None:
    """Ask, and print the answer; a table is for people, the other forms are the standards'."""
    from registry.services.accounts import LocalOperator

    answer = registry.queries.query(text, _FORMS[form] or "text/csv, text/turtle;q=0.9", by=LocalOperator(), name=name)
    if form == "table" and answer.media_type.startswith("text/csv"):
        _show_table(answer.body.decode())
    else:
        is_csv = answer.media_type.startswith("text/csv")
        sys.stdout.write((inert_csv(answer.body) if is_csv else answer.body).decode())
        if not answer.body.endswith(b"\n"):
            sys.stdout.write("\n")
    sys.stdout.flush()
    click.echo(f"ledger size {answer.ledger_size}", err=True)


def _show_table(text: str) -> None:
    import csv
    import io

    from rich.table import Table
    from rich.text import Text

    from registry.cli.terminal import console

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
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter's value; may be repeated.")
@click.option(
    "--show",
    is_flag=True,
    help="Print its SPARQL and do not ask; without a registry, parameters stay open.",
)
@click.option("--saved", metavar="ID[/VERSION]", help="Ask a question that somebody saved, by the end of its address.")
@click.option("--format", "form", type=click.Choice(list(_FORMS)), default="table", show_default=True)
@data
def ask(
    name: str | None, params: tuple[str, ...], show: bool, saved: str | None, form: str, directory: Path | None
) -> None:
    """Ask the question of this NAME; without one, list the questions."""
    from registry import questions

    if saved is not None:
        if name is not None or params:
            raise WrongUsage(
                "A saved question has no parameters.", expected="--saved ID alone", found=name or "--param"
            )
        _ask_saved(open_registry(directory), saved, show, form)
        return
    if name is None:
        _list(questions.library())
        return
    if show and directory is None:
        _show(questions.question(name), params)
        return
    registry, given = open_registry(directory), _given(params)
    text = registry.queries.question_text(name, given)
    if show:
        click.echo(text, nl=False)
    else:
        show_answer(registry, text, form, name)


def _ask_saved(registry: Registry, address: str, show: bool, form: str) -> None:
    """``3f9c01ab``, or ``3f9c01ab/1`` for a version of it; raises Unknown, WrongUsage."""
    from registry.services.accounts import LocalOperator

    identity, slash, number = address.partition("/")
    if slash and not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise WrongUsage("This is no version.", expected="ID or ID/VERSION, such as 3f9c01ab/1", found=address)
    kept = registry.queries.saved.get(identity, int(number) if slash else None, by=LocalOperator())
    text = registry.queries.with_prefixes(kept.draft.query)
    if show:
        click.echo(text)
    else:
        show_answer(registry, text, form, f"saved/{kept.id}/{kept.version}")


def _show(question: Question, params: tuple[str, ...]) -> None:
    """The question's SPARQL without a registry: what its parameters name is looked up in one, so they stay open."""
    if params:
        raise WrongUsage("What a parameter names is looked up in a registry.", expected="--data DIR with --param",
                         found="no registry", todo="Name one, or leave --param out.")  # fmt: skip
    click.echo(question.text, nl=False)


def _given(params: tuple[str, ...]) -> dict[str, str]:
    """``--param name=value`` as a mapping; raises WrongUsage."""
    given = {}
    for param in params:
        name, sign, value = param.partition("=")
        if not sign or name in given:
            raise WrongUsage("A parameter cannot be read.", expected="--param NAME=VALUE, each name once", found=param)
        given[name] = value
    return given


def _list(library: tuple[Question, ...]) -> None:
    for question in library:
        click.echo(f"{question.name}: {question.title}")
        for parameter in question.parameters:
            click.echo(f"    --param {parameter.name}={parameter.default}  {parameter.description}")


@click.command()
@click.option("--format", "form", type=click.Choice(_EXPORTS), required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="A new file or folder.")
@click.option("--lot", "lots", multiple=True, metavar="LOT", help="Only what concerns this lot; may be repeated.")
@data
def export(form: str, output: Path, lots: tuple[str, ...], directory: Path | None) -> None:
    """Write the registry, or what concerns some lots, to a new file or folder: no account, token or recipient."""
    done = open_registry(directory).queries.export(form, output, lots)
    click.echo(f"{done.target}: {done.lots} lots at ledger size {done.ledger_size}")


@click.group()
def graph() -> None:
    """The graph, kept by a service of SPARQL 1.1."""


@graph.command()
@at_service
@data
def compare(directory: Path | None, **service: Unpack[AtService]) -> None:
    """Ask the service at --graph and our own engine every question, and say which it answers alike.

    The service is brought up to the ledger first. One that is no Virtuoso is then asked those questions and no others.
    """
    from registry.services.accounts import LocalOperator

    registry = open_registry(directory)
    elsewhere(registry, service)
    results = registry.queries.compare(by=LocalOperator())
    for name, result in sorted(results.items()):
        click.echo(f"{name}: {result}")
    alike = sum(result == "equal" for result in results.values())
    click.echo(f"{alike} of {len(results)} questions are answered alike at ledger size {registry.size()}")


COMMANDS = {"graph": graph, "query": query, "ask": ask, "export": export}
