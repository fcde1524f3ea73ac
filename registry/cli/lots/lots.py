"""``lot``: one batch of a product, or what batches derive from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed
from registry.errors import WrongUsage
from registry.instants import typed_moment


class _LotGroup(click.Group):
    """``lot add …`` registers; ``lot LOT`` looks up. A lot named like a command is shown by ``lot show NAME``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_LotGroup, context_settings={"ignore_unknown_options": True})
def lot() -> None:
    """Look a lot up (lot LOT), or register one (lot add LOT)."""


@lot.command("add")
@click.argument("identifier", metavar="LOT")
@click.option("--product", "product_id", metavar="ID", help="The product that it is a lot of.")
@click.option(
    "--kind",
    type=click.Choice(["product lot", "cell bank", "cell line", "donor"]),
    default="product lot",
    show_default=True,
    help="What it is.",
)
@click.option("--passage", type=click.IntRange(0, 1000))
@click.option("--manufactured", metavar="DATE", help="The day it was made: 2026-10-02.")
@click.option("--expires", metavar="TIME", help="With its zone: 2026-12-01T12:00+01:00.")
@click.option("--containers", type=click.IntRange(1, 1_000_000))
@click.option("--storage", default="")
@click.option("--derived-from", "origins", multiple=True, metavar="LOT", help="A registered origin; may be repeated.")
@click.option(
    "--distinct-from",
    multiple=True,
    metavar="LOT",
    help="A lot that looks like this one and is another; may be repeated.",
)
@click.option("--recipient", metavar="CODE", help="The pseudonymous code of the one recipient (autologous).")
@click.option("--synthetic", is_flag=True, help="Made up, for demonstration or training.")
@click.option("--note", default="")
@click.option("--usable-hours", type=click.IntRange(1, 8760), help="For how many hours after thaw it may be given.")
@click.option("--line-type", default="", help="Of a cell line: what it was made of, such as embryonic stem cell.")
@click.option("--sex", default="", help="Of a cell line: female, male, mixed, ambiguous or unspecified.")
@click.option("--cellosaurus", default="", metavar="CVCL_…", help="Of a cell line: its accession in Cellosaurus.")
@click.option("--hpscreg", default="", metavar="NAME", help="Of a cell line: its name in hPSCreg, such as WAe001-A.")
@click.option("--line-term", default="", metavar="CLO:…", help="Of a cell line: its Cell Line Ontology term.")
@click.option("--known-against", multiple=True, help="Of a cell line: what is known against it; may be repeated.")
@signed
def add_lot(
    caller: Caller,
    identifier: str,
    product_id: str | None,
    kind: str,
    passage: int | None,
    manufactured: str | None,
    expires: str | None,
    containers: int | None,
    storage: str,
    origins: tuple[str, ...],
    distinct_from: tuple[str, ...],
    recipient: str | None,
    synthetic: bool,
    note: str,
    usable_hours: int | None,
    **of_line: Any,
) -> None:
    """Register a lot, or a cell bank, cell line or donor that lots derive from."""
    from registry.services import LotDraft
    from registry.services.lots.cell_line import line_of

    who = caller.actor
    draft = LotDraft(
        id=identifier,
        kind=kind,  # type: ignore[arg-type]
        product=product_id,
        passage=passage,
        manufactured_on=_day(manufactured) if manufactured else None,
        expires_at=typed_moment(expires) if expires else None,
        containers=containers,
        storage=storage,
        derived_from=origins,
        recipient=recipient,
        synthetic=synthetic,
        note=note,
        usable_hours=usable_hours,
        line=line_of(term=of_line.pop("line_term"), **of_line),
    )
    receipt = caller.registry.lots.register(draft, who, distinct_from)
    caller.tell(receipt, f"{kind.capitalize()} {receipt.id} is registered (entry {receipt.position}).")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("This is no date.", expected="a date such as 2026-10-02", found=text) from None


@lot.command("show")
@click.argument("identifier", metavar="LOT")
@click.option("--at", metavar="TIME", help="As the ledger stood then, with its zone.")
@data
@answer_format
def show_lot(identifier: str, at: str | None, directory: Path | None, form: str) -> None:
    """Answer whether a lot may be injected, and everything behind the answer."""
    registry = open_registry(directory)
    when = typed_moment(at) if at else None
    answer = registry.lots.get(identifier, at=when)
    if form == "json":
        show_json(answer.as_dict())
        return
    from registry.cli.lots.lot_report import show_lot_answer

    past = when is not None and when < registry.lot_index.now()
    show_lot_answer(answer, registry.lots.get(identifier) if past else None)


COMMANDS = {"lot": lot}
