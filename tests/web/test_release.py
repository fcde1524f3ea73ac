"""Signing in a browser: what is missing first, name and password again, and nobody signs what they have not seen."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.services import ProductDraft
from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden, panel


def sign(browser: FlaskClient, lot: str, kind: str, **more: str) -> TestResponse:
    """Open the page and fill in its form; ``more`` changes fields."""
    page = browser.get(f"/release/{lot}", headers=HTML).text
    form = {
        "csrf": csrf_of(page),
        "seen": hidden(page, "seen"),
        "kind": kind,
        "meaning": "I have reviewed this.",
        "reason": "",
        "name": "quality",
        "password": PASSWORD,
        **more,
    }
    return browser.post(f"/release/{lot}", headers=HTML, data=form)


def test_a_release_is_signed_and_shown_on_the_lots_page(site: Site, quality: FlaskClient) -> None:
    """Signed, then straight to the lot, which may now be injected."""
    lot = site.add_lot("R-01")
    site.submit(lot)
    answer = sign(quality, lot, "release")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lots/R-01?done=release")
    page = quality.get(answer.headers["Location"], headers=HTML).text
    assert '<p class="done" role="status">Signed: this lot is released.</p>' in page
    (decision,) = site.registry.lots.get(lot).decisions
    assert (decision.printed_name, decision.meaning) == ("Dr Quality", "I have reviewed this.")


def test_what_was_signed_is_said_to_who_signed_it_and_only_then(site: Site, quality: FlaskClient) -> None:
    """An address proves nothing: a link that was kept, or sent to somebody, says nothing of a signature."""
    lot = site.add_lot("R-12")
    site.submit(lot)

    def said(reader: FlaskClient, done: str) -> list[str]:
        page = reader.get(f"/lots/{lot}?done={done}", headers=HTML).text
        return re.findall(r'<p class="done" role="status">(.*?)</p>', page)

    assert said(quality, "release") == []
    sign(quality, lot, "release")
    assert said(quality, "release") == ["Signed: this lot is released."]
    assert (said(quality, "recall"), said(site.signed_in("clinic"), "release")) == ([], [])
    sign(quality, lot, "hold", reason="A freezer's alarm.")
    assert (said(quality, "release"), said(quality, "hold")) == ([], ["Signed: this lot is on hold."])


def test_everything_missing_is_said_at_once_and_no_form_is_offered(site: Site, quality: FlaskClient) -> None:
    """Without a release to sign there is nothing to type a password into for it."""
    page = quality.get("/release/H-04", headers=HTML).text
    missing = site.client().get("/release/H-04.json", headers=site.bearer("quality")).get_json()["missing"]
    assert [line.partition(":")[0] for line in missing] == ["CD73", "CD105", "CD45"]
    gate = re.findall(r'<div class="gate shut">.*?</div>', page, re.DOTALL)[0]
    assert gate.count("<li>") == len(missing)
    assert "Sign the release" not in page
    refused = sign(quality, "H-04", "release")
    assert refused.status_code == 409
    assert site.registry.lots.get("H-04").decisions == ()


def test_only_decisions_that_can_be_taken_now_are_offered(site: Site, quality: FlaskClient) -> None:
    """With the reason for each that cannot, and after a recall nothing to type a password into at all."""
    lot = site.add_lot("R-92")
    site.submit(lot)

    def offered() -> tuple[list[str], list[str], list[str]]:
        page = quality.get(f"/release/{lot}", headers=HTML).text.partition('<details class="more-forms"')[2]
        shut = re.findall(r"<li>([^<]+: )<span[^>]*>([^<]+)</span></li>", page)
        decisions = quality.get(f"/release/{lot}.json").get_json()["decisions"]
        return re.findall(r'type="radio" name="kind" value="([^"]+)"', page), ["".join(one) for one in shut], decisions

    nothing_to_lift, final = "Hold lifted: There is no hold to lift.", "The lot was given a {}, which is final."
    assert offered() == (
        ["hold", "rejection", "recall"], [nothing_to_lift], ["release", "hold", "rejection", "recall"],
    )  # fmt: skip
    site.sign(lot, "hold", "Wait.")
    assert offered() == (
        ["hold", "hold lifted", "rejection", "recall"], [], ["hold", "hold lifted", "rejection", "recall"],
    )  # fmt: skip
    site.sign(lot, "rejection", "No.")
    said = [f"{kind}: {final.format('rejection')}" for kind in ("Hold", "Hold lifted", "Rejection")]
    assert offered() == (["recall"], said, ["recall"])
    site.sign(lot, "recall", "It was given out.")
    said = [f"{kind}: {final.format('recall')}" for kind in ("Hold", "Hold lifted", "Rejection", "Recall")]
    assert offered() == ([], said, [])
    assert 'name="password"' not in quality.get(f"/release/{lot}", headers=HTML).text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"password": "not the password"}, 401),
        ({"password": ""}, 400),
        ({"name": "clinic"}, 403),
        ({"meaning": " "}, 400),
        ({"kind": "approval"}, 400),
        ({"kind": "hold", "reason": ""}, 400),
        ({"seen": ""}, 409),
        ({"csrf": "x"}, 403),
    ],
)
def test_a_signature_that_lacks_a_part_is_refused_and_keeps_what_was_typed(
    site: Site, quality: FlaskClient, change: dict[str, str], status: int
) -> None:
    """21 CFR 11.200: both parts of the signature, each time; the meaning typed stays, the password never does."""
    if site.registry.lot_index.find("R-02") == []:
        site.submit(site.add_lot("R-02"))
    answer = sign(quality, "R-02", **{"kind": "release", "meaning": "My own words <i>.", **change})
    assert answer.status_code == status
    assert site.registry.lots.get("R-02").decisions == ()
    if status != 403 or "name" in change:
        assert PASSWORD not in answer.text
        assert ("My own words &lt;i&gt;." in answer.text) is (change.get("meaning") is None)


def test_a_page_says_which_version_judges_what_it_shows(site: Site, quality: FlaskClient) -> None:
    """The release form where it would sign another one, and the page of a lot that was decided on for good."""
    draft = ProductDraft("TWO", "two versions", "CL:0000134", "a cell line", "allogeneic", "NCBITaxon:9606")
    site.registry.products.register(draft, account_of(site.registry, "lab.one"))

    def approve(name: str) -> None:
        site.registry.specifications.approve("TWO", name, name="quality", password=PASSWORD, meaning="I approve it.")

    def said(path: str, phrase: str) -> list[str]:
        page = quality.get(path, headers=HTML).text
        return [re.sub(r"<[^>]+>", "", one) for one in re.findall(rf"<p[^>]*>({phrase}.*?)</p>", page)]

    approve("msc-identity")
    lot = site.add_lot("R-91", "TWO")
    site.submit(lot)
    site.sign(lot, "release")
    below = "The table below is judged by"
    assert said(f"/release/{lot}", below) == []
    approve("isct-2006-immunophenotype")
    assert said(f"/release/{lot}", below) == [
        "The table below is judged by msc-identity version 1, under which the lot was decided on. A new release is "
        "held against isct-2006-immunophenotype version 1: what that lacks stands above."
    ]
    assert said(f"/lots/{lot}", "It was decided on") == []
    known = site.registry.lots.get(lot).in_force
    assert said(f"/lots/{lot}", "The specification in force now") == [known.message if known else ""]
    site.sign(lot, "recall", "A positive retest.")
    assert said(f"/lots/{lot}", "It was decided on") == [
        "It was decided on under this version: no version that is approved later judges it again."
    ]
    assert said(f"/lots/{lot}", "Judged by")[0].startswith("Judged by Identity of mesenchymal stem cells")


def test_nobody_signs_what_they_have_not_seen(site: Site, quality: FlaskClient) -> None:
    """A result that arrives while the page is open refuses the signature, even if the lot would still pass."""
    lot = site.add_lot("R-03")
    site.submit(lot)
    page = quality.get(f"/release/{lot}", headers=HTML).text
    site.submit(lot, b"lot,characteristic,value,unit\nR-03,CD44,99.1,%\n", "more.csv")
    stale = sign(quality, lot, "release", seen=hidden(page, "seen"))
    assert stale.status_code == 409
    assert "changed since this page was shown to you" in stale.text
    assert sign(quality, lot, "release").status_code == 303


def test_a_hold_stops_the_lot_and_everything_made_of_it(site: Site, quality: FlaskClient) -> None:
    """Signed with its reason on a bank, it stands on the lot's page at once."""
    from registry.services import LotDraft

    site.registry.lots.register(LotDraft("B-9", kind="cell bank"), account_of(site.registry, "lab.one"))
    lot = site.add_lot("R-04", derived_from=("B-9",))
    site.submit(lot)
    site.sign(lot, "release")
    assert sign(quality, "B-9", "hold", reason="A mycoplasma retest.").headers["Location"] == "/lots/B-9?done=hold"
    answer = quality.get("/lots/R-04.json").get_json()["answer"]
    assert (answer["may_be_injected"], answer["state"]) == (False, "on hold")
    assert "on hold" in re.findall(r'<g class="stopped">.*?</g>', quality.get("/lots/R-04", headers=HTML).text)[0]


def test_a_panel_is_withdrawn_with_a_reason(site: Site, quality: FlaskClient) -> None:
    """It stays readable and no longer counts."""
    lot = site.add_lot("R-05")
    site.submit(lot)
    page = quality.get(f"/withdraw/{lot}", headers=HTML).text
    form = {"csrf": csrf_of(page), "what": hidden(page, "what"), "reason": "Wrong sample.", "name": "quality"}
    wrong = quality.post(f"/withdraw/{lot}", headers=HTML, data={**form, "password": "not it at all"})
    assert (wrong.status_code, "Wrong sample.</textarea>" in wrong.text) == (401, True)
    assert quality.post(f"/withdraw/{lot}", headers=HTML, data={**form, "password": PASSWORD}).status_code == 303
    shown = quality.get(f"/lots/{lot}", headers=HTML).text
    assert '<span class="tag">withdrawn</span>' in shown
    assert site.registry.lots.get(lot).verdict == "incomplete"


def test_each_panel_to_withdraw_says_what_it_holds_what_it_fails_and_what_is_left(
    site: Site, quality: FlaskClient
) -> None:
    """Two panels of one file name and one minute are told apart before one of them is taken back."""
    lot = site.add_lot("R-11")
    site.submit(lot, b"lot,characteristic,value,unit\nR-11,CD105,88.4,%\n")
    site.submit(lot, panel(lot, CD73="97.3", without="CD105"))
    said = []
    for one in re.findall(
        r"<label><input type=\"radio\".*?</label>", quality.get("/withdraw/R-11", headers=HTML).text, re.S
    ):
        said.append(" ".join(re.sub(r"<[^>]+>", " ", one).split()))
    first, second = site.registry.lots.get(lot).panels
    assert said == [
        "CD105 88.4 % fail CD105: fail: expected ≥ 95 %, found 88.4 % (panel.csv, row 2). panel.csv, submitted by "
        f"lab.one, {first.at:%Y-%m-%d %H:%M:%S} +00:00, entry {first.position} The lot's evidence without it: "
        "incomplete",
        "CD73 97.3 %, CD90 &gt;=99 %, CD45 &lt;0.5 %, CD34 0.4 %, HLA-DR 1.1 % panel.csv, submitted by "
        f"lab.one, {second.at:%Y-%m-%d %H:%M:%S} +00:00, entry {second.position} The lot's evidence without it: fail",
    ]


def test_a_retest_counts_once_it_is_accepted(site: Site, quality: FlaskClient) -> None:
    """No testing into compliance: the retest is offered for acceptance with its reason, and then the lot passes."""
    lot = site.add_lot("R-06")
    site.submit(lot, panel(lot, CD90="80"))
    first = next(one for one in site.registry.lots.get(lot).panels[0].results if one.label == "CD90")
    header = "lot,characteristic,value,unit,relation,supersedes,reason\n"
    site.submit(lot, f"{header}R-06,CD90,98,%,retest,{first.iri},antibody expired\n".encode(), "retest.csv")
    assert site.registry.lots.get(lot).verdict != "pass"
    page = quality.get(f"/accept/{lot}", headers=HTML).text
    form = {"csrf": csrf_of(page), "what": hidden(page, "what"), "reason": "Expired antibody.", "name": "quality"}
    assert quality.post(f"/accept/{lot}", headers=HTML, data={**form, "password": PASSWORD}).status_code == 303
    assert site.registry.lots.get(lot).verdict == "pass"


def test_a_program_signs_with_token_name_and_password(site: Site) -> None:
    """The token says who asks, the password signs; the answer is a receipt."""
    lot = site.add_lot("R-07")
    site.submit(lot)
    form = {"kind": "release", "meaning": "I release it.", "name": "quality", "password": PASSWORD}
    answer = site.client().post(f"/release/{lot}", data=form, headers=site.bearer("quality"))
    assert answer.status_code == 201
    assert answer.get_json()["record"] == site.registry.lots.get(lot).decisions[0].record


def test_what_cannot_be_is_said_before_the_evidence_and_before_the_signature(site: Site, quality: FlaskClient) -> None:
    """A culture of 14 days on a lot made today: on both pages, once, and in their data."""
    lot = site.add_lot("R-90", manufactured_on=datetime.now(UTC).date())
    site.submit(lot, b"lot,characteristic,value,unit,duration\nR-90,sterility,no growth,,14 d\n", "culture.csv")
    (sentence,) = site.registry.lots.get(lot).doubts
    assert sentence in quality.get(f"/release/{lot}.json").get_json()["notes"]
    for path in (f"/evidence/{lot}", f"/release/{lot}"):
        page = quality.get(path, headers=HTML).text
        said = html.unescape(re.sub(r"<[^>]+>", "", page)).replace("\u00a0", " ")
        assert (page.count('id="contradictions"'), said.count(sentence)) == (1, 1), path
