"""The lot page: the answer first, then everything it rests on."""

from __future__ import annotations

import re

import pytest

from registry.services import LotDraft
from tests.people import account_of
from tests.web.conftest import HTML, Site
from tests.web.test_condition import fresh, given

__all__ = ["fresh"]


def page(site: Site, path: str, who: str = "clinic") -> str:
    answer = site.client().get(path, headers=site.bearer(who, Accept="text/html"))
    assert answer.status_code == 200
    return answer.text


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?time[^>]*>", "", html)).split())


def section(html: str, name: str) -> str:
    found = re.search(rf'<section[^>]*class="[^"]*{name}[^"]*".*?</section>', html, re.DOTALL)
    assert found is not None
    return words(found[0])


def test_a_released_lot_says_so_for_what_and_until_when(site: Site) -> None:
    """Word, use, time with zone; and the answer stands before everything else."""
    html = page(site, "/lots/H-03")
    assert re.fullmatch(
        r"May be injected For primary ovarian insufficiency DOID:5426 "
        r"Until 2099-12-01 12:00 \+00:00 \d+ days(?: \d+ (?:hours?|minutes?))? left "
        r"\d+ days(?: \d+ (?:hours?|minutes?))? left",
        section(html, "answer"),
    )
    assert (
        html.index('class="answer may"') < html.index("Evidence") < html.index("Signatures") < html.index("Derivation")
    )
    assert "<title>H-03: may be injected ·" in html


def test_a_lot_on_hold_says_why_and_what_would_change_it(site: Site) -> None:
    """Every reason, each with what to do."""
    html = page(site, "/lots/H-05")
    assert section(html, "answer") == "Must not be injected On hold."
    assert re.fullmatch(
        r"Why not The lot H-05 was put on hold by Dr Quality \(quality\) at \d{4}-\d\d-\d\d \d\d:\d\d \+00:00: "
        r"A retest &lt;script&gt;alert\(1\)&lt;/script&gt;&#34;&#39;&amp; is under way\. "
        r"What would change it The quality unit lifts the hold, then decides again\.",
        section(html, "reasons"),
    )


@pytest.mark.parametrize(
    ("lot", "late", "state", "now"),
    [
        ("D-01", "sterility,growth,", "On hold, and its evidence fails.", "fails"),
        ("D-02", "CD105,71,%", "On hold, and its evidence does not pass.", "does not pass"),
    ],
)
def test_a_bad_result_that_comes_while_a_lot_is_on_hold_is_said_at_once(
    fresh: Site, lot: str, late: str, state: str, now: str
) -> None:
    """Containers may have been injected before the hold: beside the answer, in its reasons, and to an open page."""
    given(fresh, fresh.signed_in("quality"), lot, "97.1", days=15)
    released = fresh.registry.lots.get(lot).decisions[0].at
    fresh.sign(lot, "hold", reason="A gap in the log.")
    before = fresh.client().get(f"/live/{lot}", headers=fresh.bearer("clinic")).get_json()
    assert section(page(fresh, f"/lots/{lot}"), "answer").startswith("Must not be injected On hold.")
    fresh.submit(lot, f"lot,characteristic,value,unit\n{lot},{late}\n".encode(), "late.csv")
    after = fresh.client().get(f"/live/{lot}", headers=fresh.bearer("clinic")).get_json()
    assert section(page(fresh, f"/lots/{lot}"), "answer").startswith(f"Must not be injected {state}")
    said = f"The lot was released on condition at {released:%Y-%m-%d %H:%M} +00:00, and its evidence {now} now."
    assert after["reasons"][: len(before["reasons"]) + 1] == [
        *before["reasons"],
        f"{said} Containers may have been injected.",
    ]
    assert (after["state"], after["mark"] == before["mark"]) == ("on hold", False)


def test_a_failing_lot_shows_which_criteria_it_does_not_meet(site: Site) -> None:
    """Beside the decision that is missing, everything in the evidence that would keep it from being released."""
    text = section(page(site, "/lots/H-04"), "reasons").replace("\u00a0", " ")
    assert text == (
        "Why not Nobody has released this lot. "
        "What would change it See what is lacking below. "
        "CD73: missing: expected ≥ 95 %, found no result. "
        "What would change it The laboratory submits this result. "
        "CD105: fail: expected ≥ 95 %, found 88.4 % (panel.csv, row 3). What would change it "
        "A retest with its reason, accepted by the quality unit, shows otherwise; else the lot is rejected. "
        "CD45: undetermined: expected ≤ 2 %, found &lt;5 % (panel.csv, row 4). "
        "What would change it The laboratory submits a result that decides it."
    )


def test_a_lot_without_an_expiry_says_that_nothing_releases_it(site: Site) -> None:
    """Nobody is sent to a signature that the gate refuses."""
    site.registry.lots.register(LotDraft("N-1", product="POI-M", synthetic=True), account_of(site.registry, "lab.one"))
    reasons = site.registry.lots.get("N-1").answer.reasons
    assert (reasons[0].message, reasons[0].todo) == (
        "Nobody has released this lot.",
        "Nothing: this lot has no expiry, and a lot without one is never released.",
    )


def test_an_autologous_lot_says_into_whom(site: Site) -> None:
    """ "May be injected" is wrong without "into whom"; who may not see the code is told that it is one person."""
    assert "Into recipient R-0042 only: autologous." in section(page(site, "/lots/AU-1"), "answer")
    assert "Into recipient named in the release only: autologous." in section(
        page(site, "/lots/AU-1", "analyst"), "answer"
    )


def test_synthetic_and_illustrative_are_said_openly(site: Site) -> None:
    """A made-up lot never looks like a real one."""
    assert "Synthetic." in words(page(site, "/lots/H-03"))
    assert "Illustrative." not in words(page(site, "/lots/H-03"))


def test_every_signature_shows_name_time_and_meaning(site: Site) -> None:
    """21 CFR 11.50: the printed name, the date and time with zone, the meaning; and whether it still verifies."""
    text = words(page(site, "/lots/H-03"))
    assert re.search(
        r"Release Dr Quality \(quality\) , \d{4}-\d\d-\d\d \d\d:\d\d \+00:00 Meaning: I sign: release\.", text
    )
    assert "The registry's signature over this record is valid." in text.replace("&#39;", "'")


def test_the_table_says_what_the_picture_shows(site: Site) -> None:
    """Every criterion in words: verdict, asked for, observed, where."""
    html = page(site, "/lots/H-03")
    table = re.search(r'<table class="criteria-table" role="table">.*?</table>', html, re.DOTALL)
    assert table is not None
    rows = [words(row).replace("\u00a0", " ") for row in re.findall(r"<tr class.*?</tr>", table[0], re.DOTALL)]
    assert rows == [
        "CD73 pass ≥ 95 % 98.5 % &lt;script&gt; H-03.csv, row 2, value",
        "CD90 pass ≥ 95 % ≥99 % &lt;script&gt; H-03.csv, row 3, value",
        "CD105 pass ≥ 95 % 97.2 % &lt;script&gt; H-03.csv, row 4, value",
        "CD45 pass ≤ 2 % &lt;0.5 % &lt;script&gt; H-03.csv, row 5, value",
        "CD34 pass ≤ 2 % 0.4 % &lt;script&gt; H-03.csv, row 6, value",
        "MHC II / HLA-DR pass ≤ 2 % 1.1 % &lt;script&gt; H-03.csv, row 7, value",
    ]


def test_the_derivation_leads_to_what_it_was_made_of(site: Site) -> None:
    """A lot's page links to its bank, the bank's page to its lots, slashes and all."""
    assert 'href="/lots/B-2"' in page(site, "/lots/H-03")
    bank = page(site, "/lots/B-2")
    assert 'href="/lots/A%2F1%20%237"' in bank
    assert section(bank, "answer") == "Must not be injected Not released."


def test_the_derivation_says_the_state_of_what_was_made_of_it(site: Site) -> None:
    """A bank's page tells each lot's state now; that of an earlier time is not told by it."""
    lots = ("A/1 #7", "H-03", "H-04", "H-05")
    states = [("released", "A/1 #7"), ("released", "H-03"), ("not released", "H-04"), ("on hold", "H-05")]
    picture = section_of_lineage(page(site, "/lots/B-2"))
    assert [lot for lot in lots if f"{lot} made from it" not in picture] == []
    assert [(state, lot) for state, lot in states if f"{lot} made from it, {state}" not in picture] == []
    at = site.registry.lots.get("B-2").at.isoformat().replace("+", "%2B")
    assert "made from it," not in section_of_lineage(page(site, f"/lots/B-2?at={at}"))


def test_what_was_known_earlier_is_no_answer(site: Site) -> None:
    """H-05 was released, and is on hold: the page of then says both, and has no green, no tick and no time left."""
    released = site.registry.lots.history("H-05")[2].at
    html = page(site, f"/lots/H-05?at={released.isoformat().replace('+', '%2B')}")
    assert re.fullmatch(
        rf"Was released at {released:%Y-%m-%d %H:%M} \+00:00 NOW: on hold, must not be injected\. Show it as of now "
        r"This page tells the past, and what was so when it was loaded at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00\. "
        r"Do not use a lot by it\.",
        section(html, "answer then"),
    )
    then = re.search(r'<section class="answer then".*?</section>', html, re.DOTALL)
    assert then is not None
    assert (re.findall("svg|data-until", then[0]), re.findall('href="([^"]+)"', then[0])) == ([], ["/lots/H-05"])
    assert (html.count('class="answer'), "Checked at" in html, "<title>H-05: as it was ·" in html) == (1, False, True)


def test_before_its_release_a_lot_was_not_released(site: Site) -> None:
    """What is so now is told there too: released, and nothing that invites to inject by an old page."""
    registered = site.registry.lots.history("H-03")[0].at
    html = page(site, f"/lots/H-03?at={registered.isoformat().replace('+', '%2B')}")
    said = section(html, "answer then")
    assert said.startswith(f"Was not released at {registered:%Y-%m-%d %H:%M} +00:00 NOW: released. Show it as of now ")


def test_a_page_of_a_time_to_come_is_refused(site: Site) -> None:
    """Nobody knows what will be decided by then; a program may ask what will have expired."""
    path = "/lots/H-03?at=2098-01-01T00:00:00%2B01:00"
    answer = site.client().get(path, headers=site.bearer("clinic", Accept="text/html"))
    assert (answer.status_code, "This time is yet to come." in answer.text) == (400, True)
    data = site.client().get(path, headers=site.bearer("clinic", Accept="application/json")).get_json()
    assert (data["at"], data["answer"]["state"]) == ("2097-12-31T23:00:00Z", "released")


def section_of_lineage(html: str) -> str:
    found = re.search(r'<h2 id="derivation">.*?</section>', html, re.DOTALL)
    assert found is not None
    return words(found[0])


def test_only_the_quality_unit_is_offered_decisions(site: Site) -> None:
    """What one may not do is not on the page."""
    offered = {who: "Decide and sign" in page(site, "/lots/H-03", who) for who in site.tokens}
    assert {who for who, shown in offered.items() if shown} == {"quality"}


def test_a_lots_whole_id_leads_to_its_page(site: Site) -> None:
    """Typed or scanned, in any case; part of an id, a product and a disease give a list."""
    browser = site.signed_in("clinic")
    assert browser.get("/lots?q=h-03", headers=HTML).headers["Location"] == "/lots/H-03"
    assert browser.get("/lots?q=a/1+%237", headers=HTML).headers["Location"] == "/lots/A%2F1%20%237"
    found = {
        q: browser.get(f"/lots.json?q={q}").get_json()["lots"] for q in ("H-0", "ovarian+disease", "AUTO", "zebra")
    }
    names = {q: sorted(line["lot"] for line in lines) for q, lines in found.items()}
    assert names["AUTO"] == ["AU-1"]
    assert names["zebra"] == []
    assert {"H-03", "H-04", "H-05"} <= set(names["H-0"])
    assert {"H-03", "AU-1", "A/1 #7"} <= set(names["ovarian+disease"])


@pytest.mark.parametrize("name", ["A/1 #7", "a/1 #7"])
def test_a_name_with_a_slash_and_a_hash_is_one_address(site: Site, name: str) -> None:
    """Encoded whole, or with its slash as it is: the same lot."""
    client, headers = site.client(), site.bearer("clinic")
    spelled = [
        name.replace("/", "%2F").replace(" ", "%20").replace("#", "%23"),
        name.replace(" ", "%20").replace("#", "%23"),
    ]
    assert [client.get(f"/lots/{one}.json", headers=headers).get_json()["lot"] for one in spelled] == ["A/1 #7"] * 2


def test_the_history_tells_every_entry(site: Site) -> None:
    """Registered, submitted, signed: in order, each with its record."""
    lines = site.client().get("/history/H-05.json", headers=site.bearer("inspector")).get_json()["history"]
    assert [line["kind"] for line in lines] == ["lot", "panel", "decision", "decision"]
    text = words(page(site, "/history/H-05", "inspector"))
    assert text.index("Product lot H-05 registered") < text.index("Release signed by Dr Quality")
