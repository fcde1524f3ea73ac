"""Bytes of a table of outcomes to outcomes, row errors, and the copy that is kept with keys in the place of codes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from registry.domain import Result, RowError
from registry.domain.outcome import Outcome, detail
from registry.intake.outcomes import rows as row_rules
from registry.intake.outcomes.rows import Find, Given, Place
from registry.intake.outcomes.sheet import OutcomeSheet
from registry.intake.rows import IN_THIS_FILE, RawResult, Reader, shown
from registry.intake.tabular.beside import Faults
from registry.intake.tabular.grid import Row
from registry.intake.values import Misprint
from registry.vocabulary import Terms

Identify = Callable[[str, str, date | None, int | None], tuple[str, str]]
"""The identifier and address of an outcome by the kept copy's digest, the administration's key, day and visit."""


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """What a table of outcomes says. ``kept`` is its copy without a code, ``outcomes`` are read from that.

    An administration with a row in error has no outcome here: it is the unit of acceptance, as a lot is of panels.
    """

    file: str
    outcomes: tuple[Outcome, ...]
    errors: tuple[RowError, ...]
    kept: bytes


@dataclass(slots=True)
class _Read:
    """One table as it is being read: the results of each place, and what is wrong."""

    file: str
    reader: Reader
    today: date
    faults: Faults
    results: dict[tuple[str, date | None, int | None], list[Result]] = field(default_factory=lambda: defaultdict(list))
    errors: list[RowError] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)


def read(
    file: str, sheet: OutcomeSheet, terms: Terms, *, of_code: Find, of_key: Callable[[str], Given], today: date,
    identify: Identify,
) -> OutcomeTable:  # fmt: skip
    """What the table says, in the outcome measures of ``terms.of_recipients``.

    ``of_code`` and ``of_key`` find what was given; ``identify`` names the outcome of one day read from this table.
    Raises PatientData when it holds a name.
    """
    body, header, places = sheet.body, sheet.header, sheet.places
    reading = _Read(file, Reader(file, terms.of_recipients), today, sheet.faults)
    for row in body:
        cells = {name: row.cells[place] for name, place in places.items() if place < len(row.cells)}
        if len(row.cells) > len(header.cells):
            _refuse(reading, row, "value", "The row has more cells than the header has names.", "", None)
            continue
        row_rules.refuse_names(cells, today.year)
        _row(reading, row, cells, sheet.comma, of_code, of_key)
    _refuse_second_results(reading)
    kept = _kept(header, body, places, reading.keys)
    digest = "sha256:" + hashlib.sha256(kept).hexdigest()
    outcomes = _outcomes(reading, digest, identify)
    bad = {error.lot for error in reading.errors}
    good = () if None in bad else tuple(each for each in outcomes if each.administration not in bad)
    errors = tuple(sorted(dict.fromkeys(reading.errors), key=lambda error: error.row or 0))
    return OutcomeTable(file, good, errors, kept)


def _row(
    reading: _Read, row: Row, cells: Mapping[str, str], comma: bool, of_code: Find, of_key: Callable[[str], Given]
) -> None:
    try:
        where = row_rules.place(cells, of_code, of_key, reading.today)
    except Misprint as wrong:
        printed = "" if wrong.column == "recipient" else wrong.found
        _refuse(reading, row, wrong.column, wrong.message, wrong.expected, None, printed)
        return
    key, code = where.given.key, cells.get("recipient", "").casefold()
    if code and (
        repeated := next((n for n, text in cells.items() if n != "recipient" and code in text.casefold()), "")
    ):
        _refuse(reading, row, repeated, f"The {repeated} repeats the recipient's code: take it out.", "no code", key)
        return
    reading.keys[row.number] = key
    faults = [fault for (number, _place), fault in reading.faults.items() if number == row.number]
    for fault in faults:
        _refuse(reading, row, "value", fault.message, fault.expected, key)
    if faults:
        return
    asked = ("comparator", "status", "relation", "supersedes", "reason", "method", "note")
    others = {name: cells[name] for name in asked if cells.get(name)}
    raw = RawResult(
        row.number, key, cells.get("characteristic", ""), cells.get("value", ""), cells.get("unit", ""),
        others=others, comma=comma,
    )  # fmt: skip
    unknown = len(reading.reader.unknown)
    result, wrong_rows = reading.reader.read(raw)
    reading.errors += wrong_rows
    if len(reading.reader.unknown) > unknown:
        name = shown(cells.get("characteristic", ""))
        message = f"'{name}' is no outcome measure that is known here: it is refused, so that nothing is lost unread."
        _refuse(reading, row, "characteristic", message, "a known outcome measure, such as FSH", key, name)
    if result is None:
        return
    try:
        row_rules.whole_count(result.reading, result.unit)
        details = row_rules.details(cells, result.characteristic, reading.today)
    except Misprint as misprint:
        _refuse(reading, row, misprint.column, misprint.message, misprint.expected, key, misprint.found)
        return
    reading.results[_place(where)].append(replace(result, details=details))


def _place(where: Place) -> tuple[str, date | None, int | None]:
    return where.given.key, where.day, where.visit


def _refuse(
    reading: _Read, row: Row, column: str, message: str, expected: str, key: str | None, found: str = ""
) -> None:
    reading.errors.append(RowError(key, reading.file, row.number, column, expected, shown(found), message))


def _refuse_second_results(reading: _Read) -> None:
    """Two unrelated results for one question: which of them is meant?"""
    for (key, _day, _visit), results in reading.results.items():
        first: dict[tuple[str, ...], Result] = {}
        for result in results:
            if result.relation is not None or result.characteristic == row_rules.ADVERSE_EVENT:
                continue
            question = (result.characteristic, detail(result, "site"), detail(result, "assay"))
            earlier = first.setdefault(question, result)
            if earlier is not result:
                rows = f"Rows {earlier.source.row} and {result.source.row}"
                message = (
                    f"{rows} both give {result.label} of one day: remove one, or print in relation whether it is a "
                    "replicate or a correction."
                )
                reading.errors.append(
                    RowError(
                        key, reading.file, result.source.row, "value", f"one {result.label}", result.printed, message
                    )
                )


def _kept(header: Row, body: Sequence[Row], places: Mapping[str, int], keys: Mapping[int, str]) -> bytes:
    """The rows whose administration is known, as CSV; a column of codes is one of keys."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    who = [places[name] for name in ("recipient", "administration") if name in places]
    names = [name for place, name in enumerate(header.cells) if place not in who]
    writer.writerow(["row", "administration", *names])
    for row in body:
        if row.number in keys:
            cells = [cell for place, cell in enumerate(row.cells) if place not in who]
            writer.writerow([row.number, keys[row.number], *cells])
    return out.getvalue().encode()


def _outcomes(reading: _Read, digest: str, identify: Identify) -> list[Outcome]:
    outcomes, rows = [], dict[int, str]()
    for (key, day, visit), results in reading.results.items():
        identifier, iri = identify(digest, key, day, visit)
        rows |= {result.source.row or 0: f"{iri}#r{place}" for place, result in enumerate(results, start=1)}
        outcomes.append(Outcome(identifier, key, tuple(results), day, visit, digest, reading.file))
    owners = {row: key for (key, _d, _v), results in reading.results.items() for r in results if (row := r.source.row)}
    return [replace(each, results=tuple(_related(reading, r, rows, owners) for r in each.results)) for each in outcomes]


def _related(reading: _Read, result: Result, rows: Mapping[int, str], owners: Mapping[int, str]) -> Result:
    """``row 3`` of this file becomes that result's address; it must be the same recipient's."""
    named = IN_THIS_FILE.fullmatch(result.supersedes or "")
    if named is None:
        return result
    row = int(named["row"])
    if owners.get(row) != result.lot or row == result.source.row:
        message = f"Row {row} holds no other result of this recipient: name the row that this one supersedes."
        expected = "a row of this file with a result of the same recipient"
        reading.errors.append(
            RowError(
                result.lot, reading.file, result.source.row, "supersedes", expected, result.supersedes or "", message
            )
        )
        return result
    return replace(result, supersedes=rows[row])
