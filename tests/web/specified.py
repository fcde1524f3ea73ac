"""Specifications as tests of the pages write, check, sign and read them."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden

OURS = """\
specification,{id}
version,{version}
title,Ours
source,"QP-017, section 4"
cell type,CL:0000134
species,NCBITaxon:9606

id,characteristic,operator,limit,unit
cd73,CD73,>=,{cd73},%
cd90,CD90,>=,95,%
cd105,CD105,>=,95,%
cd45,CD45,<=,2,%
cd34,CD34,<=,{cd34},%
mhc-ii,MHC II,<=,2,%
"""


class Cells(HTMLParser):
    """The rows of a page's tables, each a list of the texts of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self.inside = True
        elif tag == "br" and self.inside:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data.replace("\n", " ")


def rows(page: str) -> list[list[str]]:
    """The rows below the heads of the page's tables, each line of a cell without blanks around it.

    Those of the editor, and of the lots that a draft is tried on, are none of them.
    """
    reader = Cells()
    for beginning, end in (('<form id="criteria"', "</form>"), ('<section aria-labelledby="trial"', "</section>")):
        before, _begun, after = page.partition(beginning)
        page = before + after.partition(end)[2]
    reader.feed(page)
    trimmed = [["\n".join(" ".join(line.split(" ")).strip() for line in cell.split("\n")) for cell in row]
               for row in reader.rows]  # fmt: skip
    return [row for row in trimmed if row[0] not in {"Criterion", "Row", "Specification"}]


def ours(version: int = 1, name: str = "ours", cd73: str = "95", cd34: str = "2") -> str:
    return OURS.format(id=name, version=version, cd73=cd73, cd34=cd34)


def check(browser: FlaskClient, text: str = "", **more: object) -> TestResponse:
    """Paste a table, or send what ``more`` says, and check it."""
    form = {"csrf": csrf_of(browser.get("/drafts/new", headers=HTML).text), "pasted": text, "do": "check", **more}
    return browser.post("/drafts/new", headers=HTML, data=form, content_type="multipart/form-data")


def typed(page: str) -> str:
    """What the page's first text field holds."""
    return unescape(page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])


def keep(browser: FlaskClient, checked: str, **more: str) -> TestResponse:
    """Sign on the page of a check; ``more`` changes fields."""
    names = ("csrf", "file_name", "kept", "base")
    form = {**{name: hidden(checked, name) for name in names}, "do": "draft", "name": "quality", "password": PASSWORD}
    return browser.post("/drafts/new", headers=HTML, data={**form, **more})


def draft(site: Site, text: str) -> None:
    site.registry.specifications.draft("ours.csv", text.encode(), name="quality", password=PASSWORD)
