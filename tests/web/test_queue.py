"""The queue: what it says a lot lacks is what the gate of a release finds."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from registry.services import LotDraft
from registry.services.releases.queue import Lacking, lacking
from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, Site, panel
from tests.web.test_condition import culture, fresh, undecided

__all__ = ["fresh"]
NOTHING = Lacking((), (), (), False, ())


def row(site: Site, lot: str) -> list[str]:
    """What the row of a lot says: its chips, its product, and what it lacks; not what may be done."""
    page = site.client().get("/review", headers={**site.bearer("quality"), **HTML}).text
    (found,) = [one for one in page.split('<tr role="row">') if f">{lot}</a><br>" in one]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.DOTALL)
    product, chips = cells[0].partition("<br>")[2], cells[1]
    said = [chips, product, *re.findall(r"<p[^>]*>(.*?)</p>", cells[2], re.DOTALL)]
    return [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in said]


@pytest.fixture(scope="module")
def waiting(fresh: Site) -> Site:
    """One lot of each kind that waits."""
    for lot, cd73 in (("K-due", "98"), ("K-grown", "98"), ("K-full", "98")):
        undecided(fresh, lot, cd73)
    culture(fresh, "K-grown", "growth")
    culture(fresh, "K-full", "no growth")
    fresh.registry.lots.register(
        LotDraft("K-open", product="FRESH", synthetic=True), account_of(fresh.registry, "lab.one")
    )
    fresh.submit("K-open")
    fresh.submit(fresh.add_lot("K-low"), panel("K-low", CD105="88", without="CD73"))
    fresh.submit(fresh.add_lot("K-lapsed"))
    fresh.sign("K-lapsed", "release")
    fresh.submit("K-lapsed", b"lot,characteristic,value,unit\nK-lapsed,CD105,70,%\n", "again.csv")
    return fresh


@pytest.mark.parametrize(
    ("lot", "lacks", "said"),
    [
        ("K-full", NOTHING, ["lacks nothing", "fresh cells"]),
        ("K-due", Lacking((), (), ("sterility",), False, ()),
         ["waits", "fresh cells", "Lacks nothing but what is due after release: sterility: conditional release."]),
        ("K-grown", Lacking(("sterility",), (), (), False, ()), ["fail", "fresh cells", "Fails: sterility."]),
        ("K-open", Lacking((), (), ("sterility",), True, ()),
         ["no expiry", "fresh cells", "No expiry: it cannot be released."]),
        ("K-low", Lacking(("cd105",), ("cd73",), (), False, ()),
         ["fail", "POI-M cells", "Fails: CD105.", "Not shown: CD73."]),
        ("K-lapsed", Lacking((), ("cd105",), (), False, ()),
         ["incomplete suspended", "POI-M cells", "Not shown: CD105."]),
    ],
)  # fmt: skip
def test_what_a_lot_lacks(waiting: Site, lot: str, lacks: Lacking, said: list[str]) -> None:
    """What fails stands apart from what is not shown; what is due after release stops no conditional release."""
    assert (lacking(waiting.registry.states, [lot])[lot], row(waiting, lot)) == (lacks, said)


def test_what_no_longer_stands_comes_first(waiting: Site) -> None:
    """Then a full release, a conditional one, the more lacks the later, and last what has no expiry at all."""
    lots = waiting.client().get("/review.json", headers=waiting.bearer("quality")).get_json()["lots"]
    named = [line["lot"] for line in lots if line["lot"].startswith("K-")]
    assert named == ["K-lapsed", "K-full", "K-due", "K-grown", "K-low", "K-open"]


def test_the_queue_says_what_the_gate_says(waiting: Site) -> None:
    """For every lot, nothing is lacking exactly where a signer on whom nothing depends is refused nothing."""
    neutral = next(one for one in waiting.registry.accounts.all() if one.name == "quality")
    lots = waiting.registry.lot_index.table.waiting()
    refused = {line.lot: bool(waiting.registry.releases.check(line.lot, neutral).missing) for line in lots}
    assert {lot: not lacks.nothing for lot, lacks in waiting.registry.releases.queue(lots).items()} == refused
    assert set(refused.values()) == {True, False}


def test_a_lapsed_conditional_release_stands_once_in_the_queue_and_the_others_stay(
    waiting: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Suspended and under a condition, it is in both lists that the queue asks: it is judged once, and shown above."""
    undecided(waiting, "K-gone", "98")
    ledger, now = waiting.registry.ledger, waiting.registry.lot_index.now
    by = now() + timedelta(days=1)
    waiting.registry.releases.sign(
        "K-gone", "conditional release", name="quality", password=PASSWORD, meaning="I sign.", reason="Today.",
        complete_by=by,
    )  # fmt: skip
    before = ledger.clock
    monkeypatch.setattr(ledger, "clock", lambda: before() + timedelta(days=2))
    browser, who = waiting.client(), waiting.bearer("quality")
    asked = browser.get("/review.json", headers=who)
    assert asked.status_code == 200
    suspended = [one["lot"] for one in asked.json["lots"] if one["state"] == "suspended"]
    assert (suspended, [one["lot"] for one in asked.json["conditions"]]) == (["K-gone", "K-lapsed"], ["K-gone"])
    page = browser.get("/review", headers={**who, **HTML})
    assert (page.status_code, page.text.count('<td role="cell" class="stands">')) == (200, len(asked.json["lots"]))
    stamp = f"{by:%Y-%m-%d %H:%M} +00:00"
    assert row(waiting, "K-gone") == [
        "overdue suspended", "fresh cells", f"Had to be there by {stamp} and is not: sterility.",
    ]  # fmt: skip
    assert row(waiting, "K-low") == ["fail", "POI-M cells", "Fails: CD105.", "Not shown: CD73."]


def test_a_lot_that_is_named_twice_is_judged_as_when_it_is_named_once(waiting: Site) -> None:
    """Whoever asks twice gets the same word twice, on kept verdicts and on none."""
    reader, states = waiting.registry.reader, waiting.registry.states
    every = [reader.facts(lot) for lot in ("K-low", "K-full", "K-low", "K-low")]
    asked = [(facts, reader.specification(facts.approval.digest)) for facts in every if facts.approval]
    alone = [states.verdict(*one) for one in asked]
    states.known.clear()
    first, second = (states.verdicts(asked, waiting.registry.lot_index.now()) for _ in range(2))
    assert (first, second) == (alone, alone)
