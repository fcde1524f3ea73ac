"""CSV that leaves the registry: no cell of it is a formula to a spreadsheet program.

    csv_text([["lot", "note"], ["P-07", "=HYPERLINK(…)"]])     'lot,note\\r\\nP-07,\\'=HYPERLINK(…)\\r\\n'

Whoever opens a table that a laboratory filled runs what stands in it (OWASP, "CSV Injection"). An apostrophe is put
before such a text, as a person would put it there; a number keeps its sign. Our own readers take it away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?")


def csv_text(rows: Iterable[Iterable[object]], separator: str = ",", end: str = "\r\n") -> str:
    """Rows as CSV (RFC 4180); None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerows([inert("" if cell is None else str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def csv_table(columns: Sequence[str], rows: Iterable[Mapping[str, object]], end: str = "\r\n") -> bytes:
    """Rows by the names of their columns, under a header, in UTF-8; a column that a row has not is an empty cell."""
    return csv_text([columns, *([row.get(name) for name in columns] for row in rows)], end=end).encode()


def inert(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would compute it."""
    return f"'{cell}" if cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell) else cell


def as_written(cell: str) -> str:
    """The cell as it was before ``inert``."""
    return cell[1:] if cell.startswith("'") and inert(cell[1:]) == cell else cell


def inert_csv(body: bytes) -> bytes:
    """CSV in UTF-8, written anew."""
    csv.field_size_limit(max(csv.field_size_limit(), len(body) + 1))
    return csv_text(csv.reader(io.StringIO(body.decode("utf-8"), newline=""))).encode()
