"""``claim``: that cells act by a mechanism, signed by the quality unit, and on what that stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed
from registry.errors import WrongUsage

if TYPE_CHECKING:
    from registry.services import ClaimEvidence
    from registry.services.claims.claim_view import ClaimAnswer


@click.group()
def claim() -> None:
    """Make and show claims: by which mechanism cells are said to act, and on what that stands."""


@claim.command("add")
@click.argument("identifier", metavar="ID")
@click.option("--of", required=True, metavar="PRODUCT|CL:…", help="The product or cell type that it is claimed of.")
@click.option("--process", required=True, metavar="GO:…", help="The biological process.")
@click.option("--literature", multiple=True, metavar="DOI=ECO:…", help="A publication on record, and of which kind.")
@click.option("--study", multiple=True, metavar="STUDY[=ECO:…]", help="A study whose results are known.")
@click.option("--assay", multiple=True, metavar="NAME[=ECO:…]", help="A potency assay by which a lot shows it.")
@click.option("--meaning", default="", help="What the signature means.")
@signed
def add_claim(
    caller: Caller,
    identifier: str,
    of: str,
    process: str,
    literature: tuple[str, ...],
    study: tuple[str, ...],
    assay: tuple[str, ...],
    meaning: str,
) -> None:
    """Sign a claim."""
    from registry.services.claims.claims import ClaimDraft

    evidence = (
        *(_evidence("literature", each) for each in literature),
        *(_evidence("study", each) for each in study),
        *(_evidence("lot result", each) for each in assay),
    )
    draft = ClaimDraft(identifier, of, process, evidence, meaning)
    receipt = caller.registry.claims.make(draft, name=caller.name, password=caller.password)
    caller.tell(receipt, f"Claim {receipt.id} is signed (entry {receipt.position}).")


def _evidence(basis: str, text: str) -> ClaimEvidence:
    from registry.services import ClaimEvidence

    about, _equals, kind = text.rpartition("=") if "=ECO" in text else (text, "", "")
    if not about.strip():
        raise WrongUsage("This names nothing that a claim stands on.", expected="NAME or NAME=ECO:0000033", found=text)
    return ClaimEvidence(basis, about.strip(), kind.strip())  # type: ignore[arg-type]


@claim.command("withdraw")
@click.argument("identifier", metavar="ID")
@click.option("--reason", required=True, help="Why it no longer stands.")
@signed
def withdraw_claim(caller: Caller, identifier: str, reason: str) -> None:
    """Sign that a claim no longer stands."""
    receipt = caller.registry.claims.withdraw(identifier, reason=reason, name=caller.name, password=caller.password)
    caller.tell(receipt, f"Claim {receipt.id} is withdrawn (entry {receipt.position}).")


@claim.command("list")
@click.option("--lot", default="", help="Those about a lot's product or cells, and what the lot itself shows.")
@click.option("--product", default="", help="Those about a product or its cells.")
@click.option("--study", default="", help="Those about a study's products or on the study.")
@data
@answer_format
def list_claims(lot: str, product: str, study: str, directory: Path | None, form: str) -> None:
    """List claims, each with the strongest of what it stands on."""
    claims = open_registry(directory).claims
    if sum(bool(each) for each in (lot, product, study)) > 1:
        raise WrongUsage(
            "Claims are listed of one thing.", expected="one of --lot, --product, --study", found="several"
        )
    known = (
        claims.of_lot(lot) if lot else claims.of_product(product) if product
        else claims.of_study(study) if study else claims.all()
    )  # fmt: skip
    if form == "json":
        show_json({"claims": [each.as_dict() for each in known]})
        return
    for each in known:
        click.echo(_line(each))


@claim.command("show")
@click.argument("identifier", metavar="ID")
@data
@answer_format
def show_claim(identifier: str, directory: Path | None, form: str) -> None:
    """Show a claim and everything that it stands on."""
    known = open_registry(directory).claims.get(identifier)
    if form == "json":
        show_json(known.as_dict())
        return
    click.echo(_line(known))
    for each in known.evidence:
        name = f"{each.about.id} {each.about.label}".strip()
        click.echo(f"  {each.basis}: {name}; {each.type.id} {each.type.label}")
    click.echo(f"  criteria that support it: {', '.join(known.criteria) or 'none'}")
    click.echo(f"  signed by {known.printed_name}: {known.meaning}")


def _line(known: ClaimAnswer) -> str:
    if known.withdrawn:
        return f"{known.claim}: withdrawn, {known.withdrawn.reason}"
    of, process = f"{known.of.id} {known.of.label}", f"{known.process.id} {known.process.label}"
    stands = f"for {known.lot} it stands on" if known.lot else "stands on"
    return f"{known.claim}: {of}; {process}; {stands} {known.stands_on}"


COMMANDS = {"claim": claim}
