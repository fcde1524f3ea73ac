"""Files as instruments export them: which instrument wrote one, what it says, and whether two readers agree on it.

    Vi-CELL BLU (.csv)   Vi-CELL XR (.txt, .xlsx)   NucleoCounter NC-200 and later (.csv)   NC-View (.csv)
    Cellaca (.csv)       FlowJo (.wsp)              BD FACSDiva (.xml)

``tables``              counters with one row a sample: Vi-CELL BLU, NC-View, Cellaca
``nucleocounter``       NucleoCounter, one sample a file
``vicell_xr``           Vi-CELL XR: text or workbook
``cytometry``           gated populations: FlowJo, BD FACSDiva
``markup``              XML, read by expat alone
``values``              which text is a clean number, and whether figures can be true
``percent_of_parent``   events / parent events, exactly
``second_reader``       every number has to be the one that allotropy reads
``allotrope``           allotropy itself, in a child process
``instrument_results``  an export and a mapping, together, to results

Each is read to the letter here, and a second time by a library; see docs/decisions.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import replace

from registry.domain.name_mapping import folded
from registry.errors import RegistryError, Unreadable, UnsupportedKind
from registry.intake.checks.patient_data import find_patient_data, pairs_of, refuse_patient_data
from registry.intake.encoding import decode
from registry.intake.export_model import Export, Sample
from registry.intake.instruments import cytometry, nucleocounter, tables, vicell_xr
from registry.intake.instruments.markup import parse
from registry.intake.instruments.second_reader import Witness, confirmed, refuse_without_extra
from registry.intake.instruments.values import Column, contradiction
from registry.intake.tabular.grid import rows_of

WITNESSES = {
    tables.BLU: Witness("BECKMAN_VI_CELL_BLU", ".csv", tables.BLU_COLUMNS),
    tables.NC_VIEW: Witness("CHEMOMETEC_NC_VIEW", ".csv", tables.NC_VIEW_COLUMNS),
    tables.CELLACA: Witness("REVVITY_MATRIX", ".csv", tables.CELLACA_COLUMNS),
    nucleocounter.NC_200: Witness("CHEMOMETEC_NUCLEOVIEW", ".csv", nucleocounter.COLUMNS),
    vicell_xr.XR: Witness("BECKMAN_VI_CELL_XR", ".txt", vicell_xr.TEXT_COLUMNS),
    cytometry.FLOWJO: Witness("FLOWJO", ".wsp"),
    cytometry.FACSDIVA: Witness("BD_BIOSCIENCES_FACSDIVA", ".xml"),
}
XR_SHEET = Witness("BECKMAN_VI_CELL_XR", ".xlsx", vicell_xr.SHEET_COLUMNS)
_LONGEST_HEAD = 20_000


def instrument_of(file: str, data: bytes) -> str | None:
    """Which instrument wrote the file, by its own words and never by its name alone; None when none of these did."""
    lowered = file.lower()
    if lowered.endswith(".wsp"):
        return cytometry.FLOWJO
    if lowered.endswith(".xml"):
        return cytometry.FACSDIVA if b"<bdfacs" in data[:_LONGEST_HEAD].replace(b"\x00", b"") else None
    if lowered.endswith(".xlsx"):
        return vicell_xr.XR if _is_xr_workbook(data) else None
    if not lowered.endswith((".csv", ".txt")):
        return None
    try:
        text = decode(data, file)[:_LONGEST_HEAD]
    except RegistryError:
        return None
    return _by_text(text)


def _by_text(text: str) -> str | None:
    if vicell_xr.is_xr(text):
        return vicell_xr.XR
    if nucleocounter.is_nucleocounter(text):
        return nucleocounter.NC_200
    head = folded(text.lstrip("\ufeff").partition("\n")[0].replace('"', ""))
    if head.startswith("Sample ID,") and "Viable (x10^6) cells/mL" in head:
        return tables.BLU
    if head.startswith("NAME,SAMPLE ID,") and "LIVE (cells/ml)" in head:
        return tables.NC_VIEW
    return tables.CELLACA if head.startswith("Plate Name,") and "Live Concentration (E6)" in text else None


def read_export(file: str, data: bytes, instrument: str) -> Export:
    """What an instrument's file says, confirmed by a second reader. Raises ``Unreadable``, ``TooLarge``,
    ``UnsupportedKind`` without the extra, and ``PatientData`` before anything of it is kept.
    """
    export, given, witness = _read(file, data, instrument)
    if not export.samples:
        raise Unreadable(f"{file} holds no sample.", expected="at least one sample", found="none", where=file)
    checked = tuple(_without_contradiction(sample, witness.columns) for sample in export.samples)
    return confirmed(replace(export, samples=checked), given, witness, file)


def _read(file: str, data: bytes, instrument: str) -> tuple[Export, bytes, Witness]:
    """Our reading, the bytes for the second reader (as UTF-8: it knows no UTF-16), and how to ask it."""
    witness = WITNESSES[instrument]
    if instrument in {cytometry.FLOWJO, cytometry.FACSDIVA}:
        root = parse(data, file)
        cytometry.refuse_patients(root, file)
        refuse_without_extra(file)
        reads = cytometry.read_flowjo if instrument == cytometry.FLOWJO else cytometry.read_facsdiva
        return reads(root, file), data, witness
    if file.lower().endswith(".xlsx"):
        sheet = _sheet(data, file)
        refuse_patient_data(find_patient_data(_answers(sheet)), file)
        return vicell_xr.read_sheet(sheet, file), data, XR_SHEET
    text = decode(data, file)
    refuse_patient_data(find_patient_data(_line_pairs(text)), file)
    if instrument == vicell_xr.XR:
        return vicell_xr.read_text(text, file), text.encode(), witness
    if instrument == nucleocounter.NC_200:
        return nucleocounter.read_nucleocounter(text, file), text.encode(), witness
    rows = rows_of(text, file)
    refuse_patient_data(find_patient_data(pairs_of(rows, text)), file)
    reads_rows = {tables.BLU: tables.read_blu, tables.NC_VIEW: tables.read_nc_view, tables.CELLACA: tables.read_cellaca}
    return reads_rows[instrument](rows, file), text.encode(), witness


def _without_contradiction(sample: Sample, columns: tuple[Column, ...]) -> Sample:
    why = contradiction(sample, columns)
    if not why:
        return sample
    message = f"The figures of this sample contradict each other ({why}): nothing of it was taken."
    return replace(sample, problems=(*sample.problems, ("sample", "figures that can all be true", why, message)))


def _line_pairs(text: str) -> list[tuple[str, str]]:
    """Names and answers of ``name : value`` and ``name;value`` lines."""
    pairs = []
    for line in text.splitlines():
        for mark in (":", ";", ","):
            name, separator, value = line.partition(mark)
            if separator:
                pairs.append((name.strip(), value.strip(" ;,\t")))
    return pairs


def _answers(rows: list[vicell_xr.SheetRow]) -> list[tuple[str, str]]:
    pairs = []
    for above, row in zip([None, *rows], rows, strict=False):
        pairs += [(above.said.get(place, ""), text) for place, text in row.said.items()] if above else []
        pairs += [(text, row.said.get(place + 1, "")) for place, text in row.said.items()]
        pairs += [(name, value) for text in row.said.values() for name, _, value in [text.partition(":")]]
    return pairs


def _is_xr_workbook(data: bytes) -> bool:
    """True when the first texts of a workbook are Vi-CELL XR's; little is unpacked to see that."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/sharedStrings.xml") as texts:
            return b"Vi-CELL XR" in texts.read(_LONGEST_HEAD)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error, ValueError):
        return False


def _sheet(data: bytes, file: str) -> list[vicell_xr.SheetRow]:
    from registry import workbook

    book = workbook.read(data, file)
    if len(book.sheets) != 1:
        raise UnsupportedKind(
            f"{file} is no run summary.", expected="one sheet", found=f"{len(book.sheets)}", where=file
        )
    return [
        vicell_xr.SheetRow(
            row.number, {place: cell.text.strip() for place, cell in row.cells.items() if cell.text.strip()}
        )
        for row in book.sheets[0].rows
    ]
