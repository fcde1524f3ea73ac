"""A table that was refused as a whole is mended in the page: headings, lots, rows left out; never a value."""

from __future__ import annotations

import base64
import io
import re

from flask.testing import FlaskClient

from tests.web.conftest import HTML, Site, csrf_of, hidden

FLOWJO = (
    ",Cells/CD73+ | Freq. of Parent,Cells/CD45+ | Freq. of Parent\n"
    "{lot}.fcs,98.5 %,0.30 %\nMean,98.5 %,0.30 %\nSD,0.71 %,0.14 %\n"
)


def refused(browser: FlaskClient, data: bytes) -> str:
    """The page that answers this table."""
    form = {"csrf": csrf_of(browser.get("/submit", headers=HTML).text), "do": "check"}
    return str(browser.post("/submit", headers=HTML, data={**form, "file": (io.BytesIO(data), "flow.csv")}).text)


def mended(browser: FlaskClient, page: str, **said: str) -> tuple[int, str]:
    """The status and page that answer the form for mending, sent with this ticked and typed."""
    form = page.partition('<form id="mend"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input (?:type="hidden" )?name="([^"]+)" value="([^"]*)"', form))
    fields |= {key.replace("_", "-"): value for key, value in said.items()}
    answer = browser.post("/submit/mend", headers=HTML, data=fields)
    return answer.status_code, answer.text


def test_what_is_filled_in_counts_only_once_it_is_ticked(site: Site) -> None:
    """The first column is most likely the lot, and the name of a file most likely the lot's: sent unticked, nothing."""
    browser = site.signed_in("lab.one")
    page = refused(browser, FLOWJO.format(lot="M-41").encode())
    fields = dict(re.findall(r'<input name="((?:heading|lot)-\d+)" value="([^"]*)"', page))
    assert (fields["heading-0"], fields["lot-2"], fields["lot-3"]) == ("lot", "M-41", "Mean")
    status, answer = mended(browser, page)
    assert (status, "Nothing was ticked or typed, so nothing is mended." in answer) == (400, True)
    assert 'id="mend-table"' in answer


def test_what_was_changed_stands_above_the_table_and_the_values_as_they_were(site: Site) -> None:
    """And whoever signs is shown it, since the line is judged by nothing."""
    lot = site.add_lot("M-42")
    browser = site.signed_in("lab.one")
    page = refused(browser, FLOWJO.format(lot=lot).encode())
    status, answer = mended(browser, page, heading_0_yes="on", lot_2_yes="on", leave_3="on", leave_4="on")
    assert (status, "1 lot: 1 not recorded." in answer) == (200, True)
    assert hidden(answer, "name") == "flow mended.csv"
    lines = base64.b64decode(hidden(answer, "kept")).decode().splitlines()
    assert re.fullmatch(
        r"# Changed in the registry's page before it was sent: flow\.csv sha256:[0-9a-f]{64}: "
        r"heading 1 '' is now 'lot' and the lot of row 2 is now M-42 and rows left out: 3 4",
        lines[0],
    )
    assert lines[2:] == ["M-42,98.5 %,0.30 %"]
    assert "1 thing in the file was not read, and is judged by nothing" in answer


def test_letters_that_cannot_be_read_are_not_mended_here(site: Site) -> None:
    """They would be changed: such a table is mended where it was made."""
    page = refused(site.signed_in("lab.one"), ",CD73 é\nH-1,98\n".encode("latin-1"))
    assert ('class="refusal"' in page, 'id="mend-table"' in page) == (True, False)


def test_a_causes_rows_are_left_out_by_its_tick(site: Site) -> None:
    """The tick beneath the cause belongs to the form for mending, and names each of the cause's rows."""
    lot = site.add_lot("M-44")
    browser = site.signed_in("lab.one")
    page = refused(browser, f"lot,CD73 (%)\n{lot},98.5\nMean,98.5\nSD,0.7\n".encode())
    ticks = re.findall(r'<input type="checkbox" form="mend" name="leave" value="([^"]+)"> ([^<]+)<', page)
    assert ticks == [("3", "Leave row 3 out"), ("4", "Leave row 4 out")]
    status, answer = mended(browser, page, leave="3 4")
    assert (status, "1 lot: 1 incomplete." in answer) == (200, True)
