"""Paper over HTTP: looking is a preview, printing is a form, and both are what the registry draws."""

from __future__ import annotations

import hashlib
import re

import pytest

from tests.paper.reading import pages, scanned
from tests.people import account_of
from tests.web.conftest import HTML, Site, csrf_of


def test_a_preview_is_marked_and_not_entered(site: Site) -> None:
    size = site.registry.size()
    answer = site.signed_in("clinic").get("/certificates/pdf/H-03", headers=HTML)
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "application/pdf", "inline; filename=certificate-H-03.pdf",
    )  # fmt: skip
    assert [("Preview, not recorded. Not for use." in text) for text in pages(answer.data)] == [True, True]
    assert site.registry.size() == size


def test_a_print_is_a_form_and_is_entered_under_who_sent_it(site: Site) -> None:
    client = site.signed_in("clinic")
    csrf = csrf_of(client.get("/paper/H-03", headers=HTML).text)
    answer = client.post("/certificates/pdf/H-03", headers=HTML, data={"csrf": csrf, "paper": "letter"})
    entry = site.registry.ledger.entry(int(answer.headers["Ledger-Entry"]))
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (
        200, "attachment; filename=certificate-H-03.pdf",
    )  # fmt: skip
    assert (entry.kind, entry.actor, entry.details["what"]) == ("print", "clinic", "certificate as pdf, letter")
    assert entry.details["digest"] == "sha256:" + hashlib.sha256(answer.data).hexdigest()
    assert "Preview" not in " ".join(pages(answer.data))


def test_a_print_that_another_site_asks_for_is_refused(site: Site) -> None:
    """Without the session's token nothing is entered."""
    client, size = site.signed_in("clinic"), site.registry.size()
    assert client.post("/certificates/pdf/H-03", headers=HTML, data={"paper": "a4"}).status_code == 403
    assert site.registry.size() == size


def test_a_program_prints_with_its_token(site: Site) -> None:
    answer = site.client().post("/labels/pdf/A%2F1%20%237", headers=site.bearer("lab.one"), data={"size": "100x50"})
    assert scanned(answer.data) == ["A/1 #7"]
    assert site.registry.lots.history("A/1 #7")[-1].summary == "Printed for A/1 #7: label 100x50 of the lot as pdf"


@pytest.mark.parametrize("size", ["50x25", "100x50"])
def test_a_labels_picture_scans(site: Site, size: str) -> None:
    answer = site.signed_in("clinic").get(f"/labels/png/H-03?size={size}", headers=HTML)
    assert (answer.mimetype, scanned(answer.data)) == ("image/png", ["H-03"])


def test_a_scanned_label_leads_to_the_lots_page(site: Site) -> None:
    client = site.signed_in("clinic")
    (text,) = scanned(client.get("/labels/png/H-03", headers=HTML).data)
    found = client.get("/lots", query_string={"q": text}, headers=HTML)
    assert (found.status_code, found.headers["Location"]) == (303, "/lots/H-03")


def test_a_certificate_as_a_page_lets_exactly_its_own_style_through(site: Site) -> None:
    """No script, no other style: the policy names the digest of the one style element."""
    answer = site.signed_in("clinic").get("/certificates/html/A%2F1%20%237", headers=HTML)
    assert re.findall(r"<(script|link|img|iframe)", answer.text) == []
    assert re.fullmatch(
        r"default-src 'none'; .*'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='",
        answer.headers["Content-Security-Policy"],
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_the_lots_page_leads_to_its_paper(site: Site) -> None:
    assert 'href="/paper/H-03"' in site.signed_in("clinic").get("/lots/H-03", headers=HTML).text


def test_the_page_of_a_lot_that_nobody_released_offers_a_report(site: Site) -> None:
    page = site.signed_in("quality").get("/paper/H-04", headers=HTML).text
    assert "<h1>Report and labels of H-04</h1>" in page
    assert "it has no certificate" in page


def test_who_may_not_print_is_offered_no_form(site: Site) -> None:
    page = site.signed_in("analyst").get("/paper/H-03", headers=HTML).text
    assert re.findall(r'<form method="post" action="/(certificates|labels)', page) == []


def test_without_the_extras_nobody_is_offered_what_cannot_be_made(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinician installs nothing: the page says whom to ask, and the certificate as a page needs no extra."""
    monkeypatch.setattr("registry.paper.ready", lambda: False)
    monkeypatch.setattr("registry.paper.html.can_draw", lambda: False)
    browser = site.signed_in("clinic")
    page = browser.get("/paper/H-03", headers=HTML).text
    assert "Ask your administrator" in page
    assert re.findall(r'"(/(?:certificates|labels)/[^"]+)"', page) == ["/certificates/html/H-03"]
    certificate = browser.get("/certificates/html/H-03", headers=HTML)
    assert (certificate.status_code, "<svg" in certificate.text) == (200, False)
    assert "Its state now: <code>https://registry.example/lots/H-03</code>" in certificate.text


def test_the_prints_are_data_too(site: Site) -> None:
    site.registry.printing.labels("H-05", by=account_of(site.registry, "lab.one"))
    found = site.client().get("/paper/H-05.json", headers=site.bearer("inspector")).get_json()
    assert [(one["what"], one["actor"]) for one in found["prints"]] == [("label 50x25 of the lot as pdf", "lab.one")]


@pytest.mark.parametrize("given", ["0", "-1", "three", "2001"])
def test_a_count_of_containers_that_is_none_is_refused(site: Site, given: str) -> None:
    answer = site.client().post("/labels/pdf/H-03", headers=site.bearer("lab.one"), data={"containers": given})
    assert (answer.status_code, answer.get_json()["error"]["found"]) == (400, given)


def test_a_refused_form_keeps_what_was_filled_in(site: Site) -> None:
    """More containers than there are: the refusal stands above the form, which leads on without typing it all again."""
    site.add_lot("L-12", containers=12)
    browser = site.signed_in("lab.one")
    csrf = csrf_of(browser.get("/paper/L-12", headers=HTML).text)
    form = {"csrf": csrf, "size": "100x50", "sheet": "a4", "containers": "13"}
    answer = browser.post("/labels/pdf/L-12", headers=HTML, data=form)
    assert answer.status_code == 400
    assert re.findall(r'<h2 id="refusal-title">(.*?)</h2>', answer.text) == [
        "There are not so many containers to label."
    ]
    assert re.findall(r'<option value="(\w+)" selected>', answer.text) == ["100x50", "a4"]
    assert 'max="12" value="13" aria-invalid="true"' in answer.text
    accepted = browser.post("/labels/pdf/L-12", headers=HTML, data={**form, "containers": "12"})
    assert (accepted.status_code, accepted.mimetype) == (200, "application/pdf")
