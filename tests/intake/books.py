"""Workbooks as laboratories make them, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

HEADER = ("lot", "characteristic", "value", "unit")
PAGE = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def book(*rows: Sequence[Any], header: Sequence[str] = HEADER, change: Callable[[Any], object] | None = None) -> bytes:
    """One sheet of rows; a cell is a value, or (value, number format)."""
    return books({"QC": [header, *rows]}, change)


def books(pages: dict[str, Sequence[Sequence[Any]]], change: Callable[[Any], object] | None = None) -> bytes:
    """Several sheets; ``change`` may do to the workbook what openpyxl can."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in pages.items():
        page = made.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for place, said in enumerate(row, start=1):
                value, form = said if isinstance(said, tuple) else (said, "General")
                page.cell(number, place, value).number_format = form
    if change is not None:
        change(made)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def altered(data: bytes, **parts: bytes | Callable[[bytes], bytes]) -> bytes:
    """The same archive with parts added, or changed by a function; ``xl__x_xml`` stands for ``xl/x.xml``."""
    wanted = {
        name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): made for name, made in parts.items()
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            made = wanted.pop(name, None)
            new.writestr(name, made(old.read(name)) if callable(made) else made if made is not None else old.read(name))
        for name, made in wanted.items():
            assert isinstance(made, bytes)
            new.writestr(name, made)
    return stream.getvalue()
