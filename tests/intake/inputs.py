"""Small panels for the tests of intake, and what they say in short."""

from __future__ import annotations

import csv
import io

from registry import intake, vocabulary
from registry.domain import Intake

TERMS = vocabulary.load()
HEADER = "lot,characteristic,value,unit"


def table(*rows: str, header: str = HEADER, name: str = "panel.csv") -> Intake:
    return intake.read(name, "\n".join((header, *rows)).encode(), TERMS)


def places(said: Intake) -> list[tuple[str | None, int | None, str | None]]:
    return [(error.lot, error.row, error.column) for error in said.errors]


def read_values(said: Intake) -> list[tuple[str, str, str, int | None]]:
    return [(result.lot, result.label, result.printed, result.source.row) for result in said.results]


def wide(header: str, *rows: str) -> Intake:
    return intake.read("wide.csv", "\n".join((header, *rows)).encode(), TERMS)


def lines(data: bytes) -> list[list[str]]:
    """The cells of a CSV file as a spreadsheet reads it."""
    text = data.decode("utf-8-sig")
    mark = ";" if ";" in text.partition("\n")[0] else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
