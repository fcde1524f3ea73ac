"""``publication``: what is cited, by its DOI, and what cites it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed

if TYPE_CHECKING:
    from registry.services.claims.claim_view import PublicationAnswer


@click.group()
def publication() -> None:
    """Add and show publications, and what cites them."""


@publication.command("add")
@click.argument("doi", metavar="DOI")
@click.option("--title", default="", help="Its title, where it is known.")
@click.option("--year", type=int, default=None, help="The year it was published.")
@click.option("--product", "products", multiple=True, metavar="ID", help="A product that cites it; may be repeated.")
@click.option("--indication", "indications", multiple=True, metavar="DOID:…", help="A disease that it is cited for.")
@click.option("--criterion", "criteria", multiple=True, metavar="SPEC/VERSION#ID", help="A criterion that cites it.")
@signed
def add_publication(
    caller: Caller,
    doi: str,
    title: str,
    year: int | None,
    products: tuple[str, ...],
    indications: tuple[str, ...],
    criteria: tuple[str, ...],
) -> None:
    """Add a publication, or more that cites one that is on record; nobody who wrote it is kept."""
    from registry.services import CitedPublication

    draft = CitedPublication(doi, title, year, products, indications, criteria)
    receipt = caller.registry.claims.cite(draft, caller.account)
    caller.tell(receipt, f"Publication {receipt.id} is on record (entry {receipt.position}).")


@publication.command("list")
@data
@answer_format
def list_publications(directory: Path | None, form: str) -> None:
    """List publications."""
    known = open_registry(directory).claims.publications()
    if form == "json":
        show_json({"publications": [each.as_dict() for each in known]})
        return
    for each in known:
        click.echo(_line(each))


@publication.command("show")
@click.argument("doi", metavar="DOI")
@data
@answer_format
def show_publication(doi: str, directory: Path | None, form: str) -> None:
    """Show a publication and everything here that cites it."""
    known = open_registry(directory).claims.publication(doi)
    if form == "json":
        show_json(known.as_dict())
        return
    click.echo(_line(known))
    indications = tuple(f"{term.id} {term.label}" for term in known.indications)
    cited = (("products", known.products), ("indications", indications), ("criteria", known.criteria),
             ("studies", known.studies), ("claims", known.claims))  # fmt: skip
    for word, things in cited:
        click.echo(f"  {word}: {', '.join(things) or 'none'}")


def _line(known: PublicationAnswer) -> str:
    year = known.year if known.year is not None else "year not known here"
    return f"{known.doi}: {known.title or 'title not known here'}, {year}"


COMMANDS = {"publication": publication}
