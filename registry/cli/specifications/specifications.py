"""``specification``: what lots are held against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from registry.cli.options import answer_format, data, show_json
from registry.cli.signed import Caller, signed
from registry.cli.specifications import draft, named, templates, trial
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
    departing = [
        (specification, shelf.departures(specification, identity, vocabulary))
        for specification in named.known(directory)
    ]
    listed: list[dict[str, Any]] = [
        {
            "id": specification.id,
            "version": specification.version,
            "title": specification.title,
            "digest": specification.digest,
            "source": specification.source,
            "published": specification.published,
            "drafted_by": specification.drafted_by,
            "departures": [departure.as_dict() for departure in departures],
            "lacks": [departure.label for departure in shelf.waived(departures)],
        }
        for specification, departures in departing
    ]
    if form == "json":
        show_json({"specifications": listed})
        return
    for item in listed:
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
    specification = named.found(wanted, directory, vocabulary)
    if form == "turtle":
        click.echo(shelf.turtle(specification).decode())
        return
    limits = {item.id: combination.expected_text(item, vocabulary) for item in specification.criteria}
    if form == "json":
        show_json(_as_dict(specification, limits))
        return
    click.echo(f"{specification.title} ({specification.id} version {specification.version})")
    click.echo(f"{specification.description}\nsource: {specification.source}\n{specification.digest}")
    for item in specification.criteria:
        group = f", either/or {item.group}" if item.group else ""
        click.echo(f"  {item.id}: {item.label} {limits[item.id]} ({item.standing}{group}); {item.source}")
        if item.note:
            click.echo(f"      {item.note}")


def _as_dict(specification: Specification, limits: dict[str, str]) -> dict[str, Any]:
    return {
        "id": specification.id,
        "version": specification.version,
        "iri": specification.iri,
        "title": specification.title,
        "description": specification.description,
        "source": specification.source,
        "digest": specification.digest,
        "illustrative": specification.illustrative,
        "published": specification.published,
        "scope": specification.scope,
        "rounding": specification.rounding,
        "drafted_by": specification.drafted_by,
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
            for item in specification.criteria
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
        marker, equals, why = reason.partition("=")
        if not equals or not why.strip():
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
    draft.compile_table, draft.as_table, draft.lint, draft.diff, draft.draft, templates.template, trial.try_out,
):  # fmt: skip
    specification.add_command(command)

COMMANDS = {"specification": specification}
