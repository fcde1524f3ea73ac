"""Excel workbooks (.xlsx) to text cells as they were shown, and back. The only room that knows openpyxl.

    read(data, "panel.xlsx").sheets[0].rows[1].cells[2].text    "95.5%" of a cell holding 0.955 under the format 0.0%
    write([("panel", [["lot", "CD73 (%)"], ["P-07", "98.5"]])])

Office Open XML (ISO/IEC 29500-1): a workbook is a zip archive of XML parts, and a cell shown as 95.5 % holds 0.955 and
the index of a number format. Nothing is evaluated and nothing is followed: a formula is a fault of its cell, macros and
embedded objects refuse the file, links to other files are not read. What a person does not see on the sheet (hidden
rows, columns, sheets) or sees where it is not (merged cells) is refused by name.

How a cell is shown is part of what it says: text that is raised, struck out or of its paper's colour, a cell that
is crossed out or called Bad, a number that its format, a conditional format or the sheet shows otherwise than it is,
are faults of their cells; so is a line over their row. What people wrote at cells is kept with them.

``archive``     the zip archive, refused from its directory
``reading``     the parts of a workbook to its sheets
``sheet``       one sheet part to rows of cells
``styles``      fonts, fills and number formats
``formats``     a number and its format to the text shown
``conditions``  cells that a rule may show otherwise
``texts``       texts made of runs, raised or struck out
``colours``     colours of ink and paper
``comments``    notes and threads at cells
``drawings``    text boxes, pictures' names, lines
``addresses``   columns by letter and by number
``writing``     rows of text to a workbook

openpyxl is loaded with the first workbook, since it takes a quarter of the time that most commands take.
"""

from __future__ import annotations

from registry.workbook.archive import SUFFIX
from registry.workbook.reading import MAX_CELLS, Workbook, read
from registry.workbook.sheet import Cell, Row, Sheet
from registry.workbook.writing import write

__all__ = ["MAX_CELLS", "SUFFIX", "Cell", "Row", "Sheet", "Workbook", "read", "write"]
