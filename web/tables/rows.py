"""The rows of a table as a file to save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response

from registry.csv_text import csv_table
from web import security


def save(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """``name.csv``: these columns of each row, as JSON would have them; several values in one cell have spaces."""
    lines = ({column: _cell(row.get(column)) for column in columns} for row in rows)
    return security.download(csv_table(columns, lines), f"{name}.csv", "text/csv")


def _cell(value: object) -> object:
    """Lists as words; nothing, and what holds more than words, as nothing."""
    if isinstance(value, list):
        return " ".join(str(part) for part in value if not isinstance(part, dict))
    return "" if value is None or isinstance(value, dict) else value
