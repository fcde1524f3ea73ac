"""A specification is approved by a second person, who reads first what changes for the product's lots."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden
from tests.web.specified import draft, ours, rows


def approve(browser: FlaskClient, page: str, **more: str) -> TestResponse:
    """Sign on the page that shows what an approval changes."""
    form = {name: hidden(page, name) for name in ("csrf", "specification", "seen")}
    signed = {"meaning": "I approve.", "name": "second", "password": PASSWORD}
    return browser.post("/approve/POI-M", headers=HTML, data={**form, **signed, **more})


def test_who_drafted_it_is_told_before_signing_that_another_signs(site: Site, drafter: FlaskClient) -> None:
    """No password is asked for; a signature sent all the same is refused."""
    draft(site, ours(name="mine"))
    page = drafter.get("/approve/POI-M?specification=mine@1", headers=HTML).text
    assert "quality drafted mine version 1: another member of the quality unit approves it." in page
    assert 'name="password"' not in page
    seen = str(site.registry.specifications.review("POI-M", "mine", "1", "quality").seen)
    form = {"csrf": csrf_of(drafter.get("/drafts/new", headers=HTML).text), "specification": "mine@1", "seen": seen,
            "meaning": "I approve.", "name": "quality", "password": PASSWORD}  # fmt: skip
    assert drafter.post("/approve/POI-M", headers=HTML, data=form).status_code == 409


def test_a_second_member_reads_what_changes_and_approves(site: Site, second: FlaskClient) -> None:
    """From the draft's page by the product to what is looser, then the signature."""
    why = "Adipose cells keep this marker through two passages, as that trial has shown: doi 10.5966/sctm.2015-0245"
    text = ours(name="next").replace("limit,unit\n", "limit,unit,justification\n")
    draft(site, text.replace("cd34,CD34,<=,2,%", f'cd34,CD34,<=,5,%,"{why}"'))
    assert 'action="/approve"' in second.get("/specifications/next/1", headers=HTML).text
    step = second.get("/approve?product=POI-M&specification=next@1", headers=HTML)
    assert (step.status_code, step.headers["Location"]) == (303, "/approve/POI-M?specification=next@1")
    page = second.get(step.headers["Location"], headers=HTML).text
    looser = page.partition('class="difference looser"')[2].partition("</section>")[0]
    assert re.findall(r"<p><strong>([^<]+)</strong>", looser) == ["CD34"]
    key = re.search(r'name="(why [^"]+)" rows="2" required', page)
    assert key is not None
    unjustified = approve(second, page, **{key[1]: "x"})
    assert (unjustified.status_code, "a written justification" in unjustified.text) == (409, True)
    answer = approve(second, page, **{key[1]: why})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/products/POI-M?done=1")
    newest = site.registry.products.get("POI-M").approvals[-1]
    assert (newest.specification, newest.printed_name, [why for _marker, why in newest.justifications]) == (
        "next",
        "Dr Second",
        [why],
    )


def test_what_lets_more_through_stands_in_the_warning(site: Site, second: FlaskClient) -> None:
    """What is dropped, what is asked for in its stead without a word that it is as strict, and each looser limit."""
    draft(site, ours(name="with-dr", cd34="5").replace("mhc-ii,MHC II", "hla-dr,HLA-DR"))
    page = second.get("/approve/AUTO?specification=with-dr@1", headers=HTML).text
    box = page.partition("It asks for less</h2>")[2].partition("</div>")[0]
    lines = [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<p(?: [^>]*)?>(.*?)</p>", box)]
    assert lines == [
        "No longer asked for before a release: MHC II / HLA-DR.",
        "HLA-DR: at most 2 %, gating is asked for instead of MHC II / HLA-DR.",
        "CD34",
        "limit at most 2 % → is now at most 5 %",
    ]


def test_nobody_signs_against_what_is_no_longer_in_force(site: Site, second: FlaskClient) -> None:
    """Approved meanwhile by somebody else: what was read no longer says what changes."""
    page = second.get("/approve/POI-M?specification=isct-2006@1", headers=HTML).text
    words = {"name": "quality", "password": PASSWORD, "meaning": "I approve."}
    site.registry.specifications.approve("POI-M", "isct-2006-immunophenotype", "1", **words)
    answer = approve(second, page, meaning="Typed with care.")
    assert (answer.status_code, "Typed with care.</textarea>" in answer.text) == (409, True)
    assert "Another specification was approved for POI-M since you were shown what changes." in answer.text
    assert [approve(second, answer.text, seen=seen).status_code for seen in ("", "x", "9" * 30)] == [400, 400, 400]
    assert approve(second, answer.text).status_code == 303


def test_the_first_page_offers_those_that_fit(site: Site, second: FlaskClient) -> None:
    """What waits and what is in force, published ones folded away, those that do not fit with the reason."""
    draft(site, ours(name="waits"))
    draft(site, ours(name="canine").replace("NCBITaxon:9606", "NCBITaxon:9615"))
    page = second.get("/approve/POI-M", headers=HTML).text
    assert "canine version 1 is for another species than POI-M." in page.partition("cannot be approved by you")[2]
    fit = page.partition("</table>")[0]
    assert re.findall(r"specification=(waits@1|msc-identity@1|c12[^\"]+|canine@1)", fit) == [
        "waits@1",
        "msc-identity@1",
    ]
    found = second.get("/approve/POI-M?q=gupta+pooled", headers=HTML).text
    assert re.findall(r"specification=([^\"]+)", found) == ["c13-gupta-2017-bone-marrow@1"]


@pytest.mark.parametrize(("wanted", "status"), [("isct-2006", 400), ("@1", 400), ("none@1", 404), ("isct-2006@9", 404)])
def test_only_a_version_that_there_is_can_be_approved(second: FlaskClient, wanted: str, status: int) -> None:
    """An id without a version says too little, in an address and in a form."""
    assert second.get("/approve/POI-M", query_string={"specification": wanted}, headers=HTML).status_code == status
    page = second.get("/approve/POI-M?specification=isct-2006@1", headers=HTML).text
    assert approve(second, page, specification=wanted).status_code == status


def test_a_program_approves_without_having_seen_a_page(site: Site) -> None:
    """The answer is a receipt, with what is no longer asked for."""
    site.registry.specifications.approve(
        "AUTO", "isct-2006", "1", name="quality", password=PASSWORD, meaning="I approve."
    )
    form = {"specification": "msc-identity@1", "meaning": "I approve.", "name": "quality", "password": PASSWORD}
    answer = site.client().post("/approve/AUTO", data=form, headers=site.bearer("quality"))
    assert (answer.status_code, answer.get_json()["kind"], len(answer.get_json()["notes"])) == (201, "approval", 1)


def test_every_criterion_stands_there_before_the_signature(site: Site, second: FlaskClient) -> None:
    """Whoever signs has read each of them, not only what changes."""
    page = second.get("/approve/POI-M?specification=isct-2006@1", headers=HTML).text
    asked, _sign, signature = page.partition('<h2 id="sign">')
    names = [row[0].split("\n")[0] for row in rows(asked.partition('<table class="criteria-table')[2])]
    assert names == [item.label for item in site.registry.specifications.get("isct-2006", "1").criteria]
    assert 'name="password"' in signature


def test_no_signature_is_offered_for_a_waived_marker(site: Site, second: FlaskClient) -> None:
    """The page says which marker does not gate, and that nobody can approve it; a limit that does is signed."""
    draft(site, ours(name="no-cd34").replace("cd34,CD34,<=,2,%\n", ""))
    page = second.get("/approve/POI-M?specification=no-cd34@1", headers=HTML).text
    box = page.partition("Nobody can approve it for this product</h2>")[2].partition("</div>")[0]
    assert "CD34 is negative in the cell type&#39;s definition; the specification does not ask for it." in box
    assert 'name="password"' not in page
    draft(site, ours(name="with-cd34"))
    assert 'name="password"' in second.get("/approve/POI-M?specification=with-cd34@1", headers=HTML).text


def test_the_page_says_that_a_second_signature_is_awaited(site: Site, second: FlaskClient) -> None:
    """Before the first signature, to whoever signed first, and to the member whose signature completes it."""
    chosen = "/approve/POI-M?specification=c13-gupta-2017-bone-marrow@1"
    page = second.get(chosen, headers=HTML).text
    assert "One signature is not enough." in page
    why = "Pooled marrow cells keep this marker through early passages, as shown: doi 10.5966/sctm.2015-0245"
    answer = approve(second, page, **dict.fromkeys(re.findall(r'name="(why [^"]+)"', page), why))
    assert answer.status_code == 303
    assert "You signed it," in second.get(chosen, headers=HTML).text
    other = site.signed_in("quality").get(chosen, headers=HTML).text
    assert "Dr Second signed it first," in other
    assert other.count(why) == 6
    assert "A second signature is awaited." in second.get("/products/POI-M", headers=HTML).text


def test_a_limit_typed_into_a_page_is_tried_and_kept_nowhere(site: Site, second: FlaskClient) -> None:
    size = site.registry.size()
    page = second.get("/specifications/msc-identity?criterion=cd105&limit=97", headers=HTML)
    assert (page.status_code, "What this limit would change: cd105 at 97" in page.text) == (200, True)
    refused = second.get("/specifications/msc-identity?criterion=cd105&limit=97,x", headers=HTML)
    assert (refused.status_code, "one criterion that has one" in refused.text) == (400, True)
    assert "What this limit would change" not in second.get("/specifications/msc-identity", headers=HTML).text
    assert site.registry.size() == size
