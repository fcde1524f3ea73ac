"""``--errors-to FILE``: the rows to mend, written as a file that can be sent again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from registry.domain import RowError
from registry.errors import RegistryError, Unknown, WrongUsage

if TYPE_CHECKING:
    from registry.vocabulary import Terms

Command = TypeVar("Command", bound=Callable[..., Any])


def errors_to(command: Command) -> Command:
    """``--errors-to FILE``: a CSV or XLSX file of the refused lots' rows."""
    return click.option(
        "--errors-to",
        "to_mend",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=_table,
        metavar="FILE",
        help="Write the refused lots' rows to FILE (.csv or .xlsx), the bad ones marked, to mend and send again.",
    )(command)


def _table(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in {".csv", ".xlsx"}:
        raise WrongUsage("The rows to mend are a table.", expected="a name that ends in .csv or .xlsx", found=path.name)
    return path


def write_errors(path: Path, files: Sequence[Path], errors: Sequence[RowError], vocabulary: Terms) -> None:
    """Write the rows of ``files`` that are to be mended; says on standard error what was written, or that nothing was.

    Raises WrongUsage when FILE is one of those read, or cannot hold tables of different columns.
    """
    from registry import intake

    if any(path.resolve() == file.resolve() for file in files):
        raise WrongUsage("The rows to mend would overwrite the file that was read.", found=str(path))
    readable = [file for file in files if any(error.file.startswith(file.name) for error in errors) and file.is_file()]
    try:
        written = intake.to_mend(
            [(file.name, file.read_bytes()) for file in readable], errors, vocabulary, path.suffix[1:].lower()
        )
    except Unknown:
        click.echo(f"{path.name} was not written: there is no row to mend.", err=True)
        return
    except WrongUsage:
        raise
    except RegistryError as error:
        click.echo(f"{path.name} was not written: {error.message}", err=True)
        return
    path.write_bytes(written)
    click.echo(f"{path.name}: the rows to mend.", err=True)
