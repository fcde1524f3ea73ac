"""``mapping``: what the names in instruments' files stand for, drafted by a laboratory, approved once and kept."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed


@click.group()
def mapping() -> None:
    """Keep what instruments call samples, columns and gates."""


@mapping.command("add")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--name", "named", metavar="MAPPING", help="What to call it (default: FILE without its ending).")
@signed
def add_mapping(caller: Caller, file: Path, named: str | None) -> None:
    """Approve the mapping in FILE, signing as --as NAME of the quality unit. It holds from now on."""
    receipt = caller.registry.mappings.add(
        named or file.stem, file.name, file.read_bytes(), signer=caller.name, password=caller.password
    )
    caller.tell(receipt, f"Mapping {receipt.id} is approved (entry {receipt.position}).")


@mapping.command("draft")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--name", "named", metavar="MAPPING", help="What to call it (default: FILE without its ending).")
@signed
def draft_mapping(caller: Caller, file: Path, named: str | None) -> None:
    """Ask the quality unit to approve the mapping in FILE, as --as NAME. Nothing is read by it before."""
    who = caller.account
    receipt = caller.registry.mappings.drafts.draft(named or file.stem, file.name, file.read_bytes(), who)
    caller.tell(receipt, f"Mapping {receipt.id} is drafted (entry {receipt.position}). The quality unit approves it.")


@mapping.command("drafts")
@data
@answer_format
def list_drafts(directory: Path | None, form: str) -> None:
    """List drafts of mappings, and what became of each."""
    drafts = open_registry(directory).mappings.drafts.every()
    if form == "json":
        show_json({"drafts": [draft.as_dict() for draft in drafts]})
        return
    for draft in drafts:
        became = draft.state if draft.state == "waits" else f"{draft.state} by {draft.decided_by}"
        reason = f": {draft.reason}" if draft.reason else ""
        what = f"{draft.name}, {draft.lines} lines, drafted by {draft.drafted_by}"
        click.echo(f"entry {draft.position}: {what}, {became}{reason}")


@mapping.command("approve")
@click.argument("position", type=int, metavar="ENTRY")
@signed
def approve_draft(caller: Caller, position: int) -> None:
    """Approve the draft at ENTRY, signing as --as NAME of the quality unit, who did not draft it."""
    receipt = caller.registry.mappings.drafts.approve(position, signer=caller.name, password=caller.password)
    caller.tell(receipt, f"Mapping {receipt.id} is approved (entry {receipt.position}).")


@mapping.command("decline")
@click.argument("position", type=int, metavar="ENTRY")
@click.option("--reason", required=True, metavar="TEXT", help="What the laboratory is to change.")
@signed
def decline_draft(caller: Caller, position: int, reason: str) -> None:
    """Decline the draft at ENTRY with a reason, as --as NAME of the quality unit."""
    who = caller.account
    receipt = caller.registry.mappings.drafts.decline(position, reason, who)
    caller.tell(receipt, f"The draft of {receipt.id} is declined (entry {receipt.position}).")


@mapping.command("list")
@data
@answer_format
def list_mappings(directory: Path | None, form: str) -> None:
    """List mappings, who approved each, and from when."""
    mappings = open_registry(directory).mappings.list()
    if form == "json":
        show_json({"mappings": [mapping.as_dict() for mapping in mappings]})
        return
    for mapping in mappings:
        since = f"since {mapping.since}" if mapping.newest else f"of {mapping.since}, replaced"
        click.echo(f"{mapping.name}: {mapping.lines} lines, {since}, approved by {mapping.printed_name}")


@mapping.command("show")
@click.argument("name", metavar="MAPPING")
@data
@answer_format
def show_mapping(name: str, directory: Path | None, form: str) -> None:
    """Show the lines of the mapping that is in force under this name."""
    from registry.services.mappings.approved import answer

    mapping = open_registry(directory).mappings.get(name)
    if form == "json":
        lines = [{key: getattr(line, key) for key in line.__slots__} for line in mapping.lines]
        show_json({**answer(mapping).as_dict(), "lines": lines})
        return
    click.echo(f"{mapping.name}: approved by {mapping.printed_name} ({mapping.digest})")
    for line in mapping.lines:
        words = (line.lot, line.stage, line.characteristic, line.parent and f"of {line.parent}", line.unit, line.value)
        click.echo(f"  {line.kind} {line.name}: {', '.join(filter(None, words)) or 'no lot'}")


COMMANDS = {"mapping": mapping}
