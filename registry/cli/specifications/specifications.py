"""``specification``: what lots are held against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from registry.cli.options import answer_format, data, show_json
from registry.cli.signed import Caller, signed
from registry.cli.specifications import draft, named, templates
from registry.domain import Specification
from registry.errors import WrongUsage


@click.group()
def specification() -> None:
    """List, show, write, compare and approve specifications."""


@specification.command("list")
@answer_format
@data
def list_specifications(form: str, directory: Path | None) -> None:
    """List the specifications, shipped or drafted here, with their departures from the identity of an MSC."""
    from registry import specifications as shelf
    from registry import vocabulary as terms

    vocabulary = terms.load()
    identity = vocabulary.identity_of("http://purl.obolibrary.org/obo/CL_0000134")
    departing = [(each, shelf.departures(each, identity, vocabulary)) for each in named.known(directory)]
    found: list[dict[str, Any]] = [
        {
            "id": each.id,
            "version": each.version,
            "title": each.title,
            "digest": each.digest,
            "source": each.source,
            "published": each.published,
            "drafted_by": each.drafted_by,
            "departures": [departure.as_dict() for departure in departures],
            "lacks": [departure.label for departure in shelf.waived(departures)],
        }
        for each, departures in departing
    ]
    if form == "json":
        show_json({"specifications": found})
        return
    for item in found:
        click.echo(f"{item['id']} version {item['version']}: {item['title']}")
        for departure in item["departures"]:
            click.echo(f"    departs from identity: {departure['message']}")
        if item["lacks"]:
            click.echo(
                f"    lacks identity markers, so no mesenchymal lot is released by it: {', '.join(item['lacks'])}"
            )


@specification.command("show")
@click.argument("wanted", metavar="ID[@VERSION]|FILE")
@click.option("--format", "form", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True)
@data
def show(wanted: str, form: str, directory: Path | None) -> None:
    """Show a specification, criterion by criterion, with its sources."""
    from registry import specifications as shelf
    from registry import vocabulary as terms
    from registry.judgement import combination

    vocabulary = terms.load()
    one = named.found(wanted, directory, vocabulary)
    if form == "turtle":
        click.echo(shelf.turtle(one).decode())
        return
    limits = {item.id: combination.expected_text(item, vocabulary) for item in one.criteria}
    if form == "json":
        show_json(_as_dict(one, limits))
        return
    click.echo(f"{one.title} ({one.id} version {one.version})\n{one.description}\nsource: {one.source}\n{one.digest}")
    for item in one.criteria:
        group = f", either/or {item.group}" if item.group else ""
        click.echo(f"  {item.id}: {item.label} {limits[item.id]} ({item.standing}{group}); {item.source}")
        if item.note:
            click.echo(f"      {item.note}")


def _as_dict(one: Specification, limits: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.version,
        "iri": one.iri,
        "title": one.title,
        "description": one.description,
        "source": one.source,
        "digest": one.digest,
        "illustrative": one.illustrative,
        "published": one.published,
        "scope": one.scope,
        "rounding": one.rounding,
        "drafted_by": one.drafted_by,
        "criteria": [
            {
                "id": item.id,
                "characteristic": item.label,
                "expected": limits[item.id],
                "standing": item.standing,
                "group": item.group,
                "stage": item.stage,
                "description": item.description,
                "source": item.source,
                "note": item.note,
                "due": item.due,
            }
            for item in one.criteria
        ],
    }


@specification.command("approve")
@click.argument("wanted", metavar="ID[@VERSION]")
@click.option("--product", required=True, metavar="ID", help="The product that it is approved for.")
@click.option("--meaning", default="I approve this specification for this product.", show_default=True)
@click.option(
    "--justify", "reasons", multiple=True, metavar="MARKER=REASON", help="Why a departure from identity stands."
)
@signed
def approve(caller: Caller, wanted: str, product: str, meaning: str, reasons: tuple[str, ...]) -> None:
    """Approve a specification version for a product, as a member of the quality unit."""
    justifications = {}
    for reason in reasons:
        marker, found, why = reason.partition("=")
        if not found or not why.strip():
            raise WrongUsage("This is no justification.", expected="MARKER=REASON", found=reason)
        justifications[marker.strip()] = why.strip()
    identifier, _, version = wanted.partition("@")
    receipt = caller.registry.specifications.approve(
        product,
        identifier,
        version or None,
        name=caller.name,
        password=caller.password,
        meaning=meaning,
        justifications=justifications,
    )
    caller.tell(receipt, f"{receipt.id} is approved for {product} (entry {receipt.position}).")
    for note in receipt.notes:
        click.echo(f"note: {note}", err=True)


for command in (
    draft.compile_table, draft.as_table, draft.lint, draft.diff, draft.draft, templates.template,
):  # fmt: skip
    specification.add_command(command)

COMMANDS = {"specification": specification}
