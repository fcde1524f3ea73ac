"""``administer``, ``administration``, ``supply``: what was given to a recipient, and on whose word."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation

import click

from registry.cli.options import show_json
from registry.cli.signed import Caller, signed
from registry.errors import GateRefused, WrongUsage
from registry.instants import moment, typed_moment
from registry.services.administrations.views import AdministrationAnswer


@click.command()
@click.argument("lot", metavar="LOT")
@click.option("--study", required=True, metavar="S", help="The study, such as NCT03877471.")
@click.option("--arm", required=True, metavar="A", help="The arm of the study.")
@click.option("--recipient", required=True, metavar="CODE", help="The recipient's pseudonymous code, never a name.")
@click.option("--site", "sites", required=True, multiple=True, metavar="SITE=CELLS", help="Viable cells; repeat it.")
@click.option("--container", "containers", required=True, multiple=True, type=int, metavar="N", help="May be repeated.")
@click.option("--at", required=True, metavar="TIME", help="When it was given, with its zone: 2026-12-01T12:00+01:00.")
@click.option("--thawed-at", metavar="TIME", help="When it was thawed, with its zone.")
@click.option("--viability", metavar="PERCENT", help="Viability found last before use.")
@click.option("--deviation", default="", metavar="REASON", help="Why it was given although something stood against it.")
@signed
def administer(
    caller: Caller,
    lot: str,
    study: str,
    arm: str,
    recipient: str,
    sites: tuple[str, ...],
    containers: tuple[int, ...],
    at: str,
    thawed_at: str | None,
    viability: str | None,
    deviation: str,
) -> None:
    """Record that LOT was given. Exit 1 with every reason at once when something stands against it.

    Asked at that minute: the lot's state, its containers, the arm's dose at each site, whether the containers hold as
    many viable cells, expiry and time since thaw, and the recipient of an autologous lot.
    """
    from registry.services.administrations.record import AdministrationDraft

    draft = AdministrationDraft(
        lot=lot,
        study=study,
        arm=arm,
        recipient=recipient,
        sites=sites,
        containers=containers,
        at=typed_moment(at),
        thawed_at=typed_moment(thawed_at) if thawed_at else None,
        viability=_percent(viability) if viability else None,
        deviation=deviation,
    )
    try:
        receipt = caller.registry.administrations.record(draft, caller.account)
    except GateRefused as refusal:
        if caller.as_json:
            show_json({"lot": lot, "administration": None, "error": refusal.as_dict()})
            sys.exit(refusal.exit_code)
        raise
    caller.tell(receipt, f"Administration {receipt.id} is recorded (entry {receipt.position}).")
    for note in receipt.notes:
        click.echo(f"note: {note}", err=True)


def _percent(text: str) -> Decimal:
    try:
        return Decimal(text.strip().removesuffix("%").strip())
    except InvalidOperation:
        raise WrongUsage("Viability is a percentage.", expected="0 to 100", found=text, where="viability") from None


@click.command()
@click.argument("what", metavar="LOT|A-…")
@signed
def administration(caller: Caller, what: str) -> None:
    """Show what was given of a lot, or one administration by its key. Codes need an account that may see them."""
    viewer, service = caller.actor, caller.registry.administrations
    if what.startswith("A-") and caller.registry.reader.registered(what) is None:
        answers: tuple[AdministrationAnswer, ...] = (service.get(what, viewer),)
    else:
        answers = service.of_lot(what, viewer)
    if caller.as_json:
        show_json({"administrations": [each.as_dict() for each in answers]})
        return
    for each in answers:
        click.echo(line_of(each))
    if not answers:
        click.echo(f"Nothing was given of {what}.")


def line_of(given: AdministrationAnswer) -> str:
    """Something given, in a line."""
    containers = ", ".join(map(str, given.containers))
    sites = "; ".join(f"{dose.cells} viable cells, {dose.site.label or dose.site.id}" for dose in given.sites)
    whom = f" to {given.recipient}" if given.recipient else ""
    line = (
        f"{given.administration}: {given.lot}, container {containers}, {moment(given.at)}{whom}; {given.study}, arm "
        f"{given.arm}; {sites}"
    )
    return f"{line}; DEVIATION: {given.deviation}" if given.deviation else line


@click.command()
@click.argument("lot", metavar="LOT")
@click.option("--recipient", required=True, metavar="CODE", help="The code of the one recipient.")
@click.option("--request", required=True, metavar="R", help="The treating physician's request, and acceptance.")
@click.option("--reason", required=True, metavar="R", help="Why it is necessary.")
@click.option("--risk", required=True, metavar="R", help="The evaluation of the risk that the physician was given.")
@click.option("--meaning", default="", help="What the signature means.")
@signed
def supply(caller: Caller, lot: str, recipient: str, request: str, reason: str, risk: str, meaning: str) -> None:
    """Sign the supply of LOT out of specification, for one recipient (EU GMP Part IV, 11.53-11.54): no release."""
    receipt = caller.registry.administrations.supply(
        lot, recipient=recipient, request=request, reason=reason, risk=risk, meaning=meaning, name=caller.name,
        password=caller.password,
    )  # fmt: skip
    caller.tell(receipt, f"Supply of {receipt.id} out of specification is signed (entry {receipt.position}).")


COMMANDS = {"administer": administer, "administration": administration, "supply": supply}
