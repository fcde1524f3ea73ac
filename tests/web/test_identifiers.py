"""What others call a lot, on its page and for programs; and the box that opens the lot that it is recorded for."""

from __future__ import annotations

import html
import re

from tests.web.conftest import HTML, Site

ADDRESS = "/identifiers/lot/H-03"
DIN = "W0000164281751"
LISTED = re.compile(r"<dt>Called by others</dt><dd>(.*?)</dd>", re.DOTALL)


def listed(page: str) -> str:
    """What a page says that others call it, without its marks."""
    (line,) = LISTED.findall(page)
    return html.unescape(re.sub(r"<[^>]+>", "", line))


def test_an_identifier_is_recorded_in_a_form_shown_and_withdrawn(site: Site) -> None:
    """On the lot's page and in its JSON; the clinic reads it, and the box opens the lot by it, typed or scanned."""
    browser = site.signed_in("lab.one")
    page = browser.get(ADDRESS, headers=HTML).text
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    answer = browser.post(ADDRESS, data={"csrf": token, "scheme": "din", "text": DIN}, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, ADDRESS)
    clinic = site.signed_in("clinic")
    assert listed(clinic.get("/lots/H-03", headers=HTML).text) == "ISBT 128 donation number: W000016428175"
    (known,) = clinic.get("/lots/H-03.json").get_json()["identifiers"]
    assert (known["scheme"], known["label"], known["text"], known["actor"]) == (
        "din", "ISBT 128 donation number", "W000016428175", "lab.one",
    )  # fmt: skip
    for text in (DIN, "=W00001642817500", "w0000 16 428175 00 1"):
        opened = clinic.get("/lots", query_string={"q": text}, headers=HTML)
        assert (opened.status_code, opened.headers["Location"]) == (303, "/lots/H-03")
    data = {"csrf": token, "withdraws": str(known["position"]), "reason": "It is another donation's."}
    assert browser.post(ADDRESS, data=data, headers=HTML).status_code == 303
    assert clinic.get("/lots/H-03.json").get_json()["identifiers"] == []


def test_a_program_records_and_withdraws_by_the_same_address(site: Site) -> None:
    """201 with its receipt; a refusal is the envelope, and names the field."""
    program = site.client()
    made = program.post(ADDRESS, data={"scheme": "house", "text": "24/0117"}, headers=site.bearer("lab.one"))
    receipt = made.get_json()
    assert (made.status_code, receipt["kind"], receipt["id"]) == (201, "identifier", "H-03")
    again = program.post(ADDRESS, data={"scheme": "house", "text": "24/0117"}, headers=site.bearer("lab.one"))
    told = again.get_json()["error"]
    assert (again.status_code, told["message"], told["where"]) == (
        409, "This identifier is on record for lot H-03 already.", "text",
    )  # fmt: skip
    wrong = program.post(ADDRESS, data={"withdraws": "x", "reason": "A slip."}, headers=site.bearer("lab.one"))
    assert (wrong.status_code, wrong.get_json()["error"]["where"]) == (400, "withdraws")
    data = {"withdraws": receipt["position"], "reason": "A slip."}
    gone = program.post(ADDRESS, data=data, headers=site.bearer("lab.one"))
    assert (gone.status_code, gone.get_json()["kind"]) == (201, "identifier-withdrawal")


def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(site: Site) -> None:
    """A wrong check character."""
    browser = site.signed_in("lab.one")
    token = re.findall(r'name="csrf" value="([^"]+)"', browser.get(ADDRESS, headers=HTML).text)[0]
    typed = {"csrf": token, "scheme": "din", "text": "W0000164281752"}
    answer = browser.post(ADDRESS, data=typed, headers=HTML)
    said = re.findall(r'<h2 id="refusal-title">(.*?)</h2>', answer.text)
    assert (answer.status_code, said) == (400, ["The check character of this donation identification number is wrong."])
    assert re.findall(r'id="text" name="text" value="([^"]*)"', answer.text) == ["W0000164281752"]
