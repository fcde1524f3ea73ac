"""The specification that a command names: by its file, by its id in the library, or by its id in a registry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.options import open_registry
from registry.domain import Specification
from registry.errors import RegistryError, TooLarge

if TYPE_CHECKING:
    from registry.vocabulary import Terms

COMPILED = (".ttl", ".nt")
TABLES = (".csv", ".tsv", ".yaml", ".yml", ".xlsx")
_SIZE = 1_000_000

output = click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT",
                      help="Write to OUT instead of standard output.")  # fmt: skip


def is_file(wanted: str) -> bool:
    """Whether a specification is named by its file rather than by its id: ids have no dot."""
    return wanted.lower().endswith((*COMPILED, *TABLES))


def content(path: Path) -> bytes:
    """The file's bytes; raises TooLarge before reading it."""
    if path.stat().st_size > _SIZE:
        raise TooLarge("The specification is too large.", expected=f"at most {_SIZE:,} bytes", where=str(path))
    return path.read_bytes()


def found(wanted: str, directory: Path | None, terms: Terms) -> Specification:
    """The specification of a file, of the shelf, or (with a registry's folder) one drafted there."""
    from registry import specifications

    if is_file(wanted):
        path = Path(wanted)
        if wanted.lower().endswith(COMPILED):
            return specifications.read(content(path))
        from registry.specifications import table

        return table.read(path.name, content(path), terms)
    identifier, _, version = wanted.partition("@")
    if directory is not None and directory.exists():
        return open_registry(directory).specifications.get(identifier, version or None)
    return specifications.load(identifier, version or None)


def written(answer: bytes, file: Path | None) -> None:
    """The answer to a file or to standard output."""
    if file is None:
        click.echo(answer, nl=False)
    else:
        file.write_bytes(answer)


def known(directory: Path | None) -> list[Specification]:
    """Every specification: the shelf's, and with a registry's folder those drafted there."""
    from registry import specifications

    if directory is None or not directory.exists():
        return list(specifications.shipped())
    try:
        return open_registry(directory).specifications.all()
    except RegistryError:
        return list(specifications.shipped())
