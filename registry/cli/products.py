"""``product``: what is made, of which cells, for which diseases, and the rules that its lots' values are watched by."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed
from registry.errors import WrongUsage


@click.group()
def product() -> None:
    """Register and list products."""


@product.command("add")
@click.argument("identifier", metavar="ID")
@click.option("--label", required=True, help="The product's name.")
@click.option("--cell-type", required=True, metavar="CL:…", help="A permitted Cell Ontology term, such as CL:0000134.")
@click.option("--source", required=True, help="Cell line or tissue, as a term or in words.")
@click.option("--donor-relation", type=click.Choice(["allogeneic", "autologous"]), required=True)
@click.option("--species", default="NCBITaxon:9606", show_default=True)
@click.option("--indication", "indications", multiple=True, metavar="DOID:…", help="A disease; may be repeated.")
@click.option("--study", default="", help="A trial's registration, such as NCT03877471.")
@click.option("--citation", default="", help="The publication that it only cites: its lots are judged, never released.")
@click.option("--note", default="")
@signed
def add_product(
    caller: Caller,
    identifier: str,
    label: str,
    cell_type: str,
    source: str,
    donor_relation: str,
    species: str,
    indications: tuple[str, ...],
    study: str,
    citation: str,
    note: str,
) -> None:
    """Register a product."""
    from registry.services import ProductDraft

    who = caller.actor
    relation = "autologous" if donor_relation == "autologous" else "allogeneic"
    draft = ProductDraft(
        id=identifier,
        label=label,
        cell_type=cell_type,
        source=source,
        donor_relation=relation,  # type: ignore[arg-type]
        species=species,
        indications=indications,
        study=study,
        note=note,
        citation=citation.strip(),
    )
    receipt = caller.registry.products.register(draft, who)
    caller.tell(receipt, f"Product {receipt.id} is registered (entry {receipt.position}).")


@product.command("list")
@data
@answer_format
def list_products(directory: Path | None, form: str) -> None:
    """List products."""
    products = open_registry(directory).products.all()
    if form == "json":
        show_json({"products": [product.as_dict() for product in products]})
        return
    for product in products:
        diseases = ", ".join(f"{term.id} {term.label}" for term in product.indications)
        cells = f"{product.cell_type.id} {product.cell_type.label}"
        click.echo(f"{product.id}: {product.label}; {cells}; {diseases or 'no indication'}")


@product.command("trend-rules")
@click.argument("identifier", metavar="ID")
@click.option("--rule", "rules", multiple=True, metavar="RULE", help="A rule to hold from now on; may be repeated.")
@click.option("--none", "no_rule", is_flag=True, help="No rule is to hold from now on.")
@click.option("--reason", default="", metavar="R", help="Why; needed with --rule or --none.")
@signed
def trend_rules(caller: Caller, identifier: str, rules: tuple[str, ...], no_rule: bool, reason: str) -> None:
    """Show the rules of trend of a product's lots, or sign which of Westgard's and Nelson's hold from now on."""
    if rules and no_rule:
        raise WrongUsage("Some rules are to hold, or none.", expected="--rule, or --none", found="both")
    if rules or no_rule:
        receipt = caller.registry.lot_index.rules.choose(
            identifier, rules, reason=reason, name=caller.name, password=caller.password
        )
        caller.tell(receipt, f"The rules of trend are chosen (entry {receipt.position}).")
        return
    if reason:
        raise WrongUsage("Nothing is chosen.", expected="--rule or --none with --reason", found="--reason alone")
    _show_rules(caller, caller.registry.products.get(identifier).id)


def _show_rules(caller: Caller, product_id: str) -> None:
    from registry.services.lot_index.chosen_rules import RULES

    chosen = caller.registry.lot_index.rules.of(product_id)
    if caller.as_json:
        show_json({"product": product_id, "rules": list(chosen)})
        return
    for rule in RULES.values():
        click.echo(f"{'holds' if rule.id in chosen else '-    '}  {rule.id}: {rule.author}: {rule.sentence}")


COMMANDS = {"product": product}
