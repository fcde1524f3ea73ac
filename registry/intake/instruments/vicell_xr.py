"""Vi-CELL XR: one sample as ``name : value`` lines, or a run's summary as a workbook with a header of two rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from registry.errors import Unreadable
from registry.intake.export_model import Export, Sample, told, when
from registry.intake.instruments.values import MILLION, PERCENT, TOTAL, VIABILITY, VIABLE, Column, values_of

XR = "Vi-CELL XR"
TEXT_COLUMNS = (
    Column("Total cells", "", "total cell count"),
    Column("Viable cells", "", "viable cell count"),
    Column("Viability (%)", PERCENT, VIABILITY, role="viability"),
    Column("Total cells / ml (x 10^6)", MILLION, TOTAL, role="total"),
    Column("Total viable cells / ml (x 10^6)", MILLION, VIABLE, role="viable"),
    Column("Average diameter (microns)", "", "average total cell diameter"),
)
SHEET_COLUMNS = (
    Column("Total cells", "", "total cell count"),
    Column("Viable cells", "", "viable cell count"),
    Column("Viability (%)", PERCENT, VIABILITY, role="viability"),
    Column("Total cells /ml (x10^6)", MILLION, TOTAL, role="total"),
    Column("Viable cells /ml (x10^6)", MILLION, VIABLE, role="viable"),
    Column("Avg. diam. (microns)", "", "average total cell diameter"),
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet: its number, and its texts by column, the first being 0."""

    number: int
    said: dict[int, str]


def is_xr(text: str) -> bool:
    """True for a text that Vi-CELL XR wrote."""
    return text.lstrip("\ufeff \r\n").startswith("Vi-CELL XR")


def read_text(text: str, file: str) -> Export:
    """The one sample of a text export."""
    pairs: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, mark, value = line.partition(":")
        if mark:
            pairs.setdefault(name.strip(), (value.strip(), number))
    texts = {name: value for name, (value, _) in pairs.items()}
    absent = [name for name in ("Sample ID", *(column.name for column in TEXT_COLUMNS)) if not texts.get(name)]
    if absent:
        raise _lacking(file, absent)
    row = pairs["Sample ID"][1]
    values = tuple(values_of(texts, (column,), pairs[column.name][1])[0] for column in TEXT_COLUMNS)
    details = told(
        instrument=XR,
        serial_number=texts.get("Unit S/N", ""),
        analyst=texts.get("User", ""),
        tested_at=when(texts.get("RunDate", "")),
        sample_name=texts["Sample ID"],
    )
    return Export(XR, (Sample(texts["Sample ID"], row, values, details=details),))


def read_sheet(rows: Sequence[SheetRow], file: str) -> Export:
    """The samples of a run's summary. The header's two rows are read as one name a column."""
    at = next((place for place, row in enumerate(rows) if row.said.get(0) == "Sample ID"), None)
    if at is None or at + 1 >= len(rows):
        raise _lacking(file, ["Sample ID"])
    upper, lower = rows[at].said, rows[at + 1].said
    header = {place: f"{name} {lower.get(place, '')}".strip() for place, name in upper.items()}
    absent = [column.name for column in SHEET_COLUMNS if list(header.values()).count(column.name) != 1]
    if absent:
        raise _lacking(file, absent)
    serial = next((m.group(1) for row in rows[:at] if (m := _serial(row.said.get(0, "")))), "")
    samples = []
    for row in rows[at + 2 :]:
        cells = {header[place]: text for place, text in row.said.items() if place in header}
        if not cells.get("Sample ID"):
            continue
        details = told(
            instrument=XR,
            serial_number=serial,
            tested_at=when(cells.get("Sample date/time", "")),
            sample_name=cells["Sample ID"],
        )
        values = values_of(cells, SHEET_COLUMNS, row.number)
        samples.append(Sample(cells["Sample ID"], row.number, values, details=details))
    return Export(XR, tuple(samples))


def _serial(text: str) -> re.Match[str] | None:
    return re.fullmatch(r"Unit S/N:\s*(\S+)", text)


def _lacking(file: str, absent: Sequence[str]) -> Unreadable:
    return Unreadable(
        f"{file} lacks what Vi-CELL XR writes: {', '.join(absent)}.",
        expected="each of them once",
        found="a shorter or altered file",
        where=file,
        todo="Export the file again from the instrument's software.",
    )
