"""The table of administrations and its dictionary as CSV (RFC 4180, UTF-8, a point for decimals)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from registry.csv_text import csv_text
from registry.outcomes.dictionary import as_rows
from registry.outcomes.table import Cell, Table


def table_csv(table: Table) -> bytes:
    """The table; an empty cell is nothing known."""
    header = [column.name for column in table.columns]
    return csv_text([header, *([text(row.get(name)) for name in header] for row in table.rows)]).encode()


def dictionary_csv(table: Table) -> bytes:
    """What each column is."""
    return csv_text(as_rows(table.columns)).encode()


def text(cell: Cell) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
