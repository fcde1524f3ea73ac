"""A laboratory's own names through the browser and over HTTP: given a meaning, approved, and remembered."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.instruments import synthetic
from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden
from web.submissions import upload

KINDS = "kind,name,lot,stage,characteristic,parent,unit,value\r\n"
PE = KINDS + "column,CD73 PE,,,CD73,,%,\r\n"
FORM = {"content_type": "multipart/form-data", "headers": HTML}


def table(lot: str, value: str = "98.5") -> bytes:
    return f"lot,characteristic,value,unit\n{lot},CD73 PE,{value},%\n".encode()


def sent(page: str, form: str = "") -> dict[str, str]:
    """Every field of a form of the page as a browser would send it unchanged: hidden, typed and chosen."""
    found = page.partition(form)[2].partition("</form>")[0]
    fields = {}
    for tag in re.findall(r"<input [^>]+>", found):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in said and said.get("type") != "file" and (said.get("type") != "checkbox" or " checked" in tag):
            fields[said["name"]] = html.unescape(said.get("value", ""))
    for name, options in re.findall(r'<select [^>]*?name="([^"]+)"[^>]*>(.*?)</select>', found, re.DOTALL):
        chosen = re.search(r"<option(?: value=\"([^\"]*)\")? selected>([^<]*)", options)
        first = re.search(r"<option(?: value=\"([^\"]*)\")?>([^<]*)", options)
        one = chosen or first
        fields[name] = html.unescape(one[1] if one[1] is not None else one[2]) if one else ""
    return fields


def names(page: str) -> dict[str, str]:
    return sent(page, '<form id="names"')


def waiting(page: str) -> dict[str, str]:
    """The checked file as it waits in the page for the button that submits it."""
    return {key: hidden(page, key) for key in ("csrf", "name", "kept", "mapping", "checked", "read-with")}


def row(fields: dict[str, str], name: str) -> str:
    """The beginning of the fields of the row of this name."""
    return next(key.removesuffix("name") for key, value in fields.items() if key.endswith("-name") and value == name)


def check(browser: FlaskClient, data: bytes, name: str = "panel.csv", mapping: str = "", **more: Any) -> Any:
    form = {"csrf": csrf_of(browser.get("/submit", headers=HTML).text), "do": "check", "mapping": mapping}
    return browser.post("/submit", data={**form, "file": (io.BytesIO(data), name), **more}, **FORM)


def approve(site: Site, name: str, text: str = PE, draft_by: str = "lab.one") -> None:
    """A mapping drafted by the laboratory and approved on its page."""
    site.registry.mappings.drafts.draft(name, "ours.csv", text.encode(), account(site, draft_by))
    position = site.registry.mappings.drafts.waiting()[-1].position
    answer = sign(site, position)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/mappings/{name}")


def account(site: Site, name: str) -> Any:
    return next(one for one in site.registry.accounts.all() if one.name == name)


def sign(site: Site, position: int, **more: str) -> Any:
    browser = site.signed_in("quality")
    page = browser.get(f"/mappings/drafts/{position}", headers=HTML).text
    form = {"csrf": csrf_of(page), "name": "quality", "password": PASSWORD, "meaning": "I approve it.", **more}
    return browser.post(f"/mappings/drafts/{position}", data=form, headers=HTML)


def test_the_page_names_every_kind_of_file_that_is_read(site: Site) -> None:
    """No kind is left out of the help, and none is promised that is refused."""
    page = site.signed_in("lab.one").get("/submit", headers=HTML).text
    said = re.findall(
        r"\.[a-z]{3,6}\b", re.sub(r"<[^>]+>", " ", page.partition('id="drop"')[2].partition("Or paste")[0])
    )
    read = {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".ttl", ".jsonld", ".json", ".wsp", ".xml", ".fcs", ".lmd"}
    assert set(said) == read


def test_open_names_are_given_a_meaning_and_the_verdict_is_seen_before_anybody_approves_it(site: Site) -> None:
    """Rows are empty at first; the same file is checked with what is typed, and nothing of it is kept."""
    lot, browser, size = site.add_lot("M-01"), site.signed_in("lab.one"), site.registry.size()
    first = check(browser, table(lot))
    fields = names(first.text)
    at = row(fields, "CD73 PE")
    assert (first.status_code, fields[f"{at}characteristic"], fields[f"{at}printed"]) == (200, "CD73", "%")
    fields[f"{at}yes"] = "on"
    second = browser.post("/submit", data={**fields, "do": "check"}, **FORM)
    assert (second.status_code, site.registry.size()) == (200, size)
    assert f'aria-label="{lot}"' in second.text
    assert 'value="submit"' not in second.text
    assert sent(second.text, 'class="ask"') == {
        "csrf": fields["csrf"],
        "table": PE,
        "as": "",
    }
    assert names(second.text)[f"{row(names(second.text), 'CD73 PE')}characteristic"] == "CD73"


def test_what_a_name_most_likely_stands_for_counts_only_once_it_is_ticked(site: Site) -> None:
    """Sent back as it was filled in, the name stays open and nothing is judged by it; another word counts as typed."""
    lot, browser = site.add_lot("M-31"), site.signed_in("lab.one")
    fields = names(check(browser, table(lot)).text)
    at = row(fields, "CD73 PE")
    unasked = browser.post("/submit", data={**fields, "do": "check"}, **FORM).text
    assert ('class="ask"' in unasked, f'aria-label="{lot}"' in unasked) == (False, False)
    assert names(unasked)[f"{at}characteristic"] == "CD73"
    typed = browser.post("/submit", data={**fields, f"{at}characteristic": "CD90", "do": "check"}, **FORM).text
    assert ",CD90,," in sent(typed, 'class="ask"')["table"]
    ticked = browser.post("/submit", data={**fields, f"{at}yes": "on", "do": "check"}, **FORM).text
    assert (sent(ticked, 'class="ask"')["table"], f'aria-label="{lot}"' in ticked) == (PE, True)


def test_nothing_is_filled_in_for_a_name_that_says_more_than_its_marker(site: Site) -> None:
    """A negative fraction, a fluorescence, a repeat: told what it is near to, and left empty."""
    lot, browser = site.add_lot("M-32"), site.signed_in("lab.one")
    rows = "".join(f"{lot},{name},98,%\n" for name in ("CD73 MFI", "Repeat CD90"))
    page = check(browser, b"lot,characteristic,value,unit\n" + rows.encode()).text
    fields = names(page)
    assert [fields[f"{row(fields, name)}characteristic"] for name in ("CD73 MFI", "Repeat CD90")] == ["", ""]
    assert re.findall(r"Near to (\w+):", page) == ["CD73", "CD90"]


def test_another_mapping_that_knows_every_open_name_is_offered_and_never_taken(site: Site) -> None:
    """The chosen one knows none: its lines are not brought into the form, nor its name offered for the draft."""
    approve(site, "counter-9", PE.replace("CD73 PE", "Ratio 9").replace("CD73", "CD90"))
    approve(site, "flow-9", PE.replace("CD73 PE", "Marker 9"))
    lot, browser = site.add_lot("M-19"), site.signed_in("lab.one")
    data = table(lot).replace(b"CD73 PE", b"Marker 9")
    first = check(browser, data, mapping="counter-9").text
    said = "The approved mapping flow-9 knows every name that is open here. It was not used."
    assert (said in first, "Ratio 9" in first, sent(first, 'class="note">\n')["mapping"]) == (True, False, "flow-9")
    fields = names(first)
    fields[f"{row(fields, 'Marker 9')}characteristic"] = "CD73"
    drafted = browser.post("/submit", data={**fields, "do": "check"}, **FORM).text
    assert (fields["mapping"], sent(drafted, 'class="ask"')["as"]) == ("counter-9", "")
    other = check(browser, data, mapping="flow-9").text
    assert (said in other, f'aria-label="{lot}"' in other) == (False, True)


def test_what_cannot_be_meant_is_said_beside_its_row(site: Site) -> None:
    """What was typed stays, and the file is judged without it."""
    lot, browser = site.add_lot("M-02"), site.signed_in("lab.one")
    fields = names(check(browser, table(lot)).text)
    at = row(fields, "CD73 PE")
    wrong = browser.post("/submit", data={**fields, f"{at}characteristic": "CD79", "do": "check"}, **FORM)
    assert wrong.status_code == 422
    message = re.search(r'<span class="wrong" id="wrong-0"[^>]*>([^<]+)', wrong.text)
    assert message is not None
    assert message[1].startswith("CD79 does not say enough.")
    assert names(wrong.text)[f"{at}characteristic"] == "CD79"
    assert 'class="ask"' not in wrong.text


def test_a_draft_is_sent_signed_and_remembered(site: Site) -> None:
    """By the laboratory, by the quality unit; the laboratory's next submission finds it chosen."""
    lot, browser = site.add_lot("M-03"), site.signed_in("lab.one")
    fields = names(check(browser, table(lot)).text)
    fields[f"{row(fields, 'CD73 PE')}yes"] = "on"
    asking = sent(browser.post("/submit", data={**fields, "do": "check"}, **FORM).text, 'class="ask"')
    asked = browser.post("/mappings", data={**asking, "as": "stains", "do": "draft"}, headers=HTML)
    position = site.registry.mappings.drafts.waiting()[-1].position
    assert (asked.status_code, asked.headers["Location"]) == (303, f"/mappings/drafts/{position}")
    queue = site.signed_in("quality").get("/review", headers=HTML).text
    assert re.search(r'<a href="/mappings">1 draft of a mapping waits', queue)
    assert sign(site, position).headers["Location"] == "/mappings/stains"
    page = browser.get("/submit", headers=HTML).text
    assert sent(page, 'id="drop"')["mapping"] == "stains"
    assert "stains was drafted by you and approved on" in page
    checked = check(browser, table(lot), mapping="stains")
    done = browser.post("/submit", data={**waiting(checked.text), "do": "submit"}, **FORM)
    assert done.status_code == 201
    assert [one.label for one in site.registry.lots.get(lot).panels[0].results] == ["CD73"]
    assert "stains was used last by you on" in browser.get("/submit", headers=HTML).text
    assert sent(site.signed_in("quality").get("/submit", headers=HTML).text, 'id="drop"')["mapping"] == ""


def test_what_was_checked_is_what_is_submitted(site: Site) -> None:
    """Another file, or a mapping approved anew meanwhile, is refused; nothing is recorded."""
    lot, browser = site.add_lot("M-04"), site.signed_in("lab.one")
    approve(site, "moving")
    checked = check(browser, table(lot), mapping="moving").text
    form = waiting(checked)
    other = {**form, "kept": "bG90", "do": "submit"}
    assert browser.post("/submit", data=other, **FORM).status_code == 409
    approve(site, "moving", PE + "column,CD90 FITC,,,CD90,,%,\r\n")
    late = browser.post("/submit", data={**form, "do": "submit"}, **FORM)
    assert (late.status_code, "approved anew since the file was checked" in late.text) == (409, True)
    assert site.registry.lots.get(lot).panels == ()


def test_the_lines_of_a_chosen_mapping_are_filled_in_and_changed(site: Site) -> None:
    """Unchanged they are no draft; changed they are a whole new table, and what it drops is shown to who approves."""
    lot, browser = site.add_lot("M-05"), site.signed_in("lab.one")
    approve(site, "growing", PE + "setting,minimum events,,,,,,500\r\n")
    more = table(lot) + f"{lot},CD90 FITC,99,%\n".encode()
    fields = names(check(browser, more, mapping="growing").text)
    assert fields[f"{row(fields, 'CD73 PE')}characteristic"] == "CD73"
    same = browser.post("/submit", data={**fields, "do": "check"}, **FORM)
    assert ('class="ask"' in same.text, "Read with the mapping" in same.text) == (False, True)
    fields |= {f"{row(fields, 'CD90 FITC')}yes": "on", f"{row(fields, 'CD73 PE')}characteristic": ""}
    asking = sent(browser.post("/submit", data={**fields, "do": "check"}, **FORM).text, 'class="ask"')
    assert asking["as"] == "growing"
    assert asking["table"] == KINDS + "column,CD90 FITC,,,CD90,,%,\r\nsetting,minimum events,,,,,,500\r\n"
    page = browser.post("/mappings", data={**asking, "do": "draft"}, headers=HTML, follow_redirects=True).text
    said = re.findall(r"<tr><td>(\w+)</td>.*?<td>(?:<strong>)?([\w ]+)(?:</strong>)?</td></tr>", page)
    assert said == [("column", "new"), ("setting", "the same"), ("column", "left out by the draft")]


@pytest.mark.parametrize(
    ("lines", "notes"),
    [
        ("column,Viability (%),,,viability,,%,\r\n", ["No instrument"]),
        ("column,Viability (%),,,viability,,%,\r\nsetting,instrument,,,,,,Vi-CELL BLU\r\n", []),
        ("gate,CD73_pos,,,CD73,Live,,\r\n", ["No file of gates"]),
        (f"gate,CD73_pos,,,CD73,Live,,\r\nsetting,gates,,,,,,sha256:{'0' * 64}\r\n", []),
    ],
)
def test_whoever_approves_is_told_what_a_mapping_is_not_bound_to(site: Site, lines: str, notes: list[str]) -> None:
    """Gates drawn otherwise, or another instrument, give the same names another meaning."""
    data = (KINDS + lines).encode()
    receipt = site.registry.mappings.drafts.draft("bound", "ours.csv", data, account(site, "lab.one"))
    page = site.signed_in("quality").get(f"/mappings/drafts/{receipt.position}", headers=HTML).text
    assert re.findall(r'<p class="note">(No [a-z ]+?) is named', page) == notes


def test_a_draft_is_declined_with_a_reason_that_the_laboratory_reads(site: Site) -> None:
    """Without a reason it is not; with one it waits no more."""
    receipt = site.registry.mappings.drafts.draft("declined", "ours.csv", PE.encode(), account(site, "lab.one"))
    assert sign(site, receipt.position, do="decline", reason=" ").status_code == 400
    assert sign(site, receipt.position, do="decline", reason="Another channel.").status_code == 303
    page = site.signed_in("lab.one").get(f"/mappings/drafts/{receipt.position}", headers=HTML).text
    assert ("Another channel." in page, "Sign the approval" in page) == (True, False)
    assert sign(site, receipt.position).status_code == 409


def test_a_table_that_is_refused_stays_in_the_form(site: Site) -> None:
    """With what is wrong in each row; so does a name that cannot be one."""
    browser = site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get("/mappings", headers=HTML).text), "do": "draft", "as": "x"}
    answer = browser.post("/mappings", data={**form, "table": PE.replace(",CD73,,", ",CD999,,")}, headers=HTML)
    assert (answer.status_code, "column,CD73 PE,,,CD999,,%," in answer.text) == (422, True)
    assert "row 2, characteristic" in answer.text
    for wrong in ({"as": "a name", "table": PE}, {"table": ""}, {"as": "", "table": PE}):
        assert browser.post("/mappings", data={**form, **wrong}, headers=HTML).status_code == 400


def test_the_quality_unit_signs_a_mapping_of_its_own_and_nobody_else_does(site: Site) -> None:
    """As with ``cell-registry mapping add``."""
    form = {"as": "own", "table": PE, "name": "quality", "password": PASSWORD, "meaning": "I approve it."}
    for name, status in (("lab.one", 403), ("quality", 201)):
        answer = site.client().post("/mappings", data={**form, "name": name}, headers=site.bearer(name))
        assert answer.status_code == status
    assert site.registry.mappings.get("own").signed_by == "quality"


def test_a_program_learns_which_mappings_there_are(site: Site) -> None:
    """In force and before, with their lines, and the drafts."""
    approve(site, "listed")
    said = site.client().get("/mappings.json", headers=site.bearer("inspector")).get_json()
    assert [(one["drafted_by"], one["newest"]) for one in said["mappings"] if one["name"] == "listed"] == [
        ("lab.one", True)
    ]
    assert [one["state"] for one in said["drafts"] if one["name"] == "listed"] == ["approved"]
    (line,) = site.client().get("/mappings/listed", headers=site.bearer("lab.one")).get_json()["lines"]
    assert (line["name"], line["characteristic"]) == ("CD73 PE", "CD73")


def test_a_program_names_the_mapping(site: Site) -> None:
    """As a form's field or in the address; without it the name is refused; one that there is not is not found."""
    approve(site, "api")
    lot, other, asked = site.add_lot("M-06"), site.add_lot("M-07"), "/api/v1/panels?mapping=api"
    headers = site.bearer("lab.one")
    refused = site.client().post("/api/v1/panels", data=table(lot), content_type="text/csv", headers=headers)
    assert (refused.status_code, refused.get_json()["errors"][0]["found"]) == (422, "CD73 PE")
    body = site.client().post(asked, data=table(lot), content_type="text/csv", headers=headers)
    form = {"file": (io.BytesIO(table(other)), "other.csv"), "mapping": "api"}
    field = site.client().post("/api/v1/panels", data=form, headers=headers)
    assert [answer.status_code for answer in (body, field)] == [201, 201]
    for path in ("/api/v1/panels?mapping=none", "/api/v1/panels/errors?mapping=none"):
        unknown = site.client().post(path, data=table(lot), content_type="text/csv", headers=headers)
        assert (unknown.status_code, unknown.get_json()["error"]["message"]) == (404, "No mapping is called none.")
    mend = site.client().post(
        "/api/v1/panels/errors?mapping=api", data=table(lot), content_type="text/csv", headers=headers
    )
    assert mend.status_code == 204


def test_the_submit_page_answers_a_program_as_the_other_verbs_do(site: Site) -> None:
    """A preview or a receipt as JSON."""
    lot, headers = site.add_lot("M-08"), site.bearer("lab.one")
    form = {"file": (io.BytesIO(table(lot)), "panel.csv"), "do": "check"}
    said = site.client().post("/submit", data=form, headers=headers)
    assert (said.status_code, said.get_json()["open_names"][0]["name"]) == (200, "CD73 PE")
    data = table(lot).replace(b" PE", b"")
    receipt = site.client().post("/submit", data={"file": (io.BytesIO(data), "panel.csv")}, headers=headers)
    assert (receipt.status_code, receipt.get_json()["recorded"][0]["lot"]) == (201, lot)


def test_the_rows_to_mend_of_a_file_are_those_its_mapping_leaves(site: Site) -> None:
    """Also when they are fetched of a submission on record."""
    approve(site, "mending")
    good, bad, headers = site.add_lot("M-09"), site.add_lot("M-10"), site.bearer("lab.one")
    both = table(good) + table(bad, "101").partition(b"\n")[2]
    path = "/api/v1/panels?mapping=mending"
    answer = site.client().post(path, data=both, content_type="text/csv", headers=headers)
    link = answer.headers["Link"].removeprefix("<").partition(">")[0]
    rows = site.client().get(link, headers={**headers, "Accept": "*/*"}).data.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in rows[1:]] == [bad]


def test_a_counters_export_is_mapped_and_submitted(site: Site) -> None:
    """Its rows are nobody's to mend; a pattern serves every sample of that name."""
    lot, browser = site.add_lot("M-11"), site.signed_in("lab.one")
    data = synthetic.blu(synthetic.blu_row(f"{lot} thaw"))
    first = check(browser, data, "export.csv")
    fields = names(first.text)
    assert 'value="mend-csv"' not in first.text
    fields |= {f"{row(fields, 'Viability (%)')}characteristic": "viability by trypan blue"}
    sample = row(fields, f"{lot} thaw")
    fields |= {f"{sample}name": "M-* thaw", f"{sample}lot": "M-*", f"{sample}stage": "after thaw"}
    fields |= {f"{row(fields, 'instrument')}value": "Vi-CELL BLU"}
    asking = sent(browser.post("/submit", data={**fields, "do": "check"}, **FORM).text, 'class="ask"')
    approve(site, "vi-cell", asking["table"])
    headers = site.bearer("lab.one")
    form = {"file": (io.BytesIO(data), "export.csv"), "mapping": "vi-cell"}
    receipt = site.client().post("/api/v1/panels", data=form, headers=headers).get_json()
    assert [(line["lot"], line["stage"]) for line in receipt["recorded"]] == [(lot, "after thaw")]


def test_events_are_read_with_gates_and_a_mapping(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too large to wait in the page, the file is asked for again; gates and mapping wait."""
    monkeypatch.setattr(upload, "KEPT", 100_000)
    lot, browser = site.add_lot("E-01"), site.signed_in("lab.one")
    data, gates = synthetic.msc(), synthetic.gates()
    alone = check(browser, data, "E-01.fcs")
    assert (alone.status_code, '<a href="#gates">' in alone.text) == (400, True)
    approve(site, "flow", synthetic.FLOW_MAPPING.decode())
    checked = check(browser, data, "E-01.fcs", "flow", gates=(io.BytesIO(gates), "gates.xml"))
    assert (checked.status_code, "choose E-01.fcs again" in checked.text) == (200, True)
    form = {key: hidden(checked.text, key) for key in ("csrf", "mapping", "gates-name", "kept-gates", "checked")}
    done = browser.post("/submit", data={**form, "do": "submit", "file": (io.BytesIO(data), "E-01.fcs")}, **FORM)
    assert done.status_code == 201
    (panel,) = site.registry.lots.get(lot).panels
    assert [one.label for one in panel.results] == ["CD90", "CD73", "CD105", "CD45", "CD34", "HLA-DR"]
    headers = site.bearer("lab.one")
    again = {"file": (io.BytesIO(data), "E-01.fcs"), "gates": (io.BytesIO(gates), "gates.xml"), "mapping": "flow"}
    assert site.client().post("/api/v1/panels", data=again, headers=headers).get_json()["repeated"] is True


def test_gates_beside_a_table_are_refused(site: Site) -> None:
    """In the same words as elsewhere."""
    form = {"file": (io.BytesIO(table("M-01")), "panel.csv"), "gates": (io.BytesIO(b"<x/>"), "gates.xml")}
    answer = site.client().post("/api/v1/panels", data=form, headers=site.bearer("lab.one"))
    assert (answer.status_code, answer.get_json()["error"]["expected"]) == (400, "gates beside FCS files only")


@pytest.mark.parametrize("path", ["/mappings/none", "/mappings/drafts/1", "/mappings/drafts/999999"])
def test_what_there_is_not_is_not_found(site: Site, path: str) -> None:
    """A mapping, a draft, an entry that is no draft."""
    assert site.signed_in("lab.one").get(path, headers=HTML).status_code == 404
