"""A question says of a release what the lot's page says: under the specification that the release names."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from registry import questions
from registry.identifiers import CPR
from registry.services import Registry
from tests.people import LOCAL
from tests.services.conftest import SECRET, House
from tests.services.test_condition import TWO_STEPS, culture, endotoxin
from tests.services.test_drafting import TABLE, approve, draft
from tests.services.test_no_way_round import thawed

STRICTER = TABLE.replace("version,1", "version,2").replace("cd73,CD73,>=,95,%", "cd73,CD73,>=,99,%")
DAY, MONTH = timedelta(days=1), timedelta(days=31)


def table(registry: Registry, text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(registry.queries.query(text, "text/csv", by=LOCAL).body.decode())))


def asked(house: House, name: str, after: timedelta = timedelta(0)) -> dict[str, dict[str, str]]:
    """Lot → what the question says of it, asked so much later."""
    later = f'"{(house.now() + after).isoformat()}"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    return {row["lot"]: row for row in table(house.registry, questions.question(name).text.replace("NOW()", later))}


def stopped(house: House, after: timedelta = timedelta(0)) -> str:
    return asked(house, "decided", after)["P-01"]["stopped_by"]


def test_a_released_lot_is_judged_under_the_version_that_its_release_names(house: House) -> None:
    """98.5 % CD73 passes version 1, which the release names, and fails version 2, in force now for P-02."""
    assert STRICTER.count(">=,99,%") == 1
    draft(house, TABLE)
    approve(house)
    for lot in ("P-01", "P-02"):
        house.lot(lot)
        house.submit(lot, name=f"{lot}.csv")
    house.decide("P-01", "release")
    draft(house, STRICTER, file="ours-2.csv")
    approve(house)
    found = table(
        house.registry,
        f"SELECT ?batch ?by ?shown WHERE {{ ?batch <{CPR}judgedAgainst> ?by ; <{CPR}verdict> ?shown }} ORDER BY ?batch",
    )
    told = [(row["by"].rpartition("/")[2], row["shown"].removeprefix(CPR)) for row in found]
    assert told == [("1", "Pass"), ("2", "Fail")]
    pages = [house.registry.lots.get(lot) for lot in ("P-01", "P-02")]
    assert [(one.specification.version if one.specification else "", one.verdict) for one in pages] == [
        ("1", "pass"), ("2", "fail"),
    ]  # fmt: skip
    assert asked(house, "released-and-not-passing") == {}
    assert house.registry.upkeep.audit().ok


def test_a_release_that_was_suspended_is_named_though_its_evidence_passes_again(house: House) -> None:
    """A bad panel came and was withdrawn: the page says suspended, and so does every question about releases."""
    house.lot("P-01")
    house.submit("P-01")
    house.decide("P-01", "release")
    assert (stopped(house), asked(house, "released-and-not-passing")) == ("", {})
    text = "lot,characteristic,value,unit,relation\nP-01,CD73,40,%,replicate\n"
    receipt = house.registry.submissions.submit("bad.csv", text.encode(), house.account("lab.one"))
    assert asked(house, "released-and-not-passing")["P-01"] == {
        "lot": "P-01",
        "verdict": "fail",
        "release": "suspended",
    }
    house.registry.submissions.withdraw(
        receipt.recorded[0].panel, reason="Another lot's.", name="q.two", password=SECRET
    )
    assert (house.state("P-01"), stopped(house)) == ("suspended", "suspended")
    assert asked(house, "released-and-not-passing")["P-01"] == {
        "lot": "P-01",
        "verdict": "pass",
        "release": "suspended",
    }
    house.decide("P-01", "release")
    assert (house.state("P-01"), stopped(house), asked(house, "released-and-not-passing")) == ("released", "", {})
    assert house.registry.upkeep.audit().ok


def test_a_conditional_release_whose_time_is_over_has_lapsed(house: House) -> None:
    """Until then it stands; what comes in time ends the wait, what comes late leaves it suspended."""
    draft(house, TWO_STEPS)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    house.release_on_condition("P-01", 15 * DAY)
    assert [stopped(house, after) for after in (DAY, MONTH)] == ["", "lapsed"]
    assert asked(house, "released-and-not-passing", MONTH)["P-01"]["release"] == "lapsed"
    endotoxin(house)
    house.pass_time(MONTH)
    culture(house)
    assert (house.state("P-01"), stopped(house)) == ("suspended", "suspended")


def test_what_comes_in_time_leaves_a_conditional_release_standing(house: House) -> None:
    """Nothing is awaited any more, so the time that was named ends nothing."""
    draft(house, TWO_STEPS)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    house.release_on_condition("P-01", 15 * DAY)
    endotoxin(house)
    culture(house)
    assert [stopped(house, after) for after in (DAY, MONTH)] == ["", ""]


def test_what_a_lot_inherits_is_followed_as_its_own_results_are(house: House) -> None:
    """The frozen lot's panel is withdrawn after the thawed lot's release: the graph knows, without being made anew."""
    thawed(house, "F-01")
    house.decide("T-01", "release", by="q.two")
    assert asked(house, "released-and-not-passing") == {}
    (panel,) = [one.panel for one in house.registry.lots.get("F-01").panels]
    house.registry.submissions.withdraw(panel, reason="Tubes were swapped.", name="lab.one", password=SECRET)
    assert house.state("T-01") == "suspended"
    assert asked(house, "released-and-not-passing")["T-01"]["release"] == "suspended"
    assert house.registry.upkeep.audit().ok
