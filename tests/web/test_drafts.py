"""A specification is checked as often as one likes, and kept as a draft, signed: the very bytes that were checked."""

from __future__ import annotations

import base64
import io
import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import HOSTILE, HTML, PASSWORD, Site, hidden
from tests.web.specified import check, draft, keep, ours, rows, typed


def test_a_wrong_cell_is_named_beside_its_row_and_nothing_is_lost(site: Site, drafter: FlaskClient) -> None:
    """422, the table as it was sent in the form; mended there it is checked again, and nothing was kept meanwhile."""
    size = site.registry.size()
    answer = check(drafter, ours().replace("cd105,CD105", "cd105,CD79"), base="isct-2006@1")
    assert (answer.status_code, site.registry.size()) == (422, size)
    assert rows(answer.text) == [
        ["11", "characteristic", "CD79", "CD79 does not say enough. CD79 is two chains, alpha and beta.\n"
         "Expected: CD79a or CD79b", "cd105 | CD79 | >= | 95 | %"],
    ]  # fmt: skip
    assert typed(answer.text) == ours().replace("cd105,CD105", "cd105,CD79")
    assert (hidden(answer.text, "base"), "Keep as a draft" in answer.text) == ("isct-2006@1", False)


def test_the_lines_of_a_yaml_table_are_named_too(drafter: FlaskClient) -> None:
    """Row numbers are lines there."""
    text = "specification: ours\nversion: 1\ntitle: Ours\nsource: here\nrounding: sometimes\ncriteria:\n"
    answer = check(drafter, text + '- {id: cd73, characteristic: CD73, operator: ">=", limit: 95, unit: "%"}\n')
    assert [(row[0], row[1], row[4]) for row in rows(answer.text)] == [("5", "rounding", "rounding: sometimes")]


def test_a_checked_table_is_kept_signed_as_it_was_checked(site: Site, drafter: FlaskClient) -> None:
    """The very bytes that were checked; a wrong password keeps nothing, and the check stays on the page."""
    text = ours(name="kept", cd34="5")
    checked = check(drafter, "", file=(io.BytesIO(text.encode()), "kept.csv"))
    assert (checked.status_code, base64.b64decode(hidden(checked.text, "kept"))) == (200, text.encode())
    assert "CD34: at most 5 % is weaker than the 2 % of ISCT 2006." in checked.text
    refused = keep(drafter, checked.text, password="no")
    assert (refused.status_code, len(rows(refused.text)), site.registry.specifications.drafted()) == (401, 6, [])
    answer = keep(drafter, refused.text)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/specifications/kept/1?done=1")
    assert (site.registry.specifications.drafted()[-1].id, site.registry.specifications.drafted()[-1].drafted_by) == (
        "kept",
        "quality",
    )
    page = drafter.get("/specifications/kept/1?done=1", headers=HTML).text
    assert "You drafted it: another member signs." in page
    assert "What it would change" in page
    assert 'action="/approve"' not in page


def test_a_workbook_is_checked_and_kept_as_well(site: Site, drafter: FlaskClient) -> None:
    """What cannot be mended in the page is mended where it is kept."""
    one = site.registry.specifications.check("ours.csv", ours(name="book").encode(), name="quality").specification
    assert one is not None
    data = site.registry.specifications.table(one, "xlsx")[1]
    checked = check(drafter, "", file=(io.BytesIO(data), "book.xlsx"))
    assert ("Mend the workbook where you keep it" in checked.text, checked.status_code) == (True, 200)
    assert keep(drafter, checked.text).status_code == 303
    assert site.registry.specifications.get("book").drafted_by == "quality"


def test_what_stands_in_the_way_is_said_before_anything_is_signed(site: Site, drafter: FlaskClient) -> None:
    """A version that stands already: there is no form to sign; the next number has one, and shows what changes."""
    draft(site, ours(name="again"))
    same = check(drafter, ours(name="again"))
    assert "again version 1 stands already, and a specification is never edited." in same.text
    assert 'name="password"' not in same.text
    new = check(drafter, ours(2, name="again", cd34="5", cd73="97"))
    assert re.findall(r'<section class="difference ([\w-]+)"', new.text) == ["looser", "stricter"]
    assert 'name="password"' in new.text
    other = check(drafter, "", kept=hidden(new.text, "kept"), file_name="pasted.csv", base="msc-identity@1")
    assert ">msc-identity, version 1</a>" in other.text


def test_a_hostile_table_is_shown_as_text(site: Site, drafter: FlaskClient) -> None:
    """In the check, on its own page and in every list: nothing of it becomes a part of the page."""
    text = ours(name="hostile", cd34="5").replace("title,Ours", f'title,"{HOSTILE.replace(chr(34), chr(34) * 2)}"')
    text = text.replace("QP-017", HOSTILE.replace('"', '""')).replace("unit\n", "unit,note\n")
    checked = check(drafter, text.replace("cd73,CD73,>=,95,%", "cd73,CD73,>=,95,%,<script>x</script>"))
    assert keep(drafter, checked.text).status_code == 303
    paths = ("/specifications/hostile/1", "/specifications", "/drafts", "/drafts/new", "/approve/POI-M",
             "/specifications/hostile/1/difference?from=msc-identity@1")  # fmt: skip
    pages = [checked.text, *(drafter.get(path, headers=HTML).text for path in paths)]
    assert [("hostile" in page, "<script>" in page.partition("<main")[2]) for page in pages] == [(True, False)] * 7


def test_two_at_once_keep_one_of_them(site: Site, drafter: FlaskClient) -> None:
    """Drafted meanwhile by another member: the refusal says so, above the check as it is now."""
    checked = check(drafter, ours(name="race")).text
    draft(site, ours(name="race"))
    answer = keep(drafter, checked)
    assert (answer.status_code, answer.text.count("race version 1 stands already")) == (409, 2)


@pytest.mark.parametrize(
    ("sent", "status", "words", "kept"),
    [
        ({}, 400, "No file was chosen and no table was pasted.", ""),
        ({"pasted": "x", "file": (io.BytesIO(b"y"), "y.csv")}, 400, "Both a file and a pasted table were sent.", ""),
        ({"kept": "%%%", "file_name": "a.csv"}, 400, "The checked file did not arrive whole.", ""),
        ({"file": (io.BytesIO(b"GIF89a"), "gel.gif")}, 415, "This is no table of a specification.", ""),
        ({"file": (io.BytesIO(b"title,Ours"), "a.csv")}, 422, "The table has no criterion.", "title,Ours"),
        ({"pasted": "specification,ours"}, 422, "The table has no criterion.", ""),
        ({"pasted": ours(), "base": "none@1"}, 404, "There is no such specification here.", ""),
    ],
)
def test_what_cannot_be_read_is_refused_and_stays_in_the_form(
    site: Site, drafter: FlaskClient, sent: dict[str, object], status: int, words: str, kept: str
) -> None:
    """With the field named; nothing typed is lost, a file's text neither."""
    size = site.registry.size()
    answer = check(drafter, **sent)  # type: ignore[arg-type]
    assert (answer.status_code, words in answer.text, site.registry.size()) == (status, True, size)
    assert typed(answer.text) == sent.get("pasted", kept)


def test_a_new_version_begins_with_the_old_table(site: Site, drafter: FlaskClient) -> None:
    """Under the next number, and compared with the old one when it is checked."""
    draft(site, ours(name="old"))
    page = drafter.get("/drafts/new?from=old@1", headers=HTML).text
    assert typed(page).split("\n")[:2] == ["specification,old", "version,2"]
    assert 'value="old@1" selected' in page
    unknown = drafter.get("/drafts/new?from=none@1", headers=HTML)
    assert unknown.status_code == 404


def test_a_program_checks_and_drafts_as_well(site: Site) -> None:
    """The check as data, 422 with wrong cells; the draft's receipt is signed with name and password."""
    ask, headers = site.client().post, site.bearer("quality")
    wrong = ask("/drafts/new", headers=headers, data={"pasted": ours(name="prog", cd73="many"), "do": "check"})
    assert (wrong.status_code, [row["column"] for row in wrong.get_json()["errors"]]) == (422, ["limit"])
    fine = {"pasted": ours(name="prog"), "do": "check"}
    checked = ask("/drafts/new", headers=headers, data=fine).get_json()
    assert [(item["code"], item["criterion"]) for item in checked.pop("findings")] == [
        ("missing-source", name) for name in ("cd73", "cd90", "cd105", "cd45", "cd34", "mhc-ii")
    ]
    assert checked == {
        "specification": {"id": "prog", "version": "1"}, "base": None, "errors": [], "obstacles": [], "differences": [],
    }  # fmt: skip
    signed = {**fine, "do": "draft", "name": "quality", "password": PASSWORD}
    answer = ask("/drafts/new", headers=headers, data=signed)
    assert (answer.status_code, answer.get_json()["id"]) == (201, "prog version 1")
    again = ask("/drafts/new", headers=headers, data=signed)
    assert (again.status_code, again.get_json()["error"]["kind"]) == (409, "Conflict")
    listed = site.client().get("/drafts", headers=site.bearer("inspector")).get_json()["drafts"][0]
    assert (listed["draft"]["id"], listed["state"]) == ("prog", "waiting")


def test_drafts_that_wait_are_told_to_the_quality_unit(site: Site, drafter: FlaskClient, second: FlaskClient) -> None:
    """At the top of the list: whose they are; a clinician is told nothing of them."""
    draft(site, ours(name="waits"))
    count = len(site.registry.specifications.waiting())
    mine, theirs = (browser.get("/specifications", headers=HTML).text for browser in (drafter, second))
    assert f"{count} drafts wait for a second person" in mine
    line = re.compile(r'<span class="id">waits 1</span>, ([^<]+)</li>')
    assert (line.findall(mine), line.findall(theirs)) == (
        ["drafted by you: another member signs"],
        ["drafted by quality"],
    )
    assert "for a second person" not in site.signed_in("clinic").get("/specifications", headers=HTML).text
