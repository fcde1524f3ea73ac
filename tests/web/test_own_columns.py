"""Columns of a laboratory's own: given a meaning or left out on the page; workbooks shown as they were sent."""

from __future__ import annotations

import html
import re

from registry import workbook
from tests.web.conftest import HTML, Site
from tests.web.test_mappings import FORM, approve, check, names, row, waiting

KINDS = "kind,name,lot,stage,characteristic,parent,unit,value\r\n"
WIDE = "lot,Marker A,Tube\n{0},98.5,17\n"


def test_a_wide_table_without_a_known_column_is_offered_the_form(site: Site) -> None:
    """Its lots are refused, its columns are rows of the form; one is given a meaning, the other is left out."""
    lot, browser = site.add_lot("W-01"), site.signed_in("lab.one")
    first = check(browser, WIDE.format(lot).encode(), "wide.csv")
    assert (first.status_code, "No column of this table is known" in first.text) == (200, True)
    fields = names(first.text)
    a, tube = row(fields, "Marker A"), row(fields, "Tube")
    fields |= {f"{a}characteristic": "CD73", f"{a}unit": "%", f"{tube}kind": "ignore", "do": "check"}
    second = browser.post("/submit", data=fields, **FORM)
    assert (second.status_code, "&#39;Tube&#39; is not read: the mapping says so." in second.text) == (200, True)
    assert re.findall(r"<td[^>]*>CD73</td><td[^>]*>([\d.]+)</td>", second.text) == ["98.5"]
    again = names(second.text)
    assert (again[f"{row(again, 'Marker A')}characteristic"], again[f"{row(again, 'Tube')}kind"]) == ("CD73", "ignore")
    assert 'value="submit"' not in second.text


def test_an_approved_mapping_leaves_the_column_out(site: Site) -> None:
    """The receipt keeps the notice, and the result says that it was read so."""
    approve(site, "wide", KINDS + "column,Marker A,,,CD73,,%,\r\nignore,Tube,,,,,,\r\n")
    lot, browser = site.add_lot("W-02"), site.signed_in("lab.one")
    checked = check(browser, WIDE.format(lot).encode(), "wide.csv", "wide")
    done = browser.post("/submit", data={**waiting(checked.text), "do": "submit"}, **FORM)
    assert (done.status_code, "&#39;Tube&#39; is not read" in done.text) == (201, True)
    (result,) = site.registry.lots.get(lot).panels[0].results
    assert (result.label, result.printed, list(result.details)) == ("CD73", "98.5", ["mapping"])
    page = html.unescape(site.signed_in("quality").get("/mappings/wide", headers=HTML).text)
    assert "not read: no lot's sample, or a column without a result" in page


def test_a_workbooks_row_stands_beside_its_error(site: Site) -> None:
    """As it is shown in the workbook, of the sheet that the error is on."""
    lot, browser = site.add_lot("W-03"), site.signed_in("lab.one")
    sheets = [("one", [["lot", "CD73 (%)"], [lot, "101"]]), ("two", [["lot", "CD90 (%)"], [lot, "102"]])]
    page = check(browser, workbook.write(sheets), "two.xlsx").text
    assert re.findall(r'data-said="The row as it was sent">(.*?)</td>', page) == [f"{lot} | 101", f"{lot} | 102"]


def test_a_workbook_is_evidence_sheet_by_sheet(site: Site) -> None:
    """Each sheet that speaks of the lot, and the rows that criteria stand on can be linked to."""
    lot = site.add_lot("W-04")
    sheets = [
        ("Flow", [["lot", "CD73 (%)"], [lot, "97"]]),
        ("More", [["lot", "CD90 (%)"], ["other", "1"], [lot, "98"]]),
    ]
    sheets.append(("None", [["lot", "CD34 (%)"], ["other", "1"]]))
    site.add_lot("other")
    site.submit(lot, workbook.write(sheets), "results.xlsx")
    page = site.client().get(f"/evidence/{lot}", headers=site.bearer("quality", Accept="text/html")).text
    assert re.findall(r'aria-label="Rows of ([^"]+)"', page) == ["results.xlsx#Flow", "results.xlsx#More"]
    links = set(re.findall(r'href="#(f[0-9a-f]{10}-\d+)"', page))
    assert (len(links), links <= set(re.findall(r'<tr id="(f[0-9a-f]{10}-\d+)"', page))) == (2, True)


def test_a_page_speaks_of_its_fields_and_a_program_of_its_options(site: Site) -> None:
    """Gates beside a table: the page says to leave them out, and names no option of a command line."""
    import io

    browser = site.signed_in("lab.one")
    gates = (io.BytesIO(b"<gating/>"), "gates.xml")
    page = check(browser, WIDE.format("H-03").encode(), "wide.csv", gates=gates).text
    assert ("--gates" in page, "Leave the gates out for this file." in page) == (False, True)
