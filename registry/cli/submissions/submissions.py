"""``submit``: a QC lab's file, and at once what is wrong with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli import actions
from registry.cli.options import answer_format, data, open_registry, password, show_json, signer
from registry.cli.submissions.repair import errors_to, write_errors
from registry.errors import NotSignedIn, RegistryError

if TYPE_CHECKING:
    from registry.domain import RowError
    from registry.services import Account, Registry, SubmissionReceipt

EVENTS = {".fcs", ".lmd"}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE...")
@click.option("--idempotency-key", metavar="KEY", help="The same key answers the same receipt.")
@click.option("--mapping", metavar="MAPPING", help="The approved mapping in which names are looked up.")
@click.option(
    "--gates", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="The gates of FCS files."
)
@errors_to
@signer
@data
@answer_format
def submit(
    files: tuple[Path, ...],
    idempotency_key: str | None,
    mapping: str | None,
    gates: Path | None,
    to_mend: Path | None,
    account: str | None,
    password_file: Path | None,
    directory: Path | None,
    form: str,
) -> None:
    """Submit FILEs of results, as --as NAME or with the token in $CELL_REGISTRY_TOKEN.

    Exit 0: every lot is recorded and passes. 1: one does not pass. 2: a row or file is in error; its lots are not
    recorded, the others are.
    """
    registry = open_registry(directory)
    who = _who(registry, account, password_file)
    drawn = (gates.name, gates.read_bytes()) if gates else None
    worst, shown = 0, []
    wrong: list[RowError] = []
    for path in files:
        key = f"{idempotency_key}/{path.name}" if idempotency_key and len(files) > 1 else idempotency_key
        try:
            beside = registry.mappings.beside(mapping, drawn if path.suffix.lower() in EVENTS else None)
            receipt = registry.submissions.submit(path.name, path.read_bytes(), who, idempotency_key=key, beside=beside)
        except RegistryError as error:
            worst = max(worst, error.exit_code)
            shown.append({"file": path.name, "error": error.as_dict()})
            click.echo(f"{path.name}: {actions.told(error)}", err=True)
            continue
        worst = max(worst, _exit_code(receipt))
        wrong += receipt.errors
        shown.append(receipt.as_dict())
        if form == "text":
            _show(path.name, receipt)
    if form == "json":
        show_json(shown[0] if len(shown) == 1 else shown)
    if to_mend is not None:
        write_errors(to_mend, files, wrong, registry.terms)
    sys.exit(worst)


def _who(registry: Registry, account: str | None, password_file: Path | None) -> Account:
    token = os.environ.get("CELL_REGISTRY_TOKEN")
    if account:
        return registry.accounts.act_as(*password(account, password_file))
    if token:
        return registry.accounts.account_of_token(token)
    raise NotSignedIn(
        "Submitting needs an account.", expected="--as NAME, or a token in $CELL_REGISTRY_TOKEN", found="neither"
    )


def _exit_code(receipt: SubmissionReceipt) -> int:
    if receipt.errors:
        return 2
    return 0 if all(panel.verdict in {"pass", None} for panel in receipt.recorded) else 1


def _show(name: str, receipt: SubmissionReceipt) -> None:
    from registry.cli.terminal import console, show_errors, show_not_read, sign

    screen = console()
    again = " (as before: the same file)" if receipt.repeated else ""
    count = len(receipt.recorded)
    what = "1 panel" if count == 1 else f"{count} panels"
    screen.print(f"{name}: {what} recorded{again}" + (f", receipt {receipt.receipt}" if count else ""))
    for panel in receipt.recorded:
        line = f"  {panel.lot}: panel {panel.panel}"
        if panel.verdict is None:
            screen.print(f"{line}: {panel.note}")
        else:
            screen.print(f"{line}: {panel.specification}: ", sign(panel.verdict), sep="")
            if panel.note:
                screen.print(f"    {panel.note}", style="yellow")
    show_errors(screen, receipt.errors)
    for notice in receipt.warnings:
        screen.print(f"note: {notice.message}", style="cyan")
    show_not_read(screen, receipt.not_read)


COMMANDS = {"submit": submit}
