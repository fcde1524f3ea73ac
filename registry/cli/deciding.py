"""``release``, ``hold``, ``lift``, ``reject``, ``recall``, ``withdraw``, ``accept``: the quality unit's word."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, password, show_json, signer, tell
from registry.errors import GateRefused
from registry.registry import Receipt, Registry
from registry.standing import DecisionKind


def _entered(receipt: Receipt, words: str) -> str:
    return f"{words} (entry {receipt.position}, record {receipt.record})."


def _decide(
    registry: Registry, lot: str, kind: DecisionKind, who: tuple[str, str], meaning: str, reason: str, form: str
) -> None:
    try:
        receipt = registry.decide(lot, kind, name=who[0], password=who[1], meaning=meaning, reason=reason)
    except GateRefused as refusal:
        if form == "json":
            show_json({"lot": lot, "decision": None, "error": refusal.as_dict()})
            sys.exit(refusal.exit_code)
        raise
    tell(receipt, _entered(receipt, f"{kind.capitalize()} of {receipt.id} is signed"), form)


@click.command()
@click.argument("lot", metavar="LOT")
@click.option(
    "--meaning",
    default="I have reviewed the evidence of this lot and release it for injection.",
    show_default=True,
    help="What the signature means.",
)
@click.option("--reason", default="", help="A remark, kept with the release.")
@signer
@data
@answer_format
def release(
    lot: str,
    meaning: str,
    reason: str,
    account: str | None,
    password_file: Path | None,
    directory: Path | None,
    form: str,
) -> None:
    """Sign the release of LOT. Exit 1 with everything that is missing when the gate refuses."""
    _decide(open_registry(directory), lot, "release", password(account, password_file), meaning, reason, form)


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
@click.argument("panel", metavar="PANEL")
@click.option("--reason", required=True, metavar="R", help="Why.")
@signer
@data
@answer_format
def withdraw(
    panel: str, reason: str, account: str | None, password_file: Path | None, directory: Path | None, form: str
) -> None:
    """Take PANEL back: its submitter or the quality unit. Nothing is erased."""
    registry = open_registry(directory)
    name, secret = password(account, password_file)
    receipt = registry.withdraw(panel, reason=reason, name=name, password=secret)
    tell(receipt, _entered(receipt, f"Panel {receipt.id} is withdrawn"), form)


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
    "withdraw": withdraw,
    "accept": accept,
}
