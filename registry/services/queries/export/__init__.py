"""The registry written to files that others read: TriG, N-Quads, Parquet tables, RO-Crates.

``selection``  what concerns some lots: the entries, records and verdicts
``parquet``    tables of lots, results and decisions
``crate``      an RO-Crate: records, files, ledger, proofs, and who made what of which
``crate_forms``  what each form of a crate conforms to

Of lots, records and files only: no accounts, no tokens, no recipients; the signed name of a decision is part of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from registry.errors import Refused, WrongUsage
from registry.graph.store.export import Quads, export_graphs, export_snapshot
from registry.services.queries.description import PREFIXES
from registry.services.queries.export.crate import write_crate
from registry.services.queries.export.crate_forms import CRATES
from registry.services.queries.export.parquet import write_tables
from registry.services.queries.export.selection import Selection, every_lot

if TYPE_CHECKING:
    from registry.services.queries.graph import Knowledge

__all__ = ["FORMS", "Exported", "Selection", "every_lot", "export"]

FORMS = ("trig", "nquads", "parquet", *CRATES)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and the ledger's size that it shows."""

    target: Path
    ledger_size: int
    lots: int


def export(
    every: Selection, knowledge: Callable[[], Knowledge], form: str, target: Path, lots: Sequence[str]
) -> Exported:
    """Write ``target`` of ``every`` lot, or of ``lots`` alone.

    It is a file for trig and nquads, a folder for parquet, a folder or a .zip for an RO-Crate, an .eln for eln.

    Raises Refused when it exists already, Unknown for a lot that does not, WrongUsage for another form and for Parquet
    without its extra.
    """
    if form not in FORMS:
        raise WrongUsage("There is no such form of export.", expected=", ".join(FORMS), found=form)
    if target.exists():
        raise Refused("An export overwrites nothing.", found=str(target), todo="Name another file or folder.")
    if form in ("trig", "nquads") and not lots:
        return Exported(target, _whole(knowledge(), cast(Quads, form), target), len(every.lots))
    chosen = replace(every, lots=tuple(every.reader.lot(lot).id for lot in lots)) if lots else every
    if form == "parquet":
        write_tables(chosen, target)
    elif form in CRATES:
        write_crate(chosen, target, CRATES[form], whole=not lots)
    else:
        with _whole_or_nothing(target) as output:
            export_graphs(chosen.graphs(), output, cast(Quads, form), PREFIXES)
    return Exported(target, chosen.size, len(chosen.lots))


def _whole(knowledge: Knowledge, form: Quads, target: Path) -> int:
    knowledge.refresh()
    with _whole_or_nothing(target) as output:
        return export_snapshot(knowledge.graph.folder, output, form, PREFIXES)


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[BinaryIO]:
    """A file that appears when it is whole. What is no file, such as a pipe, is written to as it stands."""
    if target.exists() and not target.is_file():
        with target.open("wb") as output:
            yield output
        return
    unfinished = target.with_name(target.name + ".tmp")
    try:
        with unfinished.open("wb") as output:
            yield output
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
