"""Paper: what leaves the registry printed. Values in, bytes out; nothing here knows a ledger.

    paper.certificate_pdf(certificate, size="a4")      PDF/A-3a and PDF/UA-1, the same bytes for the same value
    paper.certificate_html(certificate)                one file that shows the same facts
    paper.labels(label, containers=12, ...)            DataMatrix and plain lines, as PDF or PNG

``certificate``  the certificate or report as a value, and the words that stand on every page of it
``label``        the label as a value, sizes and sheets
``symbol``       DataMatrix, written by zxing-cpp (the only module that knows it)
``typeset``      typst (the only module that knows it); text goes in as data and is never read as markup
``html``         the certificate as one HTML file
``layouts/``     how it looks, in typst;  ``fonts/`` Source Sans, SIL Open Font License
"""

from __future__ import annotations

from registry.paper.certificate import Certificate, Fact, Line, Observation, Print, Signature
from registry.paper.html import STYLE, certificate_html
from registry.paper.label import SHEETS, SIZES, Label
from registry.paper.symbol import Symbol, data_matrix
from registry.paper.typeset import PAPERS, certificate_pdf, labels, ready

__all__ = [
    "PAPERS", "SHEETS", "SIZES", "STYLE", "Certificate", "Fact", "Label", "Line", "Observation", "Print", "Signature",
    "Symbol", "certificate_html", "certificate_pdf", "data_matrix", "labels", "ready",
]  # fmt: skip
