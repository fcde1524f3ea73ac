"""Counters that export a table with one row a sample: Vi-CELL BLU, NC-View, Cellaca."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from registry.domain.name_mapping import folded
from registry.errors import Unreadable
from registry.intake.export_model import Export, Sample, Value, told, when
from registry.intake.instruments.values import (
    DEAD,
    MILLION,
    PER_ML,
    PERCENT,
    TOTAL,
    VIABILITY,
    VIABLE,
    Column,
    values_of,
)
from registry.intake.tabular.columns import listed
from registry.intake.tabular.grid import Row

_MILLIONTH = Decimal("0.000001")
BLU = "Vi-CELL BLU"
BLU_COLUMNS = (
    Column("Cell count", "", "total cell count"),
    Column("Viable cells", "", "viable cell count"),
    Column("Total (x10^6) cells/mL", MILLION, TOTAL, role="total"),
    Column("Viable (x10^6) cells/mL", MILLION, VIABLE, role="viable"),
    Column("Viability (%)", PERCENT, VIABILITY, role="viability"),
    Column("Average diameter (\u03bcm)", "", "average total cell diameter"),
    Column("Average viable diameter (\u03bcm)", "", "average live cell diameter (cell counter)"),
)
NC_VIEW = "NC-View"
NC_VIEW_COLUMNS = (
    Column("TOTAL (cells/ml)", PER_ML, TOTAL, _MILLIONTH, "total"),
    Column("LIVE (cells/ml)", PER_ML, VIABLE, _MILLIONTH, "viable"),
    Column("DEAD (cells/ml)", PER_ML, DEAD, _MILLIONTH),
    Column("VIABILITY (%)", PERCENT, VIABILITY, role="viability"),
    Column("DIAMETER (\u03bcm)", "", "average total cell diameter"),
    Column("AGGREGATES (%)", PERCENT, "cell aggregation percentage"),
)
CELLACA = "Cellaca"
CELLACA_COLUMNS = (
    Column("Live Count", "", "viable cell count"),
    Column("Live Concentration (E6)", MILLION, VIABLE, role="viable"),
    Column("Viability (%)", PERCENT, VIABILITY, role="viability"),
    Column("Dead Count", "", "dead cell count"),
    Column("Dead Concentration (E6)", MILLION, DEAD),
    Column("Total Count", "", "total cell count"),
    Column("Total Concentration (E6)", MILLION, TOTAL, role="total"),
    Column("Aggregates (%)", PERCENT, "cell aggregation percentage"),
)


def read_blu(rows: Sequence[Row], file: str) -> Export:
    """A Vi-CELL BLU export. ``ERROR`` anywhere in a row's results leaves none of its figures clean.

    A row with a reanalysis time is a retest of the row with the same sample and the same time of analysis.
    """
    header = _header(rows[0], ("Sample ID", "Analysis date/time", *_names(BLU_COLUMNS)), file)
    cells = [(row.number, _cells(row, header)) for row in rows[1:]]
    first = {
        (cells_by_name["Sample ID"], cells_by_name["Analysis date/time"]): number
        for number, cells_by_name in reversed(cells)
        if not cells_by_name.get("Reanalysis date/time")
    }
    return Export(BLU, tuple(_blu_sample(number, cells_by_name, first, file) for number, cells_by_name in cells))


def _blu_sample(row: int, cells: Mapping[str, str], first: Mapping[tuple[str, str], int], file: str) -> Sample:
    values = values_of(cells, BLU_COLUMNS, row)
    flags = [f"{value.column}: {value.flag}" for value in values if value.flag]
    again = cells.get("Reanalysis date/time", "")
    sample = Sample(
        name=cells["Sample ID"],
        row=row,
        values=_all_flagged(values, "; ".join(flags)),
        details=told(
            instrument=BLU,
            analyst=cells.get("Reanalysis by", "") if again else cells.get("Analysis by", ""),
            tested_at=when(again or cells["Analysis date/time"]),
            sample_name=cells["Sample ID"],
        ),
    )
    if not again:
        return sample
    original = first.get((cells["Sample ID"], cells["Analysis date/time"]))
    if original is not None:
        return replace(sample, retest_of=original, reason=f"reanalysed on the instrument at {again}")
    message = (
        f"This is a reanalysis of {again}, so a retest, and the first analysis is not in the file: export both rows."
    )
    problem = ("Reanalysis date/time", f"the first analysis of {cells['Analysis date/time']} as well", again, message)
    return replace(sample, problems=(problem,))


def read_nc_view(rows: Sequence[Row], file: str) -> Export:
    """An NC-View export. A status other than ``OK`` stands against every figure of its row."""
    header = _header(rows[0], ("SAMPLE ID", "STATUS", *_names(NC_VIEW_COLUMNS)), file)
    samples = []
    for row in rows[1:]:
        cells = _cells(row, header)
        status = cells["STATUS"]
        values = values_of(cells, NC_VIEW_COLUMNS, row.number)
        flag = "" if status.casefold() == "ok" else status or "no status in the file"
        details = told(
            method=cells.get("PROTOCOL", ""),
            instrument=NC_VIEW,
            serial_number=re.sub(r"(?i)^s/n:?\s*", "", cells.get("INSTRUMENT", "")),
            analyst=cells.get("OPERATOR", ""),
            tested_at=when(""),
            sample_name=cells["SAMPLE ID"],
        )
        samples.append(Sample(cells["SAMPLE ID"], row.number, _all_flagged(values, flag), details=details))
    return Export(NC_VIEW, tuple(samples))


def read_cellaca(rows: Sequence[Row], file: str) -> Export:
    """A Cellaca export: a block of names and values, then the wells. A well's error stands against all its figures."""
    start = next((at for at, row in enumerate(rows) if "Well Name" in row.cells), None)
    if start is None:
        raise _no_columns(file, ("Well Name",), rows[0].cells)
    block = {row.cells[0]: row.cells[1] for row in rows[:start] if len(row.cells) > 1}
    header = _header(rows[start], ("Well Name", "Errors", *_names(CELLACA_COLUMNS)), file)
    samples = []
    for row in rows[start + 1 :]:
        cells = _cells(row, header)
        name = f"{block.get('Plate Name', '')}/{cells['Well Name']}".lstrip("/")
        details = told(
            method=block.get("Assay Name", ""),
            instrument=CELLACA,
            serial_number=block.get("Instrument SN", ""),
            analyst=block.get("Operator", ""),
            tested_at=when(block.get("Results Timestamp", "")),
            sample_name=name,
        )
        values = values_of(cells, CELLACA_COLUMNS, row.number)
        samples.append(Sample(name, row.number, _all_flagged(values, cells["Errors"]), details=details))
    return Export(CELLACA, tuple(samples))


def _names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def _header(row: Row, needed: Sequence[str], file: str) -> dict[str, int]:
    """Where each column stands, both letters for micro alike; ``Unreadable`` when a needed one is missing or twice."""
    names = [folded(cell) for cell in row.cells]
    absent = [name for name in needed if names.count(folded(name)) != 1]
    if absent:
        raise _no_columns(file, absent, row.cells)
    return {name: place for place, name in enumerate(names) if name}


def _no_columns(file: str, absent: Sequence[str], columns: Sequence[str]) -> Unreadable:
    return Unreadable(
        f"{file} lacks columns that its instrument writes: {', '.join(absent)}.",
        expected="each of them once",
        found=listed(columns),
        where=file,
        todo="Export the file again with all columns.",
    )


def _cells(row: Row, header: Mapping[str, int]) -> dict[str, str]:
    return {name: row.cells[place] if place < len(row.cells) else "" for name, place in header.items()}


def _all_flagged(values: tuple[Value, ...], flag: str) -> tuple[Value, ...]:
    """Every filled-in value with the row's flag beside its own."""
    if not flag:
        return values
    return tuple(replace(value, flag=value.flag or flag) if value.printed else value for value in values)
