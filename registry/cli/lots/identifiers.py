"""``identifier``: what others call a lot or product, recorded, found and withdrawn."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed


@click.group()
def identifier() -> None:
    """What others call a lot or product: GS1, ISBT 128, the Single European Code, a house's own number."""


@identifier.command("add")
@click.argument("text", metavar="IDENTIFIER")
@click.option("--scheme", required=True, help="gtin, gs1, din, sec, chain-of-identity or house.")
@click.option("--lot", metavar="LOT", help="The lot that it names.")
@click.option("--product", metavar="ID", help="The product that it names (gtin).")
@signed
def add(caller: Caller, text: str, scheme: str, lot: str | None, product: str | None) -> None:
    """Record an identifier, scanned or as printed."""
    receipt = caller.registry.identifiers.record(scheme, text, actor=caller.account, lot=lot, product=product)
    caller.tell(receipt, f"The identifier is recorded for {receipt.id} (entry {receipt.position}).")


@identifier.command("withdraw")
@click.argument("entry", type=click.IntRange(1))
@click.option("--reason", required=True)
@signed
def withdraw(caller: Caller, entry: int, reason: str) -> None:
    """Withdraw the identifier that an ENTRY of the ledger recorded; nothing is edited."""
    receipt = caller.registry.identifiers.withdraw(entry, reason=reason, actor=caller.account)
    caller.tell(receipt, f"The identifier of {receipt.id} is withdrawn (entry {receipt.position}).")


@identifier.command("find")
@click.argument("text", metavar="IDENTIFIER")
@data
@answer_format
def find(text: str, directory: Path | None, form: str) -> None:
    """Say which lot an identifier names, and no more: whether it may be injected is asked with ``lot``."""
    from registry.errors import Unknown

    named = open_registry(directory).identifiers.named_by(text)
    if named is None:
        raise Unknown("This is on record as no identifier of others.", expected="an identifier on record for one lot",
                      found=text[:80], todo="Ask for the lot by its identifier in this registry.")  # fmt: skip
    if form == "json":
        show_json({"lot": named.lot, "scheme": named.reading.scheme, "text": named.reading.text,
                   "expires": named.reading.expires or None})  # fmt: skip
        return
    click.echo(f"{named.reading.text} ({named.reading.scheme}) names the lot {named.lot}.")


COMMANDS = {"identifier": identifier}
