"""Rows of text to a workbook. Every cell is text, so that a spreadsheet program converts nothing that is typed."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from datetime import datetime

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WIDEST = 60
_EPOCH = datetime(2000, 1, 1)  # openpyxl writes naive times; a fixed one makes equal content equal bytes


def write(
    sheets: Sequence[tuple[str, Sequence[Sequence[str]]]], marked: Collection[tuple[str, int, int]] = ()
) -> bytes:
    """A workbook of (sheet name, rows of cells); the first row is a header. ``marked`` are cells to be seen at once:
    (sheet name, row from 1, column from 0).

    Cells are written as text under the format ``@``: what a person types stays as typed, and ``=…`` is no formula.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    bad = PatternFill("solid", start_color="FFFFC7CE")
    book = Workbook()
    book.properties.created = book.properties.modified = _EPOCH
    book.remove(book.active) if book.active is not None else None
    for name, rows in sheets:
        page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31] or "panel")
        page.freeze_panes = "A2"
        for number, row in enumerate(rows, start=1):
            for place, text in enumerate(row):
                cell = page.cell(number, place + 1)
                cell.number_format = "@"
                if text:
                    cell.value = _NOT_IN_XML.sub("\ufffd", text)
                    cell.data_type = "s"
                if number == 1:
                    cell.font = Font(bold=True)
                if (name, number, place) in marked:
                    cell.fill = bad
        for place in range(max(map(len, rows), default=0)):
            longest = max((len(row[place]) for row in rows if place < len(row)), default=0)
            page.column_dimensions[get_column_letter(place + 1)].width = min(_WIDEST, max(10, longest + 2))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
