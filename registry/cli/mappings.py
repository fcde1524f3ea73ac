"""``mapping``: what the names in instruments' files stand for, approved once and kept."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, password, show_json, signer, tell


@click.group()
def mapping() -> None:
    """Keep what instruments call samples, columns and gates."""


@mapping.command("add")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--name", "named", metavar="MAPPING", help="What to call it (default: FILE without its ending).")
@signer
@data
@answer_format
def add_mapping(
    file: Path,
    named: str | None,
    account: str | None,
    password_file: Path | None,
    directory: Path | None,
    form: str,
) -> None:
    """Approve the mapping in FILE, signing as --as NAME of the quality unit. It holds from now on."""
    registry = open_registry(directory)
    name, secret = password(account, password_file)
    receipt = registry.mappings.add(named or file.stem, file.name, file.read_bytes(), by=name, password=secret)
    tell(receipt, f"Mapping {receipt.id} is approved (entry {receipt.position}).", form)


@mapping.command("list")
@data
@answer_format
def list_mappings(directory: Path | None, form: str) -> None:
    """List mappings, who approved each, and from when."""
    found = open_registry(directory).mappings.list()
    if form == "json":
        show_json({"mappings": [one.as_dict() for one in found]})
        return
    for one in found:
        since = f"since {one.since}" if one.newest else f"of {one.since}, replaced"
        click.echo(f"{one.name}: {one.lines} lines, {since}, approved by {one.printed_name}")


@mapping.command("show")
@click.argument("name", metavar="MAPPING")
@data
@answer_format
def show_mapping(name: str, directory: Path | None, form: str) -> None:
    """Show the lines of the mapping that is in force under this name."""
    from registry.registry.mappings import answer

    found = open_registry(directory).mappings.get(name)
    if form == "json":
        lines = [{key: getattr(line, key) for key in line.__slots__} for line in found.lines]
        show_json({**answer(found).as_dict(), "lines": lines})
        return
    click.echo(f"{found.name}: approved by {found.printed_name} ({found.digest})")
    for line in found.lines:
        said = (line.lot, line.stage, line.characteristic, line.parent and f"of {line.parent}", line.unit, line.value)
        click.echo(f"  {line.kind} {line.name}: {', '.join(filter(None, said)) or 'no lot'}")


COMMANDS = {"mapping": mapping}
