"""Submitted bytes to results: what a laboratory's file says, row by row, and everything that is wrong with it.

    read("panel.csv", b"lot,characteristic,value,unit\\nP-07,CD73,98.5,%\\n", terms)

Tables (CSV, TSV, XLSX; long and wide), plain JSON and RDF (Turtle, JSON-LD) become the same raw results, read by the
same rules. What counters and cytometers wrote needs the laboratory's mapping of its names as well.
A row that cannot be read safely is an error with its place and what to do; the others stay results. A file that is
not what it says it is, too large, or holds patients' data is refused as a whole.

``detect``        which instrument wrote a file, and its results by a mapping
``encoding``      bytes to text
``tabular``       tables to raw results
``rdf``           plain JSON, Turtle and JSON-LD to raw results
``instruments``   counters' and cytometers' exports
``flow``          raw flow cytometry: events and gates
``export_model``  what an instrument's file says, before its names are mapped
``rows``          a raw result to a result, or to what is wrong with it
``row_checks``    what every row must say of itself
``values``        what a printed value means
``names``         what a printed name names
``checks``        rules over a whole file, and what is looked for in it
``outcomes``      tables of outcomes, by the reader of panels
``shown_text``    text from a file, made safe to print
``confined``      what strangers send, read in warm child processes
``sandbox``       foreign readers in a child process, limited
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from registry.domain import Intake, NotRead, Result, RowError
from registry.domain.name_mapping import Mapping
from registry.errors import TooLarge, UnsupportedKind
from registry.intake.checks.across_rows import (
    check_registered,
    check_spelling,
    check_supersedes,
    in_order,
    without_duplicates,
)
from registry.intake.checks.impossible_details import odd
from registry.intake.checks.notices import equal_panels, observe
from registry.intake.checks.patient_data import find_patient_data, is_patient_key
from registry.intake.checks.species import HUMAN, hold_to_species
from registry.intake.names.laboratory_names import OwnNames
from registry.intake.rows import Reader, shown
from registry.intake.tabular.grid import Row
from registry.intake.tabular.tables import Table, read_table, table_alone
from registry.vocabulary import Terms

__all__ = [
    "HUMAN",
    "KINDS",
    "MAX_BYTES",
    "find_patient_data",
    "hold_to_species",
    "instrument_of",
    "is_patient_key",
    "merge",
    "read",
    "rows_sent",
    "to_mend",
]

MAX_BYTES = 10_000_000
TABLES = (".csv", ".tsv", ".tab", ".txt")
WORKBOOKS = (".xlsx",)
TURTLE = (".ttl",)
JSON_LD = (".jsonld", ".json")
MACHINES = (".wsp", ".xml", ".fcs")
KINDS = (*TABLES, *WORKBOOKS, *TURTLE, *JSON_LD, *MACHINES)


def read(
    name: str,
    data: bytes,
    terms: Terms,
    *,
    registered: Callable[[str], bool] | None = None,
    base: str | None = None,
    mapping: Mapping | None = None,
    gates: tuple[str, bytes] | None = None,
) -> Intake:
    """What the file ``name`` with the bytes ``data`` says.

    ``registered`` tells whether a registry knows a lot (``check`` asks for no registration). ``base`` is the
    registry's: an RDF file may then name a lot by an address under it and no other. ``mapping`` says what the names in
    a machine's file stand for, and in a table those that nobody else knows; ``gates`` is the Gating-ML file (name,
    bytes) of an FCS file.

    Raises ``Unreadable``, ``TooLarge`` or ``UnsupportedKind`` for the file as a whole, and ``PatientData`` when it
    holds a patient's name or number; nothing else, whatever the bytes. What machines wrote also needs what ``machines``
    says, and its turn: ``Unavailable``.
    """
    file = base_name(name)
    machine = instrument_of(file, data)
    if machine is not None:
        from registry.intake.detect import read_machine

        intake = read_machine(file, data, machine, terms, mapping, gates)
        unknown = check_registered(intake.results, registered) if registered is not None else []
        return replace(intake, errors=(*intake.errors, *unknown))
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"{file} is too large.",
            expected=f"at most {MAX_BYTES:,} bytes",
            found=f"{len(data):,} bytes",
            where=file,
            todo="Split the file.",
        )
    _refuse_gates(file, gates)
    own = OwnNames(mapping, terms) if file.lower().endswith((*TABLES, *WORKBOOKS)) else None
    return _said(file, _read(file, data, terms, base, own), terms, registered, own)


def _refuse_gates(file: str, gates: tuple[str, bytes] | None) -> None:
    if gates is not None:
        from registry.intake.detect import needless_gates

        raise needless_gates(file, gates[0])


def _said(
    file: str,
    tables: Sequence[tuple[str, Table]],
    terms: Terms,
    registered: Callable[[str], bool] | None,
    own: OwnNames | None,
) -> Intake:
    """The results of every part of a file, with everything that is wrong with them and worth a notice."""
    results: list[Result] = []
    errors: list[RowError] = []
    unknown: list[NotRead] = []
    for name_of_part, table in tables:
        of_part, wrong, kept = _results(table, name_of_part, terms, own)
        unknown += kept
        results += of_part
        errors += [*table.errors, *wrong]
    errors += check_spelling((shown(raw.lot), part, raw.row) for part, table in tables for raw in table.raws if raw.lot)
    errors += check_supersedes(results)
    if registered is not None:
        errors += check_registered(results, registered)
    results, duplicates = without_duplicates(results)
    notices = (
        *(notice for _, table in tables for notice in table.notices),
        *(own.notices(file) if own else ()),
        *observe(results, terms),
        *odd(results),
    )
    ordered = in_order([*errors, *duplicates], [part for part, _ in tables])
    not_read = (*(item for _, table in tables for item in table.not_read), *unknown)
    names = own.open_names if own else ()
    return Intake(file, tuple(results), ordered, notices, open_names=names, not_read=not_read)


def to_mend(files: Sequence[tuple[str, bytes]], errors: Sequence[RowError], terms: Terms, form: str) -> bytes:
    """The rows of (name, bytes) that are to be mended, as one CSV or XLSX; see ``mending``.

    Raises ``Unknown`` when there is none, ``WrongUsage`` when a CSV cannot hold them, ``UnsupportedKind`` for a file
    that has no rows, such as a machine's.
    """
    from registry.intake.tabular import repair

    tables: list[tuple[str, Sequence[Row]]] = []
    mendable = []
    for name, data in files:
        file = base_name(name)
        if file.lower().endswith((*TURTLE, *JSON_LD)):
            tables += [(part, repair.table_of_raws(read.raws)) for part, read in _read(file, data, terms, None, None)]
            mendable.append((file, data))
        elif not any(error.file == file and error.row is None for error in errors):
            tables += [(part, table_alone(rows, terms)) for part, rows in repair.rows_in(file, data)]
            mendable.append((file, data))
    return repair.written(repair.pages_of(tables, errors), form, repair.separator_in(mendable))


def rows_sent(name: str, data: bytes) -> dict[str, dict[int, tuple[str, ...]]]:
    """The rows of a CSV, TSV or XLSX file, its header with them, by the name of its part and the row's number.

    Raises ``Unreadable`` or ``UnsupportedKind``.
    """
    from registry.intake.tabular import repair

    return {part: {row.number: row.cells for row in rows} for part, rows in repair.rows_in(base_name(name), data)}


def merge(intakes: Sequence[Intake]) -> Intake:
    """Several files as one body of evidence.

    Unrelated results of one lot, characteristic and stage in different files stay: they are a conflict, which the
    evidence shows. A lot spelled in two ways across files is an error in both.
    """
    results = [result for intake in intakes for result in intake.results]
    errors = dict.fromkeys(error for intake in intakes for error in intake.errors)
    named = [(result.lot, result.source.file, result.source.row) for result in results]
    named += [(error.lot, error.file, error.row) for error in errors if error.lot]
    across = [error for error in check_spelling(named) if error not in errors]
    notices = dict.fromkeys(notice for intake in intakes for notice in intake.notices)
    equal = {(notice.lot, notice.file, notice.row) for notice in notices if notice.code == "identical-panels"}
    notices |= dict.fromkeys(n for n in equal_panels(results) if (n.lot, n.file, n.row) not in equal)
    return Intake(
        ", ".join(dict.fromkeys(intake.file for intake in intakes)),
        tuple(results),
        (*errors, *across),
        tuple(notices),
        not_read=tuple(dict.fromkeys(item for intake in intakes for item in intake.not_read)),
    )


def base_name(name: str) -> str:
    """The file's own name, without folders and control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    return "".join(sign for sign in last if sign.isprintable())[:200] or "file"


def instrument_of(file: str, data: bytes) -> str | None:
    """Which kind of instrument wrote the file, None for a table or RDF; ``UnsupportedKind`` for XML that none wrote."""
    if file.lower().endswith((*TURTLE, *JSON_LD)):
        return None
    from registry.intake.detect import machine_of

    return machine_of(file, data)


def _read(file: str, data: bytes, terms: Terms, base: str | None, own: OwnNames | None) -> list[tuple[str, Table]]:
    """(name, what it says) of each part of the file: a workbook has its sheets, everything else is one part."""
    lowered = file.lower()
    if lowered.endswith(TABLES):
        return [(file, read_table(data, file, terms, own))]
    if lowered.endswith(WORKBOOKS):
        from registry.intake.tabular.xlsx import read_workbook

        return read_workbook(data, file, terms, own)
    if lowered.endswith(".json"):
        from registry.intake.rdf import fhir, json_model

        plain = json_model.document(data)
        if plain is not None:
            plain = fhir.panels(plain, file) if fhir.is_fhir(plain) else plain
            return [(file, json_model.read_json(plain, data, file))]
    if lowered.endswith((*TURTLE, *JSON_LD)):
        from registry.intake.rdf.turtle import read_rdf

        return [(file, read_rdf(data, file, terms, is_json=lowered.endswith(JSON_LD), base=base))]
    raise UnsupportedKind(
        f"{file} is a kind of file that is not read here.",
        expected=", ".join(KINDS),
        found=f".{lowered.rpartition('.')[2]}" if "." in lowered else "no file name extension",
        where=file,
        todo="Save a sheet as CSV (UTF-8) and submit that.",
    )


def _results(
    table: Table, file: str, terms: Terms, own: OwnNames | None
) -> tuple[list[Result], list[RowError], list[NotRead]]:
    reader = Reader(file, terms, own.limits if own else ())
    results: list[Result] = []
    errors: list[RowError] = []
    translated = [own.translated(raw, file) if own else (raw, None) for raw in table.raws]
    for raw, (named, problem) in zip(table.raws, translated, strict=True):
        result, wrong = reader.read(named) if named else (None, [problem] if problem else [])
        errors += wrong
        if result is not None:
            read_as = own.read_as if own is not None and (named is not raw or own.left_out) else ()
            results.append(replace(result, details=(*result.details, *read_as)) if read_as else result)
    return results, errors, reader.unknown
