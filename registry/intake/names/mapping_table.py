"""A mapping's table to a mapping, or to every row of it that is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

from registry.csv_text import csv_table
from registry.domain import RowError
from registry.domain.name_mapping import Mapping, MappingLine, folded
from registry.errors import RegistryError, Unreadable
from registry.identifiers import LOT_RULE, is_lot_id
from registry.intake.checks.patient_data import find_patient_data, pairs_of, refuse_patient_data
from registry.intake.encoding import decode
from registry.intake.names.printed import Namer
from registry.intake.shown_text import shown
from registry.intake.tabular.columns import key_of, listed
from registry.intake.tabular.grid import Row, rows_of
from registry.vocabulary import Terms

COLUMNS = ("kind", "name", "lot", "stage", "characteristic", "parent", "unit", "value")
NEEDS: dict[str, tuple[str, ...]] = {
    "sample": ("name", "lot"),
    "ignore": ("name",),
    "column": ("name", "characteristic", "unit"),
    "gate": ("name", "characteristic", "parent"),
    "setting": ("name", "value"),
    "detection limit": ("name", "characteristic", "unit", "value"),
    "quantification limit": ("name", "characteristic", "unit", "value"),
}
MAY: dict[str, tuple[str, ...]] = {"sample": ("stage",)}
LIMITS = frozenset({"detection limit", "quantification limit"})
SETTINGS: dict[str, tuple[str, str]] = {
    "minimum events": (r"[1-9][0-9]{0,8}", "a whole number of at least 1"),
    "instrument": (r"\S.{0,98}\S", "an instrument's name, as the refusal of a file prints it"),
    "gates": (r"sha256:[0-9a-f]{64}", "the digest of the approved Gating-ML file"),
    "sample keyword": (r"[$\w].{0,98}", "an FCS keyword, such as TUBE NAME"),
    "compensation": (r"none needed", "'none needed', for single stains without a spillover matrix"),
}
MAX_LINES = 20_000


def read_mapping(name: str, data: bytes, terms: Terms) -> Mapping:
    """The mapping in a CSV file. Raises ``Unreadable`` whose details are every row that is wrong."""
    from registry.intake import base_name

    file = base_name(name)
    return mapping_of(file, data, *read_lines(file, data, terms))


def mapping_of(file: str, data: bytes, lines: Sequence[MappingLine], errors: Sequence[RowError]) -> Mapping:
    """The mapping of these lines of a file. Raises ``Unreadable`` whose details are every row that is wrong."""
    if errors:
        raise Unreadable(
            f"{file} is not a mapping: {len(errors)} of its rows cannot be read.",
            expected=f"the columns {', '.join(COLUMNS)}",
            found=f"{len(errors)} errors",
            where=file,
            todo="Mend these rows.",
            details=[f"row {error.row}, {error.column}: {error.message}" for error in errors[:50]],
        )
    stem = re.sub(r"\.[A-Za-z0-9]+$", "", file)
    return Mapping(stem, tuple(lines), f"sha256:{hashlib.sha256(data).hexdigest()}")


def read_lines(file: str, data: bytes, terms: Terms) -> tuple[list[MappingLine], list[RowError]]:
    """The lines of a mapping's table, and the rows in error."""
    text = decode(data, file)
    rows = rows_of(text, file)
    refuse_patient_data(find_patient_data(pairs_of(rows, text)), file)
    places = {key_of(name): place for place, name in enumerate(rows[0].cells) if name}
    unknown = sorted(set(places) - set(COLUMNS))
    if "kind" not in places or "name" not in places or unknown or len(rows) > MAX_LINES:
        raise Unreadable(
            f"{file} is not a mapping.",
            expected=f"the columns {', '.join(COLUMNS)}, and at most {MAX_LINES:,} rows",
            found=listed(rows[0].cells),
            where=f"{file}, row 1",
            todo="Name the columns so; leave out those that stay empty.",
        )
    reader = _Reader(file, places, terms)
    for row in rows[1:]:
        reader.read(row)
    if not reader.lines and not reader.errors:
        raise Unreadable(f"{file} maps nothing.", expected="at least one row", found="none", where=file)
    return reader.lines, reader.errors


def write_table(lines: Iterable[dict[str, str]]) -> bytes:
    """Lines, each by its columns' names, as the CSV that reads as them."""
    return csv_table(COLUMNS, lines)


class _Reader:
    def __init__(self, file: str, places: dict[str, int], terms: Terms) -> None:
        self.file, self.places, self.terms = file, places, terms
        self.names = Namer(terms)
        self.lines: list[MappingLine] = []
        self.errors: list[RowError] = []
        self.seen: dict[tuple[str, str], int] = {}

    def read(self, row: Row) -> None:
        """Add the row's line, or everything that is wrong with it."""
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in self.places.items()}
        kind = cells["kind"].casefold()
        before = len(self.errors)
        if kind not in NEEDS:
            self._wrong(row, "kind", ", ".join(NEEDS), cells["kind"], "Print what the row maps.")
            return
        self._check_cells(row, kind, cells)
        if len(self.errors) == before:
            self._check_meaning(row, kind, cells)
        key = (kind, folded(cells["name"] + (f" {cells['characteristic']}" if kind in LIMITS else "")))
        if key in self.seen:
            message = f"Row {self.seen[key]} maps the same {kind}: remove one of them."
            self._wrong(row, "name", "every name once", cells["name"], message)
        self.seen.setdefault(key, row.number)
        if len(self.errors) == before:
            filled = {name: cells.get(name, "") for name in COLUMNS[1:]}
            self.lines.append(MappingLine(row.number, kind, **filled))  # type: ignore[arg-type]

    def _check_cells(self, row: Row, kind: str, cells: dict[str, str]) -> None:
        for name in NEEDS[kind]:
            if not cells.get(name):
                self._wrong(row, name, f"the {name} of a {kind}", "", f"A {kind} needs its {name}.")
        for name in COLUMNS[1:]:
            if cells.get(name) and name not in (*NEEDS[kind], *MAY.get(kind, ())):
                self._wrong(row, name, "nothing", cells[name], f"A {kind} has no {name}: leave it empty.")
            if not all(sign.isprintable() or sign == "\u00a0" for sign in cells.get(name, "")):
                self._wrong(row, name, "plain text", cells[name], "Print it without control characters.")

    def _check_meaning(self, row: Row, kind: str, cells: dict[str, str]) -> None:
        if kind == "sample":
            self._check_sample(row, cells)
        elif kind in {"column", "gate", *LIMITS}:
            self._check_subject(row, cells, "%" if kind == "gate" else cells["unit"])
            if kind in LIMITS and not re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,12})?", cells["value"]):
                self._wrong(
                    row, "value", "a number with a decimal point", cells["value"], "A limit is one plain number."
                )
        elif kind == "setting":
            self._check_setting(row, cells)

    def _check_sample(self, row: Row, cells: dict[str, str]) -> None:
        stars = cells["name"].count("*"), cells["lot"].count("*")
        if stars not in {(0, 0), (1, 0), (1, 1)}:
            message = "One * in the name stands for any text, and one in the lot for the same text."
            self._wrong(row, "name", "at most one * in each", cells["name"], message)
        if not is_lot_id(cells["lot"].replace("*", "x")):
            self._wrong(row, "lot", LOT_RULE, cells["lot"], "This cannot be a lot's identifier.")
        if cells.get("stage"):
            self._tried(row, "stage", cells["stage"], lambda: self.terms.stage(cells["stage"]))

    def _check_subject(self, row: Row, cells: dict[str, str], unit: str) -> None:
        def resolve() -> None:
            subject = self.names.subject(cells["characteristic"])
            self.terms.unit(unit, subject.characteristic)

        self._tried(row, "characteristic", cells["characteristic"], resolve)

    def _check_setting(self, row: Row, cells: dict[str, str]) -> None:
        if cells["name"] not in SETTINGS:
            self._wrong(row, "name", ", ".join(SETTINGS), cells["name"], "There is no such setting.")
            return
        pattern, expected = SETTINGS[cells["name"]]
        if not re.fullmatch(pattern, cells["value"]):
            self._wrong(row, "value", expected, cells["value"], f"The setting '{cells['name']}' is {expected}.")

    def _tried(self, row: Row, column: str, text: str, step: Callable[[], object]) -> None:
        try:
            step()
        except RegistryError as error:
            self._wrong(row, column, error.expected, text, f"{error.message} {error.todo}".strip())

    def _wrong(self, row: Row, column: str, expected: str, found: str, message: str) -> None:
        self.errors.append(RowError(None, self.file, row.number, column, expected, shown(found), message))
