"""The rows to mend, as a file that can be sent again: only the refused lots' rows, and what is wrong with each.

    lot,characteristic,value,unit,problem
    P-09,CD73,0.97,,"value: CD73 has no unit: print % in the unit column. …"

The columns are those of the file, in their order, and one more, ``problem``, which is never read: mend the cells, leave
the column or delete it, and send the file. A row that names another row of its file (``supersedes: row 3``) names it by
its new number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.csv_text import csv_text
from registry.domain import RowError
from registry.errors import Unknown, UnsupportedKind, WrongUsage
from registry.intake.encoding import decode
from registry.intake.rows import IN_THIS_FILE, RawResult
from registry.intake.tabular.columns import OPTIONAL, PROBLEM, REQUIRED, key_of
from registry.intake.tabular.grid import Row, rows_of, separator_of
from registry.intake.tabular.headings import named

FORMS = ("csv", "xlsx")
TEXTS = (".csv", ".tsv", ".tab", ".txt")


@dataclass(frozen=True, slots=True)
class Page:
    """The rows to mend of one table: its name, header and rows, and the cells that are wrong (row from 1, place)."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[tuple[int, int]] = frozenset()


def pages_of(tables: Sequence[tuple[str, Sequence[Row]]], errors: Sequence[RowError]) -> list[Page]:
    """The rows to mend of each (name, rows with the header first) that has any.

    A row whose lot nobody can tell keeps every lot from being taken in, so all rows stand then. What is wrong with a
    file as a whole has no row.
    """
    refused = {error.lot.casefold() for error in errors if error.lot is not None}
    everything = any(error.lot is None and error.row is not None for error in errors)
    pages = []
    for name, rows in tables:
        here = [error for error in errors if error.file == name]
        page = _page(name, rows, here, None if everything else refused)
        pages += [page] if page else []
    return pages


def table_of_raws(raws: Sequence[RawResult]) -> list[Row]:
    """Results that were sent as JSON or RDF, as the rows of a long table; a result's number stays its row's."""
    others = [name for name in OPTIONAL if any(raw.others.get(name) for raw in raws)]
    header = Row(0, (*REQUIRED, *others))
    return [
        header,
        *(Row(r.row, (r.lot, r.subject, r.value, r.unit, *(r.others.get(n, "") for n in others))) for r in raws),
    ]


def separator_in(files: Sequence[tuple[str, bytes]]) -> str:
    """Semicolon when every one of these tables (name, bytes) parts its columns so; else comma."""
    texts = [(name, data) for name, data in files if name.lower().endswith(TEXTS)]
    if not texts or len(texts) != len(files):
        return ","
    return ";" if all(separator_of(decode(data, name)) == ";" for name, data in texts) else ","


def written(pages: Sequence[Page], form: str, separator: str = ",") -> bytes:
    """The pages as a file: CSV (UTF-8 with a byte order mark, as spreadsheet programs expect) or XLSX.

    ``separator`` parts the columns of a CSV, as in the file that was sent.

    Raises ``WrongUsage`` when tables of different columns were asked for as one CSV, ``Unknown`` when there is nothing.
    """
    if not pages:
        raise Unknown("There is no row to mend.", expected="a file with rows in error", found="none")
    if form == "xlsx":
        from registry import workbook

        marks = {(page.name, row, place) for page in pages for row, place in page.marked}
        names = _sheet_names(pages)
        sheets = [(names[page.name], page.rows) for page in pages]
        return workbook.write(sheets, {(names[name], row, place) for name, row, place in marks})
    if len({page.rows[0] for page in pages}) > 1:
        raise WrongUsage(
            "These tables have different columns, and one CSV cannot hold them.",
            expected="a file that ends in .xlsx, which has a sheet for each",
            found=", ".join(page.name for page in pages)[:200],
        )
    rows = [pages[0].rows[0], *(row for page in pages for row in page.rows[1:])]
    return csv_text(rows, separator).encode("utf-8-sig")


def rows_in(name: str, data: bytes) -> list[tuple[str, Sequence[Row]]]:
    """(name, rows) of each table of a CSV, TSV or XLSX file; raises ``UnsupportedKind`` for any other."""
    lowered = name.lower()
    if lowered.endswith(TEXTS):
        return [(name, rows_of(decode(data, name), name))]
    if lowered.endswith(".xlsx"):
        from registry.intake.tabular import xlsx

        return list(xlsx.plain_rows(data, name))
    raise UnsupportedKind(f"The rows of {name} cannot be written out for mending.", expected="a table, JSON or RDF")


def _page(name: str, rows: Sequence[Row], errors: Sequence[RowError], refused: set[str] | None) -> Page | None:
    header = list(rows[0].cells)
    keys = [key_of(cell) for cell in named(header)]
    lot = keys.index("lot") if "lot" in keys else None
    in_error = {error.row for error in errors}
    kept = [row for row in rows[1:] if refused is None or row.number in in_error or _lot(row, lot) in refused]
    if not kept:
        return None
    old = keys.index(PROBLEM) if PROBLEM in keys else None
    places = [place for place in range(max(len(header), *(len(row.cells) for row in kept))) if place != old]
    renumbered = {row.number: number for number, row in enumerate(kept, start=2)}
    problems = _problems(errors, kept, lot, rows[0].number)
    names = [header[place] if place < len(header) else "" for place in places]
    lines = [(*names, PROBLEM)]
    marked: set[tuple[int, int]] = set()
    for number, row in enumerate(kept, start=2):
        cells = [row.cells[place] if place < len(row.cells) else "" for place in places]
        for at, place in enumerate(places):
            if place < len(keys) and keys[place] == "supersedes":
                cells[at] = _renumbered(cells[at], renumbered)
        wrong = problems.get(row.number, [])
        marked |= _marks(number, wrong, names)
        marked |= {(number, len(places))} if wrong else set()
        lines.append((*cells, "; ".join(_sentence(error) for error in wrong)))
    return Page(name, tuple(lines), frozenset(marked))


def _lot(row: Row, place: int | None) -> str:
    return row.cells[place].casefold() if place is not None and place < len(row.cells) else ""


def _problems(
    errors: Sequence[RowError], kept: Sequence[Row], lot: int | None, header: int
) -> Mapping[int, list[RowError]]:
    """What is wrong with each row; of the header, with the first row of the lot that it keeps from being read."""
    first: dict[str, int] = {}
    for row in reversed(kept):
        first[_lot(row, lot)] = row.number
    by_row: dict[int, list[RowError]] = {}
    for error in errors:
        row_number = error.row
        if row_number in (header, None):
            row_number = first.get((error.lot or "").casefold(), kept[0].number)
        if row_number is not None:
            by_row.setdefault(row_number, []).append(error)
    return by_row


def _marks(number: int, errors: Sequence[RowError], header: Sequence[str]) -> set[tuple[int, int]]:
    wrong = {key_of(error.column) for error in errors if error.column}
    return {(number, at) for at, name in enumerate(header) if key_of(name) in wrong}


def _sentence(error: RowError) -> str:
    return f"{error.column}: {error.message}" if error.column else error.message


def _renumbered(cell: str, numbers: Mapping[int, int]) -> str:
    match = IN_THIS_FILE.fullmatch(cell)
    new = numbers.get(int(match.group("row"))) if match else None
    return cell if new is None else f"row {new}"


def _sheet_names(pages: Sequence[Page]) -> dict[str, str]:
    """A sheet's name for each page: the original sheet's, else the file's, each once."""
    names: dict[str, str] = {}
    for page in pages:
        plain = page.name.partition("#")[2] or page.name
        taken = set(names.values())
        names[page.name] = plain if plain not in taken else f"{len(names) + 1} {plain}"
    return names
