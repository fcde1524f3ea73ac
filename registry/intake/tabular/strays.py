"""The columns and rows of a table that hold no result: each is an error, a claim, or told as not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from registry.domain import Notice, RowError
from registry.intake.names.laboratory_names import OwnNames
from registry.intake.names.near_names import inside
from registry.intake.shown_text import shown
from registry.intake.tabular.beside import Beside
from registry.intake.tabular.claims import Claims, unread_columns
from registry.intake.tabular.columns import KNOWN, PROBLEM, key_of, nearly, repair_says
from registry.intake.tabular.grid import Row
from registry.intake.tabular.headings import says_what_is_asked
from registry.intake.tabular.layout import Layout
from registry.intake.tabular.verdict_columns import sense_of
from registry.intake.tabular.wide import WideColumn, wide_columns
from registry.vocabulary import Terms

KEPT_WHOLE = (
    " Once submitted, the file is kept whole, with this column. If it says anything about a person, take it out first."
)


@dataclass
class Strays:
    """Looks through what was not read."""

    claims: Claims
    terms: Terms
    own: OwnNames | None
    columns: Mapping[int, WideColumn]
    is_long: bool
    errors: list[RowError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def look_through(self, rows: Sequence[Row], places: Mapping[str, int], layout: Layout, beside: Beside) -> None:
        """Every column of the table, then what stands around it. ``rows`` begin with the header."""
        header, lot = rows[0].cells, places["lot"]

        def lot_of(row: Row) -> str:
            return row.cells[lot] if len(row.cells) > lot else ""

        unread = [
            place
            for place, name in enumerate(header)
            if name and key_of(name) not in KNOWN - {PROBLEM} and place not in self.columns
        ]
        self.columns_at(header, rows[1:], unread, lot_of)
        if self.columns and "comparator" in places:
            message = (
                "In a wide table the comparator belongs to its value: print <0.5 in the cell, and drop the column."
            )
            expected = "no such column in a wide table"
            self._of_each(map(lot_of, rows[1:]), rows[0].number, "comparator", expected, "comparator", message)
        self.around(layout, beside)

    def columns_at(
        self, header: Sequence[str], rows: Sequence[Row], places: Iterable[int], lot_of: Callable[[Row], str]
    ) -> None:
        """The columns at these places, which nobody reads."""
        names_marker = inside(self.terms)
        for column in unread_columns(header, rows, places, lot_of):
            name = column.header
            if key_of(name) == PROBLEM and all(repair_says(text) for _, _, text in column.cells):
                continue
            meant = nearly(name)
            if meant is None and self.own is not None and (self.own.ignored(name) or self.own.ignore(name, name)):
                self.claims.tell_column(name, "A mapping sets it aside by its name.")
                continue
            lots = dict.fromkeys(map(lot_of, rows))
            if meant:
                message = f"The column '{shown(name)}' is nearly '{meant}': name it so, or give it quite another name."
                self._of_each(lots, self.claims.header, name, f"{meant}, or a name unlike it", name, message)
            elif self.is_long and wide_columns([name], self.terms):
                message = f"The column '{shown(name)}' holds results beside the value column: give each its own row."
                self._of_each(lots, self.claims.header, name, "one result a row, in the value column", name, message)
            else:
                if not says_what_is_asked(name) and sense_of(name) is None:
                    self._tell(name, bool(column.cells))
                self.claims.column(column, names_marker, self.is_long)

    def around(self, layout: Layout, beside: Beside) -> None:
        """Titles, remarks and names over the columns, and what lies over a sheet."""
        names_marker = inside(self.terms)
        above = [row for row in layout.above if row is not layout.over]
        self.claims.above([*above, *layout.remarks], names_marker)
        if layout.over is not None:
            self.claims.over(layout.over)
            self.claims.tell_row(layout.over)
        for banner in beside.banners:
            if not self.claims.text(banner, None, None, None) and banner.strip():
                self.claims.tell(None, banner, "It lies over the cells, or stands on the printed page.")

    def _tell(self, name: str, is_filled: bool) -> None:
        message = f"The column '{shown(name)}' is not known and was not read." + (KEPT_WHOLE if is_filled else "")
        self.notices.append(Notice(None, self.claims.file, self.claims.header, "unknown-column", message))
        if self.columns and self.own is not None:
            self.own.leave_open(name, self.claims.header)

    def _of_each(self, lots: Iterable[str], row: int, column: str, expected: str, found: str, message: str) -> None:
        self.errors += [
            RowError(shown(lot) or None, self.claims.file, row, shown(column), expected, shown(found), message)
            for lot in dict.fromkeys(lots)
        ]
