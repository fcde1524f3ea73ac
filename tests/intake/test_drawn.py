"""What lies over the cells of a workbook: lines that strike rows out, and pictures that say something."""

from __future__ import annotations

import pytest

from registry import intake
from registry.domain import Intake
from tests.intake.books import altered, book
from tests.intake.inputs import TERMS

ROW = ("P-07", "CD73", 98.5, "%")
OTHER = ("P-08", "CD73", 97, "%")


def read(data: bytes) -> Intake:
    return intake.read("panel.xlsx", data, TERMS)


LINE = b"<xdr:cxnSp/>"
SHAPES = {
    "a connector": LINE,
    "a line": b'<xdr:sp><a:prstGeom prst="line"/></xdr:sp>',
    "a cross": b'<xdr:sp><a:prstGeom prst="mathMultiply"/></xdr:sp>',
    "ink": b"<xdr:contentPart/>",
    "a hand": b"<xdr:sp><a:custGeom/></xdr:sp>",
}


def drawn(shape: bytes, first: int, last: int) -> bytes:
    """A shape over these rows, from 1."""
    corner = b"<xdr:%s><xdr:col>0</xdr:col><xdr:row>%d</xdr:row></xdr:%s>"
    corners = corner % (b"from", first - 1, b"from") + corner % (b"to", last - 1, b"to")
    drawing = b'<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:twoCellAnchor>%s%s</xdr:twoCellAnchor></xdr:wsDr>' % (
        corners,
        shape,
    )
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
    return altered(book(ROW, OTHER), **{
        "xl/drawings/drawing1.xml": drawing,
        "xl/worksheets/_rels/sheet1.xml.rels":
            b'<Relationships><Relationship Id="d" Type="%s" Target="../drawings/drawing1.xml"/></Relationships>' % kind,
    })  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_row_with_a_line_drawn_over_it_is_refused(shape: str) -> None:
    """A person who draws one over a result strikes it out; the row beside it is read."""
    said = read(drawn(SHAPES[shape], 2, 2))
    assert [(error.row, error.message) for error in said.errors] == [
        (2, "A line is drawn over the row, as if to strike it out: take the line away, or the row out.")
    ]
    assert [result.lot for result in said.results] == ["P-08"]


def test_what_is_drawn_elsewhere_or_is_no_line_costs_no_row() -> None:
    """A line below the table, a box, a logo; a picture that is called a stamp of VOID is heard."""
    box, logo = b'<xdr:sp><a:prstGeom prst="rect"/></xdr:sp>', b'<xdr:pic><xdr:cNvPr descr="Our logo"/></xdr:pic>'
    for data in (drawn(LINE, 9, 9), drawn(box, 2, 3), drawn(logo, 1, 2)):
        assert (read(data).errors, len(read(data).results)) == ((), 2)
    stamp = read(drawn(logo.replace(b"Our logo", b"Stamp: VOID"), 1, 2))
    assert [(error.lot, error.row) for error in stamp.errors] == [(None, None)]
