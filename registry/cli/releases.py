"""``release``, ``hold``, ``lift``, ``reject``, ``recall``, ``accept``, ``review``: the quality unit's decisions."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed
from registry.domain import DecisionKind
from registry.errors import GateRefused, WrongUsage
from registry.instants import typed_moment
from registry.services import Receipt


def _entered(receipt: Receipt, words: str) -> str:
    return f"{words} (entry {receipt.position}, record {receipt.record})."


REVIEWED = "I have reviewed the evidence of this lot and release it for injection."
ON_CONDITION = (
    "I have reviewed what is known of this lot and release it for injection, on condition that what is due is there in "
    "time and passes."
)


def _decide(
    caller: Caller, lot: str, kind: DecisionKind, meaning: str, reason: str, complete_by: datetime | None = None
) -> None:
    try:
        receipt = caller.registry.releases.sign(
            lot,
            kind,
            name=caller.name,
            password=caller.password,
            meaning=meaning,
            reason=reason,
            complete_by=complete_by,
        )
    except GateRefused as refusal:
        if caller.as_json:
            show_json({"lot": lot, "decision": None, "error": refusal.as_dict()})
            sys.exit(refusal.exit_code)
        raise
    caller.tell(receipt, _entered(receipt, f"{kind.capitalize()} of {receipt.id} is signed"))
    for note in receipt.notes:
        click.echo(f"note: {note}", err=True)


@click.command()
@click.argument("lot", metavar="LOT")
@click.option("--meaning", help=f"What the signature means; without it: {REVIEWED} On condition: {ON_CONDITION}")
@click.option("--reason", default="", metavar="R", help="A remark, kept with the release; on condition it says why.")
@click.option("--conditional", is_flag=True, help="Release it on condition: something is due after release.")
@click.option(
    "--complete-by",
    metavar="TIME",
    help="By when what is due must be there, with its zone: 2026-12-06T12:00+01:00, a year ahead at most. "
    "After it the release lapses.",
)
@signed
def release(
    caller: Caller, lot: str, meaning: str | None, reason: str, conditional: bool, complete_by: str | None
) -> None:
    """Sign the release of LOT. Exit 1 with everything that is missing when the gate refuses.

    While the specification has something due after release that is not known yet, such as a sterility test of 14 days,
    only --conditional is let through, with --complete-by and --reason. Once all of it is there and passes, a plain
    release completes it.
    """
    if conditional != (complete_by is not None):
        raise WrongUsage(
            "A conditional release says by when what is due must be there.",
            expected="--conditional with --complete-by TIME and --reason R, or neither",
            found="--conditional alone" if conditional else "--complete-by alone",
        )
    limit = typed_moment(complete_by) if complete_by is not None else None
    kind: DecisionKind = "conditional release" if conditional else "release"
    _decide(
        caller, lot, kind, (ON_CONDITION if conditional else REVIEWED) if meaning is None else meaning, reason, limit
    )


def _stopping(name: str, kind: DecisionKind, words: str) -> click.Command:
    @click.command(name, help=words)
    @click.argument("lot", metavar="LOT")
    @click.option("--reason", required=True, metavar="R", help="Why.")
    @click.option("--meaning", default="", help="What the signature means.")
    @signed
    def command(caller: Caller, lot: str, reason: str, meaning: str) -> None:
        _decide(caller, lot, kind, meaning, reason)

    return command


@click.command()
@click.argument("lot", metavar="LOT")
@click.argument("what", metavar="RESULT|CRITERION")
@click.option("--reason", required=True, metavar="R", help="Why it counts.")
@signed
def accept(caller: Caller, lot: str, what: str, reason: str) -> None:
    """Accept a retest or correction of a result that did not pass, or a reference criterion that is not shown."""
    receipt = caller.registry.releases.accept(lot, what, reason=reason, name=caller.name, password=caller.password)
    caller.tell(receipt, _entered(receipt, f"Accepted on {receipt.id}"))


@click.group()
def review() -> None:
    """The review of a lot's audit trail: what changed of its data since it was entered."""


@review.command("show")
@click.argument("lot", metavar="LOT")
@data
@answer_format
def show_trail(lot: str, directory: Path | None, form: str) -> None:
    """What changed of the data of LOT since it was entered, and who reviewed that."""
    trail = open_registry(directory).releases.trail.show(lot)
    if form == "json":
        show_json(trail.as_dict())
        return
    for change in trail.changes:
        values = f" {change.before} → {change.after}" if change.before or change.after else ""
        click.echo(f"entry {change.position}, {change.actor}: {change.what}{values}. {change.reason}".rstrip())
    if not trail.changes:
        click.echo("Nothing changed since the data were entered.")
    for each in trail.reviews:
        ended = "" if each.current else "; the data changed since: it counts no more"
        click.echo(f"reviewed by {each.printed_name}, entry {each.position}{ended}")
    click.echo(f"{trail.product} {'asks' if trail.required else 'does not ask'} for a review before release.")


@review.command("sign")
@click.argument("lot", metavar="LOT")
@click.option("--meaning", default="", help="What the signature means.")
@signed
def sign_trail(caller: Caller, lot: str, meaning: str) -> None:
    """Sign that what changed of the data of LOT was reviewed: by a member who entered none of them."""
    trail = caller.registry.releases.trail
    receipt = trail.sign(lot, name=caller.name, password=caller.password, meaning=meaning)
    caller.tell(receipt, _entered(receipt, f"The audit trail of {receipt.id} is reviewed"))


@review.command("require")
@click.argument("product", metavar="PRODUCT")
@click.option("--no-longer", is_flag=True, help="From now on its lots are released without one.")
@click.option("--reason", required=True, metavar="R", help="Why.")
@signed
def require_review(caller: Caller, product: str, no_longer: bool, reason: str) -> None:
    """Release lots of PRODUCT only after such a review, from now on."""
    receipt = caller.registry.releases.trail.require(
        product, required=not no_longer, reason=reason, name=caller.name, password=caller.password
    )
    state = "no longer required" if no_longer else "required"
    caller.tell(receipt, f"A review is {state} of {receipt.id} (entry {receipt.position}).")


COMMANDS = {
    "review": review,
    "release": release,
    "hold": _stopping("hold", "hold", "Put LOT (or a cell bank) on hold, with everything made from it."),
    "lift": _stopping("lift", "hold lifted", "Lift the hold on LOT; it is then decided on again."),
    "reject": _stopping("reject", "rejection", "Reject LOT, for good."),
    "recall": _stopping("recall", "recall", "Recall LOT (or a cell bank), with everything made from it."),
    "accept": accept,
}
