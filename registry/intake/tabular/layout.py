"""Where the header of a table stands, and what the rows around it are.

    Certificate of analysis                     a title
    Lot No.;H-21                                the lot, where no column holds it
    # exported by LIMS 4.2                      a remark
    ;Positive (≥95%);;;Negative (≤2%);;         names over several columns
    Lot;CD73;CD90;CD105;CD45;CD34;HLA-DR        the header
    ;%;%;%;%;%;%                                the units

Nothing is passed over in silence: what stands above is looked through for what is a claim, and told as not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from registry.intake.names.laboratory_names import is_unit
from registry.intake.tabular.columns import KNOWN, key_of
from registry.intake.tabular.grid import Row
from registry.intake.tabular.headings import is_heading_of, named
from registry.intake.tabular.transposed import columns_of
from registry.vocabulary import Terms

MOST_ABOVE = 60
_LOT_PAIR = re.compile(r"(?P<name>[^:=]{1,40})[:=]\s*(?P<lot>\S.*)")


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a table. ``over`` are names over several columns; ``lot`` stands above, where no column has it."""

    header: Row
    body: tuple[Row, ...]
    above: tuple[Row, ...] = ()
    over: Row | None = None
    units: Row | None = None
    remarks: tuple[Row, ...] = ()
    lot: str = ""
    printed: tuple[str, ...] = ()
    """The header as the file prints it."""


def layout_of(rows: Sequence[Row], terms: Terms, holds_results: Callable[[Sequence[str]], bool]) -> Layout:
    """The parts of these rows. ``holds_results`` tells of a header whether a wide table's column names a result.

    Where no row is a header by its names, the first that is no remark is taken for it.
    """
    remarks = tuple(row for row in rows if _is_remark(row))
    lines = [row for row in rows if not _is_remark(row)] or list(rows)
    place, header = next(
        (
            (at, candidate)
            for at in range(min(len(lines), MOST_ABOVE))
            if (candidate := _header(lines, at, holds_results))
        ),
        (0, replace(lines[0], cells=named(lines[0].cells))),
    )
    above, body = tuple(lines[:place]), tuple(lines[place + 1 :])
    units = body[0] if body and _are_units(header, body[0], terms) else None
    over = above[-1] if above and _names_columns(above[-1]) else None
    keys = {key_of(cell) for cell in header.cells}
    lot = _lot_above(above) if "lot" not in keys and {"characteristic", "value"} <= keys else ""
    return Layout(header, body[1:] if units else body, above, over, units, remarks, lot, lines[place].cells)


def with_units(layout: Layout) -> Row:
    """The header with the units that stand in a row of their own: ``CD73`` over ``%`` is ``CD73 (%)``."""
    units = _units_over(layout)
    if layout.units is not None:
        units |= {place: unit for place, unit in enumerate(layout.units.cells) if unit}
    if not units:
        return layout.header
    cells = [
        f"{cell} ({units[place].strip('()[] ')})" if place in units and cell and key_of(cell) not in KNOWN else cell
        for place, cell in enumerate(layout.header.cells)
    ]
    return replace(layout.header, cells=tuple(cells))


def _units_over(layout: Layout) -> dict[int, str]:
    """Per cent, for the columns under a name over several that says it, as ``Positive (≥95%)`` does."""
    units: dict[int, str] = {}
    over = ""
    for place, header in enumerate(layout.header.cells if layout.over is not None else ()):
        cells = layout.over.cells if layout.over is not None else ()
        over = (cells[place] if place < len(cells) else "") or over
        if "%" in over and "%" not in header and "(" not in header:
            units[place] = "%"
    return units


def _names_columns(row: Row) -> bool:
    """True for a row over the header that names several columns: it says nothing in the first, or heads the lots."""
    return any(row.cells[1:]) and (not row.cells[0] or is_heading_of(row.cells[0], "lot"))


def _is_remark(row: Row) -> bool:
    return row.cells[:1] != () and row.cells[0].startswith("#") and not any(row.cells[1:])


def _header(lines: Sequence[Row], at: int, holds_results: Callable[[Sequence[str]], bool]) -> Row | None:
    """The row as a header, its empty cells filled with a heading that stands over it; None when it is none."""
    cells = list(lines[at].cells)
    if at:
        upper = lines[at - 1].cells
        cells += [""] * (len(upper) - len(cells))
        cells = [cell or _over(upper, place) for place, cell in enumerate(cells)]
    names = named(cells)
    keys = {key_of(cell) for cell in names}
    long = {"characteristic", "value"} <= keys and ("lot" in keys or _lot_above(lines[:at]) != "")
    if long or ("lot" in keys and not {"characteristic", "value"} & keys and holds_results(names)):
        return replace(lines[at], cells=names)
    return replace(lines[at], cells=names) if at and columns_of(names) else None


def _over(upper: Sequence[str], place: int) -> str:
    cell = upper[place] if place < len(upper) else ""
    return cell if is_heading_of(cell, "lot") else ""


def _are_units(header: Row, row: Row, terms: Terms) -> bool:
    """True for a row that holds units and nothing else, under columns of results."""
    keys = [key_of(cell) for cell in header.cells]
    if {"characteristic", "value"} <= set(keys):
        return False
    cells = [(keys[place] if place < len(keys) else "", cell) for place, cell in enumerate(row.cells) if cell]
    units = [cell for key, cell in cells if key != "lot"]
    named_so = all(is_heading_of(cell, "unit") or key_of(cell) == "unit" for key, cell in cells if key == "lot")
    return named_so and bool(units) and all(is_unit(cell.strip("()[] "), terms) for cell in units)


def _lot_above(above: Sequence[Row]) -> str:
    """The one lot that is named above the table: ``Lot No. | H-21``, ``Batch: H-21``; empty when there is not one."""
    lots: list[str] = []
    for row in above:
        for place, cell in enumerate(row.cells):
            match = _LOT_PAIR.fullmatch(cell)
            if match and is_heading_of(match.group("name").strip(), "lot"):
                lots.append(match.group("lot").strip())
            elif is_heading_of(cell.rstrip(" :"), "lot"):
                lots += [next((text for text in row.cells[place + 1 :] if text), "")]
    return lots[0] if len(set(lots)) == 1 else ""
