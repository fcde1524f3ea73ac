"""The table of administrations and its dictionary as CSV (RFC 4180, UTF-8, a point for decimals)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from registry.outcomes.dictionary import as_rows
from registry.outcomes.table import Cell, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_csv(table: Table) -> bytes:
    """The table; an empty cell is nothing known."""
    header = [column.name for column in table.columns]
    return _csv([header, *([text(row.get(name)) for name in header] for row in table.rows)])


def dictionary_csv(table: Table) -> bytes:
    """What each column is."""
    return _csv(as_rows(table.columns))


def text(cell: Cell) -> str:
    """A cell as text; a word that a spreadsheet would take for a formula has an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, date):
        return cell.isoformat()
    words = str(cell)
    return f"'{words}" if isinstance(cell, str) and words.startswith(_FORMULA) else words


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
