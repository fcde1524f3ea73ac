"""Sending results: by a laboratory's program, and in a browser."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask.testing import FlaskClient

from registry import workbook
from registry.intake import detect
from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden, panel

CSV = {"content_type": "text/csv"}


def post(site: Site, data: object, who: str = "lab.one", path: str = "/api/v1/panels", **more: object):  # type: ignore[no-untyped-def]
    headers = site.bearer(who, **more.pop("headers", {}))  # type: ignore[arg-type]
    return site.client().post(path, data=data, headers=headers, **more)  # type: ignore[arg-type]


def test_a_file_is_recorded_and_its_receipt_comes_back(site: Site) -> None:
    """201 with the registry's receipt, whether as a form's field or as the body itself."""
    lot, other = site.add_lot("P-01"), site.add_lot("P-02")
    form = post(site, {"file": (io.BytesIO(panel(lot)), "p-01.csv")})
    body = post(site, panel(other), headers={"Content-Disposition": 'attachment; filename="p-02.csv"'}, **CSV)
    assert (form.status_code, body.status_code) == (201, 201)
    receipt = form.get_json()
    assert list(receipt) == ["receipt", "recorded", "errors", "warnings", "file", "ledger_size", "repeated", "not_read"]
    assert [(line["lot"], line["verdict"]) for line in receipt["recorded"]] == [("P-01", "pass")]
    assert site.registry.submissions.file(body.get_json()["file"])[0] == "p-02.csv"


def test_a_lot_that_fails_is_recorded_all_the_same(site: Site) -> None:
    """A failing result is a result."""
    answer = post(site, panel(site.add_lot("P-03"), CD73="12"), **CSV)
    assert (answer.status_code, answer.get_json()["recorded"][0]["verdict"]) == (201, "fail")


def test_rows_in_error_are_named_and_the_other_lots_recorded(site: Site) -> None:
    """201 when at least one lot was recorded, 422 when none was; the body is a receipt both times."""
    good, bad = site.add_lot("P-04"), site.add_lot("P-05")
    both = panel(good) + panel(bad, CD90="101").partition(b"\n")[2]
    some, none = post(site, both, **CSV), post(site, panel(bad, CD90="102"), **CSV)
    assert (some.status_code, none.status_code) == (201, 422)
    assert [line["lot"] for line in some.get_json()["recorded"]] == ["P-04"]
    assert [(row["lot"], row["row"], row["found"]) for row in none.get_json()["errors"]] == [("P-05", 3, "102")]
    assert none.get_json()["recorded"] == []


def test_the_same_key_answers_the_same_receipt(site: Site) -> None:
    """A program that repeats itself after a lost answer records nothing twice."""
    lot = site.add_lot("P-06")
    answers = [post(site, panel(lot), headers={"Idempotency-Key": "run 6"}, **CSV).get_json() for _ in range(2)]
    assert answers[0]["receipt"] == answers[1]["receipt"]
    assert [answer["repeated"] for answer in answers] == [False, True]
    other = post(site, panel(lot, CD73="97"), headers={"Idempotency-Key": "run 6"}, **CSV)
    assert (other.status_code, other.get_json()["error"]["kind"]) == (409, "Conflict")


@pytest.mark.parametrize(
    ("data", "more", "status", "kind"),
    [
        ({}, {}, 400, "WrongUsage"),
        ({"other": (io.BytesIO(b"x"), "x.csv")}, {}, 400, "WrongUsage"),
        (b"", CSV, 400, "WrongUsage"),
        (b"a,b\n", {"content_type": "application/zip"}, 415, "UnsupportedKind"),
        (b"a,b\n", {**CSV, "path": "/api/v1/panels?filename=x.ttl"}, 400, "WrongUsage"),
        (b"a,b\n", {**CSV, "headers": {"Idempotency-Key": "x" * 201}}, 400, "WrongUsage"),
        (b"not a table", CSV, 422, "Unreadable"),
        (b"@prefix", {"content_type": "text/turtle"}, 422, "Unreadable"),
        ({"file": (io.BytesIO(b"GIF89a"), "gel.gif")}, {}, 415, "UnsupportedKind"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_envelope(
    site: Site, data: object, more: dict[str, object], status: int, kind: str
) -> None:
    """Each with its status and a stable name; nothing is recorded."""
    size = site.registry.size()
    if data == {} or (isinstance(data, dict) and "other" in data):
        more = {**more, "content_type": "multipart/form-data"}
    answer = post(site, data, **more)
    assert (answer.status_code, answer.get_json()["error"]["kind"]) == (status, kind)
    assert site.registry.size() == size


def test_a_checked_file_is_kept_nowhere_and_submitted_as_it_was_checked(site: Site) -> None:
    """The report before submitting, then the very same bytes with one button."""
    lot, browser = site.add_lot("P-07"), site.signed_in("lab.one")
    token, size = csrf_of(browser.get("/submit", headers=HTML).text), site.registry.size()
    data = panel(lot, CD90="> 90")
    sent = {"csrf": token, "do": "check", "file": (io.BytesIO(data), "seven.csv")}
    checked = browser.post("/submit", headers=HTML, data=sent, content_type="multipart/form-data")
    assert (checked.status_code, site.registry.size()) == (200, size)
    kept = {"csrf": token, "do": "submit", "name": hidden(checked.text, "name"), "kept": hidden(checked.text, "kept")}
    submitted = browser.post("/submit", headers=HTML, data=kept)
    assert submitted.status_code == 201
    on_record = site.registry.lots.get(lot).panels[0]
    assert (on_record.file_name, on_record.actor) == ("seven.csv", "lab.one")
    assert site.registry.submissions.file(on_record.file or "")[1] == data


def test_pasted_rows_stay_in_the_form_when_they_are_refused(site: Site) -> None:
    """Nothing typed is lost; the page says what is wrong, and points at the field when it is one."""
    browser = site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get("/submit", headers=HTML).text), "do": "submit", "pasted": "no table <b>"}
    answer = browser.post("/submit", headers=HTML, data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "no table &lt;b&gt;</textarea>" in answer.text
    assert 'role="alert"' in answer.text
    empty = browser.post("/submit", headers=HTML, data={**form, "pasted": ""}, content_type="multipart/form-data")
    assert (empty.status_code, '<a href="#file">' in empty.text) == (400, True)


def test_a_report_names_each_row_in_error(site: Site) -> None:
    """Row, lot, column, what was found and what was expected, on the page that answers."""
    lot, browser = site.add_lot("P-08"), site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get("/submit", headers=HTML).text), "do": "submit"}
    form["pasted"] = panel(lot, CD73="101").decode()
    answer = browser.post("/submit", headers=HTML, data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    row = answer.text.partition('<th scope="row">2</th>')[2].partition("</tr>")[0]
    assert re.findall(r'data-said="([^"]+)">(?:<code>)?([^<]*)', row)[:3] == [
        ("Lot", "P-08"),
        ("Column", "value"),
        ("Found", "101"),
    ]


def send_pasted(browser: FlaskClient, do: str, text: str) -> str:
    """The page that answers pasted rows."""
    form = {"csrf": csrf_of(browser.get("/submit", headers=HTML).text), "do": do, "pasted": text}
    return str(browser.post("/submit", headers=HTML, data=form, content_type="multipart/form-data").text)


def test_results_that_end_a_release_say_so_before_and_after(site: Site) -> None:
    """The check says the lot's state now and with the file, and the receipt what it did."""
    lot, browser = site.add_lot("P-21"), site.signed_in("lab.one")
    site.submit(lot)
    site.sign(lot, "release")
    more = f"lot,characteristic,value,unit\n{lot},CD73,12,%\n"
    ends = "it no longer stands: it must not be injected until the quality unit decides again."
    assert f"P-21 is released. With these results {ends}" in send_pasted(browser, "check", more)
    assert f"P-21 was released. With these results {ends}" in send_pasted(browser, "submit", more)


def test_a_file_that_is_on_record_already_changes_nothing(site: Site) -> None:
    """The check and the receipt both say that it was sent before."""
    text, browser = panel(site.add_lot("P-22")).decode(), site.signed_in("lab.one")
    assert "Recorded. Receipt" in send_pasted(browser, "submit", text)
    assert "sending it again changes nothing." in send_pasted(browser, "check", text)
    again = send_pasted(browser, "submit", text)
    assert "As before: this file is on record already, and nothing was recorded anew." in again


def test_errors_are_counted_by_rows(site: Site) -> None:
    """Two wrong cells of one row are one row in error."""
    lot, browser = site.add_lot("P-23"), site.signed_in("lab.one")
    page = send_pasted(browser, "check", f"lot,CD73 (%),CD90 (%)\n{lot},101,102\n")
    assert "1 row in error. A lot with one is not recorded at all; the others are." in page


def test_lots_that_nobody_registered_are_one_cause_and_each_leads_to_its_registration(site: Site) -> None:
    """With its identifier filled in there; the page names no command line."""
    rows = "".join(panel(lot).decode().partition("\n")[2] for lot in ("P-NONE", "P-NEVER"))
    page = send_pasted(site.signed_in("lab.one"), "check", f"lot,characteristic,value,unit\n{rows}")
    assert re.findall(r"<strong>([^<]*registered\.)</strong>", page) == ["2 lots are not registered."]
    assert re.findall(r'<a href="(/register/lot\?id=[^"]+)" target="_blank">', page) == [
        "/register/lot?id=P-NONE",
        "/register/lot?id=P-NEVER",
    ]
    assert "cell-registry lot add" not in page


def test_an_error_on_a_sheet_names_the_sheet(site: Site) -> None:
    """Two sheets have a row 2 each."""
    lot, browser = site.add_lot("P-24"), site.signed_in("lab.one")
    data = workbook.write(
        [(name, [["lot", f"{marker} (%)"], [lot, "101"]]) for name, marker in (("one", "CD73"), ("two", "CD90"))]
    )
    form = {"csrf": csrf_of(browser.get("/submit", headers=HTML).text), "do": "check"}
    answer = browser.post("/submit", headers=HTML, data={**form, "file": (io.BytesIO(data), "two.xlsx")})
    assert re.findall(r'<th scope="row">(2, sheet \w+)</th>', answer.text) == ["2, sheet one", "2, sheet two"]


def test_a_file_of_which_nothing_would_be_recorded_is_not_offered_for_submission(site: Site) -> None:
    """Its errors stand in the order of its rows, whoever found them; a file with one good lot is offered."""
    lot, browser = site.add_lot("P-31"), site.signed_in("lab.one")
    wrong = f"lot,characteristic,value,unit\nP-NONE,CD73,98,%\n{lot},CD73,101,%\n{lot},CD90,98,\n"
    page = send_pasted(browser, "check", wrong)
    rows = re.findall(r'<tr><th scope="row">(\d+)</th><td data-said="Lot">', page)
    assert (rows, 'value="submit"' in page) == (["2", "3", "4"], False)
    assert "there is nothing to submit until the rows are mended" in page
    good = site.add_lot("P-32")
    page = send_pasted(browser, "check", f"{wrong}{good},CD73,98,%\n")
    assert ('value="submit"' in page, "there is nothing to submit" in page) == (True, False)


def test_my_submissions_say_what_became_of_the_lot(site: Site) -> None:
    """Its state now, beside each panel."""
    site.submit(site.add_lot("P-33"))
    site.sign("P-33", "rejection", reason="Broken.")
    page = site.signed_in("lab.one").get("/submissions", headers=HTML).text
    cells = re.findall(r'data-said="The lot now">(.*?)</td>', page, re.DOTALL)
    assert " ".join(re.sub(r"<[^>]+>", " ", cells[0]).split()) == "rejected"


def test_my_submissions_lead_to_withdrawing_a_panel_and_say_that_one_was(site: Site) -> None:
    """Of each own panel that counts; a withdrawn one says by whom and why, and has no such link."""
    lot, browser = site.add_lot("P-34"), site.signed_in("lab.one")
    site.submit(lot)
    (panel,) = site.registry.lots.get(lot).panels
    link = f'href="/withdraw/P-34?what={panel.panel}"'
    before = browser.get("/submissions", headers=HTML).text
    site.registry.submissions.withdraw(panel.panel, reason="Another lot's tube.", name="lab.one", password=PASSWORD)
    after = browser.get("/submissions", headers=HTML).text
    cells = re.findall(r'data-said="What">(.*?)</td>', after, re.DOTALL)
    told = " ".join(re.sub(r"<[^>]+>", " ", cells[0]).split())
    at = site.registry.lots.get(lot).panels[0].withdrawn.at  # type: ignore[union-attr]
    assert (link in before, link in after) == (True, False)
    assert told == (
        f"Panel of 6 results from panel.csv withdrawn by lab.one at {at:%Y-%m-%d %H:%M} +00:00 : "
        "Another lot&#39;s tube."
    )


def test_a_retest_that_waits_is_marked_among_my_submissions(site: Site) -> None:
    """It replaces the first result only once it is accepted."""
    lot, browser = site.add_lot("P-35"), site.signed_in("lab.one")
    site.submit(lot)
    first = site.registry.lots.get(lot).panels[0].results[0].iri
    row = f"{lot},CD73,97,%,retest,{first},Clotted.\n"
    site.submit(lot, f"lot,characteristic,value,unit,relation,supersedes,reason\n{row}".encode(), "retest.csv")
    page = browser.get("/submissions", headers=HTML).text
    cells = [
        " ".join(re.sub(r"<[^>]+>", " ", cell).split())
        for cell in re.findall(r'data-said="What">(.*?)</td>', page, re.DOTALL)
    ]
    assert cells[:2] == [
        "Panel of 1 result from retest.csv waits to be accepted 1 retest or correction replaces the first result only "
        "once the quality unit accepts it",
        "Panel of 6 results from panel.csv",
    ]


def test_typed_rows_are_mended_where_they_were_checked(site: Site) -> None:
    """Without a script the page of the check holds them, to be changed and checked again; a file is not typed."""
    lot, browser = site.add_lot("P-36"), site.signed_in("lab.one")
    rows = f"lot,characteristic,value,unit\n{lot},CD73,101,%\n"
    page = send_pasted(browser, "check", rows)
    typed = re.findall(r'<textarea id="typed-rows" name="pasted"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert typed == [rows]
    form = {"csrf": hidden(page, "csrf"), "do": "check", "file": (io.BytesIO(rows.encode()), "rows.csv")}
    assert 'id="typed-rows"' not in browser.post("/submit", headers=HTML, data=form).text
    refused = send_pasted(browser, "submit", rows)
    assert ("Not recorded: pasted.csv" in refused, 'id="typed-rows"' in refused) == (True, True)


def test_a_file_that_a_session_lost_is_chosen_again(site: Site) -> None:
    """A browser sends a file once: the way leads back to the form; typed rows are offered as they were."""
    for fields, lost in (({}, True), ({"pasted": "lot,CD73 (%)\nP-1,98\n"}, False)):
        browser = site.client()
        file = {"file": (io.BytesIO(panel("P-1")), "panel.csv")} if lost else {}
        ended = browser.post("/submit", headers=HTML, data={"do": "check", "mapping": "", **fields, **file})
        kept = html.unescape(hidden(ended.text, "kept"))
        form = {"csrf": hidden(ended.text, "csrf"), "name": "lab.one", "password": PASSWORD, "kept": kept, "next": "/"}
        page = browser.post("/sign-in", headers=HTML, data=form).text
        assert ("choose the file again." in page, 'href="/submit">Submit results</a></p>' in page) == (lost, lost)
        assert re.findall(r"<dt>(.*?)</dt>", page) == ([] if lost else ["Rows"])


def test_the_form_names_the_machines_that_are_read_here(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an extra it says whom to ask, and does not offer what would be refused."""
    browser = site.signed_in("lab.one")
    for there in (True, False):
        monkeypatch.setattr(detect, "find_spec", lambda _library, there=there: object() if there else None)
        page = browser.get("/submit", headers=HTML).text
        assert [words in page for words in ("Vi-CELL BLU", "Raw events (.fcs, .lmd) are read with their gates.")] == [
            there
        ] * 2
        assert page.count("ask your administrator to install the extra") == (0 if there else 2)


def test_a_check_says_what_each_number_means(site: Site) -> None:
    """In the base unit, thousands apart, each value after its column's name; how it was obtained as printed."""
    lot, browser = site.add_lot("P-37"), site.signed_in("lab.one")
    header = "lot,characteristic,value,unit,tested_at\n"
    page = send_pasted(browser, "check", f"{header}{lot},total cell number,2,10^6 cells,gestern\n{lot},CD166,<0.5,%,\n")
    cells = re.findall(r'data-said="(Value|Unit|Understood as|Tested at)"[^>]*>(.*?)</td>', page)
    assert [(name, html.unescape(cell)) for name, cell in cells] == [
        *(
            ("Value", "2"),
            ("Unit", "10^6 cells"),
            ("Understood as", "2\u202f000\u202f000 cells"),
            ("Tested at", "gestern"),
        ),
        *(("Value", "<0.5"), ("Unit", "%"), ("Understood as", "from 0 to below 0.5\u00a0%"), ("Tested at", "")),
    ]
