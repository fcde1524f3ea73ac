"""Release in two steps in the browser: what is due is said before the signature, beside the answer and in the queue."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from registry.services import ProductDraft
from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, Site, panel
from tests.web.test_release import sign

TWO_STEPS = b"""\
specification,two-steps
version,1
title,Six markers now and a culture later
source,made up for this test
cell type,CL:0000134
species,NCBITaxon:9606

id,characteristic,operator,limit,unit,duration,due
cd73,CD73,>=,95,%,,
cd90,CD90,>=,95,%,,
cd105,CD105,>=,95,%,,
cd45,CD45,<=,2,%,,
cd34,CD34,<=,2,%,,
hla-dr,HLA-DR,<=,2,%,,
sterility,sterility,one of,no growth,,14 d,after release
"""
WHY = {"reason": "The patient is prepared."}


@pytest.fixture(scope="module")
def fresh(site: Site) -> Site:
    """A product that is given within hours: its specification waits for a culture after release."""
    once = site.registry.accounts.create(
        "quality.two", "quality unit", "Dr Second", by=account_of(site.registry, "admin")
    )
    site.registry.accounts.change_password("quality.two", once, PASSWORD)
    draft = ProductDraft("FRESH", "fresh cells", "CL:0000134", "a cell line", "allogeneic", "NCBITaxon:9606")
    site.registry.products.register(draft, account_of(site.registry, "lab.one"))
    site.registry.specifications.draft("two-steps.csv", TWO_STEPS, name="quality.two", password=PASSWORD)
    site.registry.specifications.approve(
        "FRESH", "two-steps", name="quality", password=PASSWORD, meaning="I approve it."
    )
    return site


@pytest.fixture
def quality(fresh: Site) -> FlaskClient:
    """The quality unit's browser."""
    return fresh.signed_in("quality")


def undecided(site: Site, lot: str, cd73: str) -> str:
    """A lot with its six markers, on which nobody has decided."""
    site.submit(site.add_lot(lot, "FRESH"), panel(lot, CD73=cd73), f"{lot}.csv")
    return lot


def given(site: Site, browser: FlaskClient, lot: str, cd73: str, days: float) -> str:
    """The same, released on condition in the browser; answers the time by which it must be complete, as typed."""
    by = f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d %H:%M} +00:00"
    signed = sign(browser, undecided(site, lot, cd73), "conditional release", complete_by=by, **WHY)
    assert (signed.status_code, signed.headers["Location"]) == (303, f"/lots/{lot}?done=conditional+release")
    return by


def culture(site: Site, lot: str, outcome: str, days: int = 14) -> None:
    text = f"lot,characteristic,value,unit,duration\n{lot},sterility,{outcome},,{days} d\n"
    site.submit(lot, text.encode(), "culture.csv")


def shown(site: Site, lot: str) -> str:
    """The answer at the top of the lot's page, without its HTML."""
    page = site.client().get(f"/lots/{lot}", headers={**site.bearer("clinic"), **HTML}).text
    answer = page.partition('<section class="answer')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.partition(">")[2]).split())


def cards(browser: FlaskClient, *lots: str) -> list[str]:
    """Of these lots, what the queue's section of lots released on condition shows, each with its first word."""
    page = browser.get("/review", headers=HTML).text.partition('id="on-condition"')[2].partition("</section>")[0]
    found = re.findall(
        r'role="rowheader"><a[^>]*>([^<]+)</a>.*?<td role="cell" class="stands"><span class="chip ([a-z]+)',
        page,
        re.DOTALL,
    )
    return [f"{lot} {word}" for lot, word in found if lot in lots]


def test_what_is_due_is_said_and_only_the_conditional_release_is_offered(fresh: Site, quality: FlaskClient) -> None:
    """With the criterion's duration, and without any time filled in."""
    undecided(fresh, "C-01", "97.1")
    said = quality.get("/release/C-01.json").get_json()
    assert (said["kind"], said["missing"], said["due"]) == (
        "conditional release", [],
        [{"id": "sterility", "characteristic": "sterility", "observed": None,
          "expected": "not detected, for 14 d, due after release", "not_before": None}],
    )  # fmt: skip
    page = quality.get("/release/C-01", headers=HTML).text
    assert "<li>sterility: expected not detected, for 14 d, due after release; so far: nothing</li>" in page
    assert re.findall(r'<input id="complete_by" name="complete_by" type="datetime-local" value="([^"]*)"', page) == [""]
    assert '<input type="hidden" name="kind" value="conditional release">' in page


def test_it_is_signed_with_its_time_and_reason_and_said_beside_the_answer(fresh: Site, quality: FlaskClient) -> None:
    """The clinic reads at once what is not known, and by when it must be."""
    by = given(fresh, quality, "C-02", "97.2", days=15)
    page = quality.get("/lots/C-02?done=conditional+release", headers=HTML).text
    assert '<p class="done" role="status">Signed: this lot is released on condition.</p>' in page
    assert f'<p>What is due must be there by <time datetime="{by[:10]}T{by[11:16]}:00Z">{by}</time>.</p>' in page
    assert shown(fresh, "C-02").endswith(f"Released on condition: not known yet, and due by {by} : sterility.")
    assert shown(fresh, "C-02").startswith(f"May be injected Until {by} 14 days")
    condition = fresh.client().get("/lots/C-02.json", headers=fresh.bearer("clinic")).get_json()["answer"]["condition"]
    assert condition == {"due": ["sterility"], "complete_by": f"{by[:10]}T{by[11:16]}:00Z", "met": False}
    found = fresh.client().get("/lots?q=FRESH", headers={**fresh.bearer("clinic"), **HTML}).text
    row = found.partition('<a href="/lots/C-02">')[2].partition("</tr>")[0]
    assert "<span>may be injected on condition</span>" in row


def test_what_is_due_and_what_is_held_are_called_by_the_names_of_their_characteristics(fresh: Site) -> None:
    """Whatever ids a specification gives its criteria, a reader meets the field's own words."""
    table = (
        TWO_STEPS.decode().replace("specification,two-steps", "specification,named").replace("\nsterility,", "\nc-7,")
    )
    table = table.replace("duration,due\n", "duration,due,standing\n").replace(
        "after release\n", "after release,gating\n"
    )
    table += "c-8,adherence to plastic,one of,demonstrated,,,,reference\n"
    fresh.registry.products.register(
        ProductDraft("NAMED", "named cells", "CL:0000134", "a cell line", "allogeneic", "NCBITaxon:9606"),
        account_of(fresh.registry, "lab.one"),
    )
    fresh.registry.specifications.draft("named.csv", table.encode(), name="quality.two", password=PASSWORD)
    fresh.registry.specifications.approve("NAMED", "named", name="quality", password=PASSWORD, meaning="I approve it.")
    fresh.submit(fresh.add_lot("C-09", "NAMED"), panel("C-09"), "C-09.csv")
    page = fresh.client().get("/lots/C-09", headers={**fresh.bearer("clinic"), **HTML}).text
    said = re.findall(r"<span>(?:due|held)</span></span> ([^<]*)</p>", page)
    assert said == [
        "Due after release, and not there yet: sterility. A bad result stops the lot.",
        "Reference criteria not shown, which the quality unit must accept with a reason before a release: "
        "adherence to plastic.",
    ]


@pytest.mark.parametrize(
    ("change", "status", "where"),
    [
        ({"complete_by": ""}, 400, "complete_by"),
        ({"complete_by": "soon"}, 400, "complete_by"),
        ({"complete_by": "2099-01-01 12:00"}, 400, "complete_by"),
        ({"complete_by": "2020-01-01 12:00 +01:00"}, 400, "complete_by"),
        ({"complete_by": "2099-01-01 12:00 +01:00"}, 400, "complete_by"),
        ({"reason": ""}, 400, "reason"),
        ({"kind": "release", "complete_by": ""}, 409, "C-03"),
        ({"kind": "release"}, 400, "complete_by"),
    ],
)
def test_without_its_time_or_reason_it_is_refused_and_what_was_typed_stays(
    fresh: Site, quality: FlaskClient, change: dict[str, str], status: int, where: str
) -> None:
    """And a plain release is refused as long as something is due."""
    if not fresh.registry.lot_index.find("C-03"):
        undecided(fresh, "C-03", "97.3")
    soon = f"{datetime.now(UTC) + timedelta(days=15):%Y-%m-%d %H:%M} +00:00"
    typed = {"complete_by": soon, "reason": "My own <words>.", "kind": "conditional release"}
    answer = sign(quality, "C-03", **{**typed, **change})
    assert answer.status_code == status
    assert fresh.registry.lots.get("C-03").decisions == ()
    assert ("My own &lt;words&gt;.</textarea>" in answer.text) is (change.get("reason") is None)
    form = {**typed, **change, "meaning": "I sign.", "name": "quality", "password": PASSWORD}
    refused = fresh.client().post("/release/C-03", data=form, headers=fresh.bearer("quality")).get_json()["error"]
    assert refused["where"] == where


def test_a_program_signs_it_too(fresh: Site) -> None:
    """With token, name, password, time and reason."""
    lot = undecided(fresh, "C-04", "97.4")
    by = (datetime.now(UTC) + timedelta(days=15)).replace(microsecond=0)
    form = {
        "kind": "conditional release", "meaning": "I release it.", "name": "quality", "password": PASSWORD,
        "complete_by": by.isoformat(), **WHY,
    }  # fmt: skip
    answer = fresh.client().post(f"/release/{lot}", data=form, headers=fresh.bearer("quality"))
    assert answer.status_code == 201
    assert fresh.registry.lots.get(lot).decisions[0].complete_by == by


def test_the_queue_says_what_is_awaited_nearest_first_and_what_fails_before_all(
    fresh: Site, quality: FlaskClient
) -> None:
    """The culture of the later one grows: it stands first, and an open page is told."""
    given(fresh, quality, "C-05", "97.5", days=15)
    given(fresh, quality, "C-06", "97.6", days=16)
    assert cards(quality, "C-05", "C-06") == ["C-05 missing", "C-06 missing"]
    listed = [one["lot"] for one in quality.get("/review.json").get_json()["conditions"]]
    assert [one for one in listed if one in {"C-05", "C-06"}] == ["C-05", "C-06"]
    before = quality.get("/live/C-06").get_json()
    culture(fresh, "C-06", "growth", 3)
    assert cards(quality, "C-05", "C-06") == ["C-06 fail", "C-05 missing"]
    page = quality.get("/review", headers=HTML).text
    assert "It was released on condition: containers may have been injected. Consider a recall." in page
    assert [page.count(f'<a href="/lots/{lot}">') for lot in ("C-05", "C-06")] == [1, 1]
    after = quality.get("/live/C-06").get_json()
    assert (before["state"], after["state"], before["mark"] == after["mark"]) == ("released", "suspended", False)


def test_once_it_is_all_there_a_release_is_offered_that_completes_it(fresh: Site, quality: FlaskClient) -> None:
    """The lot stays released without it; signed, it leaves the queue."""
    given(fresh, quality, "C-07", "97.7", days=15)
    culture(fresh, "C-07", "no growth")
    assert cards(quality, "C-07") == ["C-07 pass"]
    assert shown(fresh, "C-07").endswith("Released on condition: all that was due is there and passes.")
    page = quality.get("/release/C-07", headers=HTML).text
    assert "It completes the conditional release of" in page
    assert sign(quality, "C-07", "release").status_code == 303
    assert cards(quality, "C-07") == []
    assert "Released on condition" not in shown(fresh, "C-07")


def test_a_page_on_which_its_time_ran_out_is_not_signed(fresh: Site, quality: FlaskClient) -> None:
    """The lot lapsed while the page was open: the signature is refused, and no page and no list offers the lot."""
    given(fresh, quality, "C-08", "97.8", days=2)
    page = quality.get("/release/C-08", headers=HTML).text
    seen = re.findall(r'name="seen" value="([^"]+)"', page)[0]
    ledger, past = fresh.registry.ledger, fresh.registry.ledger.clock
    ledger.clock = lambda: past() + timedelta(days=3)
    try:
        later = fresh.signed_in("quality")
        stale = sign(later, "C-08", "conditional release", complete_by="2099-01-01 12:00 +01:00", seen=seen, **WHY)
        assert stale.status_code == 409
        assert shown(fresh, "C-08").startswith("Must not be injected Suspended.")
        assert cards(later, "C-08") == ["C-08 suspended"]
        (line,) = fresh.client().get("/lots.json?q=C-08", headers=fresh.bearer("clinic")).get_json()["lots"]
        assert (line["state"], line["may_be_injected"], line["until"]) == ("suspended", False, None)
    finally:
        ledger.clock = past
