"""Every answer on paper: each sheet says when it was asked for and of which ledger, and that it may be out of date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pypdfium2 import PdfDocument

from tests.browser.place import Place, context

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = (
    ("clinician", "lots/H-01"),
    ("clinician", "lots?q=H-0"),
    ("clinician", "findings"),
    ("quality-unit", "review"),
    ("quality-unit", "trends/hESC-M-ovary?criterion=viability"),
    ("analyst", "questions/waiting"),
    ("analyst", "explore"),
)
MOST = 9
"""Sheets of any of them: what stands in columns on a screen is not squeezed into columns on paper."""


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_every_sheet_says_when_and_of_what_it_was_asked(place: Place, browser: Browser, role: str, path: str) -> None:
    """And the form, the menu and the buttons are on none."""
    person = context(browser)
    page = person.new_page()
    place.sign_in(page, role, f"/{path}")
    page.goto(place.address + path)
    sheets = [sheet.get_textpage().get_text_range() for sheet in PdfDocument(page.pdf(format="A4"))]
    person.close()
    said = re.compile(
        r"asked for at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00, when the ledger had \d+ entries, from (\S+)\. "
        r"What was entered later is not on this paper: ask again before you rely on it\."
    )
    heads = [said.search(" ".join(sheet.split())) for sheet in sheets]
    assert [head[1] if head else "" for head in heads] == [place.address + path] * len(sheets)
    assert len(sheets) <= MOST
    assert not re.search(r"Sign out|Show it|Narrow, and put in order", "".join(sheets))
