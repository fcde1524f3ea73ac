"""Templates, rows to mend and plain JSON over HTTP."""

from __future__ import annotations

import csv
import io
import re

import pytest

from registry import workbook
from tests.intake.inputs import lines
from tests.web.conftest import HTML, Site, csrf_of, hidden, panel

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def post(site: Site, data: object, path: str = "/api/v1/panels", who: str = "lab.one", **more: object):  # type: ignore[no-untyped-def]
    return site.client().post(path, data=data, headers=site.bearer(who), **more)  # type: ignore[arg-type]


def get(site: Site, path: str, who: str = "lab.one"):  # type: ignore[no-untyped-def]
    return site.client().get(path, headers={**site.bearer(who), "Accept": "*/*"})


def test_plain_json_is_recorded_like_a_table(site: Site) -> None:
    """Numbers keep their text on record."""
    lot = site.add_lot("T-01")
    body = (
        '{"panels":[{"lot":"%s","stage":"after thaw","results":[{"characteristic":"CD73","value":98.50,"unit":"%%"},'
        '{"characteristic":"CD45","value":"<0.5","unit":"%%","method":"flow"}]}]}'
    )
    answer = post(site, body % lot, content_type="application/json")
    assert (answer.status_code, [line["stage"] for line in answer.get_json()["recorded"]]) == (201, ["after thaw"])
    (recorded,) = site.registry.lots.get(lot).panels
    assert [(one.printed, one.details) for one in recorded.results] == [("98.50", {}), ("<0.5", {"method": "flow"})]
    assert (recorded.file_name, recorded.results[1].source.row) == ("panel.json", 2)


def test_json_that_does_not_fit_is_refused_with_every_misfit(site: Site) -> None:
    """In the one envelope."""
    answer = post(
        site,
        '{"panels":[{"lot":"T-01","results":[{"characteristic":"CD73","Value":9}]}]}',
        content_type="application/json",
    )
    error = answer.get_json()["error"]
    assert (answer.status_code, error["kind"], error["details"]) == (
        422,
        "Unreadable",
        [
            "panels[0].results[0].value is missing",
            "panels[0].results[0].Value is not a known field",
        ],
    )


def test_a_workbook_is_recorded(site: Site) -> None:
    """As a body under its own media type."""
    lot = site.add_lot("T-02")
    rows = lines(panel(lot))
    answer = post(site, workbook.write([("QC", rows)]), content_type=XLSX)
    assert (answer.status_code, answer.get_json()["recorded"][0]["verdict"]) == (201, "pass")


def test_the_rows_to_mend_are_linked_fetched_mended_and_sent_again(site: Site) -> None:
    """Of a file that was kept in part: the other lots' rows alone."""
    good, bad = site.add_lot("T-03"), site.add_lot("T-04")
    both = panel(good) + panel(bad, CD90="101").partition(b"\n")[2]
    answer = post(site, both, content_type="text/csv")
    link, _, rest = answer.headers["Link"].removeprefix("<").partition(">")
    assert (answer.status_code, rest) == (201, '; rel="related"; title="rows to mend"')
    fetched = get(site, link)
    rows = lines(fetched.data)
    assert fetched.headers["Content-Disposition"] == "attachment; filename=panel-to-mend.csv"
    assert {row[0] for row in rows[1:]} == {"T-04"}
    rows[2][2] = "99"
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    again = post(site, stream.getvalue().encode(), content_type="text/csv")
    assert (again.status_code, again.get_json()["errors"]) == (201, [])
    assert site.registry.lots.get(bad).verdict == "pass"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_of_which_nothing_was_kept_is_sent_for_its_rows(site: Site, form: str) -> None:
    """204 when there is nothing to mend."""
    lot = site.add_lot(f"T-05-{form}")
    size = site.registry.size()
    refused = post(site, panel(lot, CD73="101"), content_type="text/csv")
    assert (refused.status_code, refused.headers["Link"].partition(">")[0]) == (422, "</api/v1/panels/errors")
    mend = post(site, panel(lot, CD73="101"), f"/api/v1/panels/errors?form={form}", content_type="text/csv")
    assert (mend.status_code, mend.mimetype) == (200, {"csv": "text/csv", "xlsx": XLSX}[form])
    none = post(site, panel(lot), f"/api/v1/panels/errors?form={form}", content_type="text/csv")
    assert (none.status_code, none.data, site.registry.size()) == (204, b"", size)


def test_rows_to_mend_come_in_two_forms(site: Site) -> None:
    """Another is refused with them."""
    answer = post(site, panel("T-06", CD73="101"), "/api/v1/panels/errors?form=ods", content_type="text/csv")
    assert (answer.status_code, answer.get_json()["error"]["expected"]) == (400, "csv or xlsx")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_is_a_file_for_every_role(site: Site, form: str) -> None:
    """Named after the specification and its version."""
    answer = get(site, f"/specifications/msc-identity/1/template.{form}", "clinic")
    name = f"attachment; filename=msc-identity-1.{form}"
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, name)
    if form == "csv":
        assert lines(answer.data)[:2] == [["lot", "characteristic", "value", "unit"], ["", "CD73", "", "%"]]


def test_a_template_of_nothing_is_not_found(site: Site) -> None:
    """An unknown specification, an unknown version, an unknown form."""
    for path in ("/specifications/none/1/template.csv", "/specifications/msc-identity/99/template.csv"):
        assert get(site, path).status_code == 404
    assert get(site, "/specifications/msc-identity/1/template.ods").status_code == 404


def test_only_those_who_submit_mend(site: Site) -> None:
    """A clinician has no rows to mend."""
    assert get(site, f"/submissions/{site.good}/errors.csv", "clinic").status_code == 403
    assert post(site, panel("T-07"), "/api/v1/panels/errors", "clinic", content_type="text/csv").status_code == 403
    assert get(site, f"/submissions/{site.good}/errors.csv").status_code == 404


def test_a_person_fetches_the_rows_to_mend_from_the_report(site: Site) -> None:
    """As a link when the file is on record, as a button when nothing of it was kept."""
    lot, browser = site.add_lot("T-08"), site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get("/submit", headers=HTML).text), "do": "submit"}
    chosen = {"file": (io.BytesIO(panel(lot, CD73="101")), "p.csv")}
    refused = browser.post("/submit", headers=HTML, data=form | chosen, content_type="multipart/form-data")
    again = {"csrf": form["csrf"], "name": hidden(refused.text, "name"), "kept": hidden(refused.text, "kept")}
    mend = browser.post("/submit", headers=HTML, data={**again, "do": "mend-csv"})
    assert (mend.status_code, lines(mend.data)[1][:3]) == (200, [lot, "CD73", "101"])
    other = site.add_lot("T-09")
    both = panel(other) + panel(lot, CD73="102").partition(b"\n")[2]
    chosen = {"file": (io.BytesIO(both), "q.csv")}
    partly = browser.post("/submit", headers=HTML, data=form | chosen, content_type="multipart/form-data")
    link = re.search(r'href="(/submissions/[^"]+/errors\.csv)"', partly.text)
    assert link is not None
    assert [row[0] for row in lines(browser.get(link[1]).data)[1:]] == [lot] * 6


def test_a_specifications_page_leads_to_its_template(site: Site) -> None:
    """In both forms."""
    page = site.signed_in("clinic").get("/specifications/msc-identity/1", headers=HTML).text
    found = re.findall(r'href="([^"]+/template\.\w+)"', page)
    assert found == [f"/specifications/msc-identity/1/template.{form}" for form in ("csv", "xlsx")]
