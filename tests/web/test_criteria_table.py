"""A specification written in the table editor: the same table, with what the check says beneath each row."""

from __future__ import annotations

import base64
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import HTML, Site, hidden
from tests.web.specified import draft, ours
from web.specifications.criteria_table import of_text, text_of


@pytest.fixture
def drafter(site: Site) -> FlaskClient:
    """A member of the quality unit, signed in."""
    return site.signed_in("quality")


def fields(page: str) -> dict[str, str]:
    """The editor's fields as a browser would send them."""
    form = page.partition('<form id="criteria"')[2].partition("</form>")[0]
    named = {name: unescape(value) for name, value in re.findall(r'<input[^>]*? name="([^"]+)" value="([^"]*)"', form)}
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected>', options)
        named[name] = unescape(chosen[1]) if chosen else ""
    return named


def sent(browser: FlaskClient, form: dict[str, str], **changed: str) -> tuple[int, str]:
    """The status and the page that answer the editor with some fields changed."""
    answer = browser.post("/drafts/new", headers=HTML, data={**form, "do": "check", **changed})
    return answer.status_code, answer.text


def test_a_table_is_the_same_after_the_form_has_said_it() -> None:
    """Facts, markers left out with their reason, criteria; what the form has no field for is not taken apart."""
    text = 'specification,a\nversion,1\nleaves out,CD19,"Not here, ever."\n\nid,characteristic,operator,limit,unit\n'
    text += "cd73,CD73,>=,95,%\n"
    read = of_text(text)
    assert read is not None
    assert (read.left_out, read.rows[0].cells["limit"]) == ([("CD19", "Not here, ever.")], "95")
    assert [row.number for row in read.rows] == [6]
    again = of_text(text_of(read))
    assert again is not None
    assert (again.facts, again.left_out, again.rows[0].cells) == (read.facts, read.left_out, read.rows[0].cells)
    assert of_text(text.replace("limit,unit", "limit,colour")) is None
    assert of_text(text.replace("version,1", "version,1,beyond")) is None
    assert of_text("specification,a\n") is None


def test_what_is_typed_becomes_the_table_that_is_signed(site: Site, drafter: FlaskClient) -> None:
    """A limit changed in its cell; the check's bytes hold it, and its words say it."""
    draft(site, ours(name="edited"))
    form = fields(drafter.get("/drafts/new?from=edited@1", headers=HTML).text)
    row = next(name for name, value in form.items() if name.endswith("-characteristic") and value == "CD73")[:-15]
    status, page = sent(drafter, form, **{f"{row}-limit": "97"})
    assert status == 200
    assert "cd73,CD73,>=,97,%" in base64.b64decode(hidden(page, "kept")).decode()
    note = page.partition(f'id="note-{row[4:]}"')[2].partition("</div>")[0]
    assert "CD73 must be at least 97 %." in note
    assert "What it would change" in page


def test_a_sentence_of_an_earlier_limit_is_left_behind_when_the_limit_changes(site: Site, drafter: FlaskClient) -> None:
    """Unchanged limits keep the author's own words; a changed one is said anew."""
    text = (
        "specification,worded\nversion,1\ntitle,Worded\nsource,here\n\nid,characteristic,operator,limit,unit,message\n"
        "cd73,CD73,>=,95,%,CD73 on at least 95 % of the cells.\ncd90,CD90,>=,95,%,CD90 on at least 95 % of the cells.\n"
    )
    draft(site, text)
    form = fields(drafter.get("/drafts/new?from=worded@1", headers=HTML).text)
    _status, page = sent(drafter, form, **{"row-0-limit": "90"})
    kept = base64.b64decode(hidden(page, "kept")).decode()
    assert ("CD73 on at least 95" in kept, "CD90 on at least 95 % of the cells." in kept) == (False, True)
    assert "CD73 must be at least 90 %." in page


def test_what_is_wrong_and_what_lint_says_stand_beneath_their_row(site: Site, drafter: FlaskClient) -> None:
    """A characteristic that nobody knows, a limit that is weaker than the standard's."""
    draft(site, ours(name="beneath"))
    form = fields(drafter.get("/drafts/new?from=beneath@1", headers=HTML).text)
    weak = next(name for name, value in form.items() if name.endswith("-characteristic") and value == "CD34")[4:-15]
    _status, page = sent(drafter, form, **{f"row-{weak}-limit": "5"})
    assert "CD34: at most 5 % is weaker" in page.partition(f'id="note-{weak}"')[2].partition("</div>")[0]
    status, page = sent(drafter, form, **{f"row-{weak}-characteristic": "CD79"})
    assert status == 422
    assert re.search(rf'name="row-{weak}-characteristic"[^>]*aria-invalid="true"', page)
    assert "CD79" in page.partition(f'id="note-{weak}"')[2].partition("</div>")[0]


def test_an_emptied_row_is_left_out_and_a_row_without_an_id_is_given_one(site: Site, drafter: FlaskClient) -> None:
    """A new criterion needs no id typed."""
    draft(site, ours(name="rows"))
    form = fields(drafter.get("/drafts/new?from=rows@1", headers=HTML).text)
    first = {name: "" for name in form if name.startswith("row-0-")}
    free = max(int(name.split("-")[1]) for name in form if name.endswith("-characteristic"))
    new = {
        f"row-{free}-characteristic": "CD166",
        f"row-{free}-operator": ">=",
        f"row-{free}-limit": "95",
        f"row-{free}-unit": "%",
    }
    _status, page = sent(drafter, {**form, **first}, **new)
    kept = base64.b64decode(hidden(page, "kept")).decode()
    assert ("\ncd73," in kept, "\ncd166,CD166,>=,95,%" in kept) == (False, True)
