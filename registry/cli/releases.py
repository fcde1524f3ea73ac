"""``release``, ``hold``, ``lift``, ``reject``, ``recall``, ``accept``: the quality unit's decisions."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, password, show_json, signer, tell
from registry.domain import DecisionKind
from registry.errors import GateRefused, WrongUsage
from registry.instants import typed_moment
from registry.services import Receipt, Registry


def _entered(receipt: Receipt, words: str) -> str:
    return f"{words} (entry {receipt.position}, record {receipt.record})."


REVIEWED = "I have reviewed the evidence of this lot and release it for injection."
ON_CONDITION = (
    "I have reviewed what is known of this lot and release it for injection, on condition that what is due is there in "
    "time and passes."
)


def _decide(
    registry: Registry, lot: str, kind: DecisionKind, who: tuple[str, str], meaning: str, reason: str, form: str,
    complete_by: datetime | None = None,
) -> None:  # fmt: skip
    try:
        receipt = registry.decide(
            lot, kind, name=who[0], password=who[1], meaning=meaning, reason=reason, complete_by=complete_by
        )
    except GateRefused as refusal:
        if form == "json":
            show_json({"lot": lot, "decision": None, "error": refusal.as_dict()})
            sys.exit(refusal.exit_code)
        raise
    tell(receipt, _entered(receipt, f"{kind.capitalize()} of {receipt.id} is signed"), form)
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
@signer
@data
@answer_format
def release(
    lot: str,
    meaning: str | None,
    reason: str,
    conditional: bool,
    complete_by: str | None,
    account: str | None,
    password_file: Path | None,
    directory: Path | None,
    form: str,
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
    _decide(
        open_registry(directory),
        lot,
        "conditional release" if conditional else "release",
        password(account, password_file),
        (ON_CONDITION if conditional else REVIEWED) if meaning is None else meaning,
        reason,
        form,
        limit,
    )


def _stopping(name: str, kind: DecisionKind, words: str) -> click.Command:
    @click.command(name, help=words)
    @click.argument("lot", metavar="LOT")
    @click.option("--reason", required=True, metavar="R", help="Why.")
    @click.option("--meaning", default="", help="What the signature means.")
    @signer
    @data
    @answer_format
    def command(
        lot: str,
        reason: str,
        meaning: str,
        account: str | None,
        password_file: Path | None,
        directory: Path | None,
        form: str,
    ) -> None:
        _decide(open_registry(directory), lot, kind, password(account, password_file), meaning, reason, form)

    return command


@click.command()
@click.argument("lot", metavar="LOT")
@click.argument("what", metavar="RESULT|CRITERION")
@click.option("--reason", required=True, metavar="R", help="Why it counts.")
@signer
@data
@answer_format
def accept(
    lot: str,
    what: str,
    reason: str,
    account: str | None,
    password_file: Path | None,
    directory: Path | None,
    form: str,
) -> None:
    """Accept a retest or correction of a result that did not pass, or a reference criterion that is not shown."""
    registry = open_registry(directory)
    name, secret = password(account, password_file)
    receipt = registry.accept(lot, what, reason=reason, name=name, password=secret)
    tell(receipt, _entered(receipt, f"Accepted on {receipt.id}"), form)


COMMANDS = {
    "release": release,
    "hold": _stopping("hold", "hold", "Put LOT (or a cell bank) on hold, with everything made from it."),
    "lift": _stopping("lift", "hold lifted", "Lift the hold on LOT; it is then decided on again."),
    "reject": _stopping("reject", "rejection", "Reject LOT, for good."),
    "recall": _stopping("recall", "recall", "Recall LOT (or a cell bank), with everything made from it."),
    "accept": accept,
}
