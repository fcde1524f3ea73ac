"""What stands beside the results and was not read: a claim, which keeps lots from passing, or told as not read.

    Result valid? no            a claim: the row's lot cannot pass
    FITC-CD45 35                a claim: a marker's name stands in the heading of a column that nobody reads
    Repeat value 70.1           a claim: another value beside the value
    Sample colour blue          told, for whoever signs

A mapping that sets a column aside by its name answers for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from registry.domain import NotRead, RowError
from registry.intake.checks.invalid_words import invalid_in, unaccented
from registry.intake.checks.no_lot import is_no_lot
from registry.intake.shown_text import shown
from registry.intake.tabular.grid import Row
from registry.intake.tabular.headings import says_what_is_asked
from registry.intake.tabular.verdict_columns import is_well, sense_of

SET_ASIDE = "Map it, set it aside by its name in an approved mapping, or take it out of the file."
_ANOTHER_VALUE = re.compile(
    r"(?<!\w)(?:values?|results?|readings?|measurements?|replicates?|duplicates?|second|2nd|wert|messwert|ergebnis"
    r"|resultat|valeur|resultado|valor)(?!\w)|结果|数值|复测|重复"
)
_OVER = re.compile(
    r"[\d\s.,<>=≤≥%()+\-–−/]*(?:(?:positive?|negative?|pos|neg|markers?|panel|identity|identitat|phenotype|immunophenotyp\w+|flow"
    r"|cytometry|surface|expression|cells?|purity|viability|safety|potency|quality|attributes?|results?|tests?|acceptance"
    r"|criteri\w+|limits?|spec\w*|positiv\w*|negativ\w*|marqueurs?|marcador(?:es)?|oberflachenmarker|阳性|阴性|标志物"
    r"|of|for|and|the|by|release)[\d\s.,<>=≤≥%()+\-–−/:|]*)*"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that was not read: where it stands, its heading, and its cells that hold something."""

    place: int
    header: str
    cells: tuple[tuple[int, str, str], ...]
    """(row, lot, text) of each."""


@dataclass(slots=True)
class Claims:
    """The claims in one table, and what is told as not read."""

    file: str
    header: int
    errors: list[RowError] = field(default_factory=list)
    not_read: list[NotRead] = field(default_factory=list)

    def column(self, column: Column, names_marker: Callable[[str], str], is_long: bool) -> None:
        """Everything that a column says that was not read."""
        header = shown(column.header)
        if not column.cells or says_what_is_asked(column.header):
            why = "It says what is asked for, and a specification says that here." if column.cells else "It is empty."
            self.tell_column(header, why)
            return
        marker = names_marker(column.header)
        if marker:
            self._of_lots(column, f"a column without {marker}, or one that is mapped",
                          f"The column '{header}' names {marker} and was not read. {SET_ASIDE}")  # fmt: skip
            return
        sense = sense_of(column.header)
        if sense is not None:
            for row, lot, text in column.cells:
                if not is_well(text, sense):
                    message = f"The column '{header}' says '{shown(text)}' of this row: {_said_of(text)} {SET_ASIDE}"
                    self._claim(lot, row, header, "nothing that speaks against the result", text, message)
            self.tell_column(
                header, "It says whether results count, and is looked through for what speaks against one."
            )
            return
        if _ANOTHER_VALUE.search(unaccented(column.header)):
            self._of_lots(column, "one value a row",
                          f"The column '{header}' holds another value, and was not read. {SET_ASIDE}")  # fmt: skip
            return
        self.tell_column(header, "Its heading is not known.")
        for row, lot, text in column.cells:
            self.text(text, row, header, lot)

    def text(self, text: str, row: int | None, column: str | None, lot: str | None) -> bool:
        """True, and an error, when a text holds a word of invalidity."""
        word = invalid_in(text)
        if word:
            where = f"The column '{column}'" if column and row else "What stands beside the results"
            message = f"{where} says '{shown(text)}': '{word}' speaks against the result. Take out what does not count."
            self._claim(lot, row, column, "nothing that speaks against the result", text, message)
        return bool(word)

    def above(self, rows: Iterable[Row], names_marker: Callable[[str], str]) -> None:
        """Titles and remarks around the table."""
        for row in rows:
            cells = [cell for cell in row.cells if cell]
            spoken = [self.text(cell, row.number, None, None) for cell in cells]
            if any(spoken):
                continue
            marker = next(filter(None, map(names_marker, cells)), "") if len(cells) > 1 else ""
            if marker and any(any(sign.isdigit() for sign in cell) for cell in cells if not names_marker(cell)):
                message = f"Row {row.number} stands outside the table and names {marker}: give it a row of the table."
                self._claim(None, row.number, None, "results below the header", " | ".join(cells), message)
                continue
            self.tell(row.number, " | ".join(cells), "It stands outside the table.")

    def over(self, row: Row) -> None:
        """Names over several columns: understood, or nobody knows of which cells or samples the columns are."""
        for cell in row.cells[1:]:
            plain = unaccented(cell)
            if cell and (not _OVER.fullmatch(plain) or (is_no_lot(cell) and "accept" not in plain)):
                message = (
                    f"'{shown(cell)}' stands over columns of results, and is not understood: take the row out, and say "
                    "in each column's heading or in a column of its own what it means for the results."
                )
                self._claim(None, row.number, None, "one row of headings", cell, message)

    def _of_lots(self, column: Column, expected: str, message: str) -> None:
        """One error of each lot of which the column says anything, at its first such row."""
        for lot, (row, text) in {lot: (row, text) for row, lot, text in reversed(column.cells)}.items():
            self._claim(lot, row, shown(column.header), expected, text, message)

    def _claim(
        self, lot: str | None, row: int | None, column: str | None, expected: str, found: str, message: str
    ) -> None:
        self.errors.append(RowError(shown(lot or "") or None, self.file, row, column, expected, shown(found), message))

    def tell_column(self, header: str, why: str) -> None:
        """A whole column that was not read."""
        self.not_read.append(NotRead(self.file, self.header, shown(header), "", why))

    def tell_row(self, row: Row) -> None:
        """A row that holds no result."""
        self.tell(row.number, " | ".join(cell for cell in row.cells if cell), "The row holds no result.")

    def tell(self, row: int | None, printed: str, why: str) -> None:
        """Anything else that was not read."""
        self.not_read.append(NotRead(self.file, row, None, shown(printed), why))


def _said_of(text: str) -> str:
    word = invalid_in(text)
    return f"'{word}' speaks against the result." if word else "nobody here knows what it means."


def unread_columns(
    header: Sequence[str], rows: Sequence[Row], places: Iterable[int], lots: Callable[[Row], str]
) -> list[Column]:
    """The columns at these places, with what stands in them."""
    columns = []
    for place in places:
        cells = [
            (row.number, lots(row), row.cells[place]) for row in rows if len(row.cells) > place and row.cells[place]
        ]
        columns.append(Column(place, header[place], tuple(cells)))
    return columns
