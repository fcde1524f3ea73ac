"""The demonstration told at length: what there is to look at, and that none of it leads to anybody."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import mean, stdev

import pytest

from registry.demo.story import PEOPLE
from registry.errors import NotAllowed
from registry.services import Account, Registry
from tests.people import LOCAL

CODE, KEY = re.compile(r"\bR-2\d\d\b"), re.compile(r"\bA-[0-9a-f]{16}\b")
STUDY = "NCT03877471"


def person(role: str) -> Account:
    """Whoever has this role in the demonstration."""
    name = next(name for name, (held, _printed) in PEOPLE.items() if held == role)
    return Account(name, PEOPLE[name][1], role)


@pytest.fixture(scope="module")
def told(whole_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A copy of it, open."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    shutil.copytree(whole_demonstration, folder)
    registry = Registry.open(folder)
    yield registry
    registry.close()


def shown(registry: Registry, criterion: str) -> dict[str, Decimal]:
    """What each lot of the two years showed for a criterion, in the order in which they were made."""
    trend = registry.lot_index.trend("hESC-M-ovary", criterion)
    assert trend is not None
    return {point.lot: point.low for point in trend.points if point.lot[0] == "T" and point.low is not None}


def test_forty_lots_of_two_years_are_what_they_were_made_up_to_be(told: Registry) -> None:
    """One outlier, one at the end of a drift, one unreadable, one positive after all, two that wait."""
    lots = [lot for lot in told.reader.lots_of("hESC-M-ovary") if lot.startswith("T-")]
    states = {state.facts.lot.id: state for state in told.states.of(lots)}
    odd = {lot: state.status.state for lot, state in states.items() if state.status.state != "released"}
    assert (len(states), odd) == (
        40,
        {"T-13": "rejected", "T-20": "not released", "T-25": "rejected", "T-26": "on hold", "T-39": "not released",
         "T-40": "not released"},
    )  # fmt: skip
    assert all(state.facts.lot.synthetic for state in states.values())
    made = [state.facts.lot.manufactured_on for state in states.values()]
    assert made == sorted(made)  # type: ignore[type-var]
    assert (made[-1] - made[0]).days > 700  # type: ignore[operator]
    assert [lot for lot, state in states.items() if state.facts.lot.derived_from == ("WCB-3",)] == lots[:27]


def test_a_bank_drifts_and_a_lot_is_out_of_its_trend(told: Registry) -> None:
    """CD105 falls until the bank is changed; T-31 is within its limit and far from all others in potency."""
    cd105 = [float(value) for value in shown(told, "cd105").values()]
    assert mean(cd105[:5]) - mean(cd105[22:27]) > 2
    assert mean(cd105[27:32]) - mean(cd105[22:27]) > 2
    panels = {state.facts.lot.id: state.facts.results for state in told.states.of(list(shown(told, "cd105")))}
    potency = {lot: float(result.printed) for lot, results in panels.items() for result in results
               if result.label == "inhibition of proliferation"}  # fmt: skip
    others = [value for lot, value in potency.items() if lot != "T-31"]
    assert potency["T-31"] < mean(others) - 4 * stdev(others)


def test_twenty_eight_recipients_are_followed_in_three_arms(told: Registry) -> None:
    """Visits of every state, one deviation, and the two lots' worth of findings that a late culture makes."""
    clinic = person("clinician")
    given = [each for lot in told.reader.lots_of("hESC-M-ovary") for each in told.administrations.of_lot(lot, clinic)]
    assert Counter(each.arm for each in given) == {"low": 9, "medium": 9, "high": 10}
    assert len({each.recipient for each in given}) == 28
    assert [each.recipient for each in told.administrations.deviations(clinic)] == ["R-214"]
    assert {visit.state for visit in told.outcomes.visits(clinic)} == {"planned", "due", "done", "late", "missed"}
    late = told.administrations.findings(clinic)
    assert [(each.administration.lot, each.because_of, each.open) for each in late] == [
        ("T-26", "T-26", False), ("T-26", "T-26", True), ("T-24", "T-26", True), ("T-24", "T-26", True),
        ("T-27", "T-26", True), ("T-27", "T-26", True),
    ]  # fmt: skip
    assert told.administrations.waiting(person("quality unit")) == (5, 1)
    assert told.studies.get(STUDY).administrations == 28


def test_no_code_stands_in_a_record_a_file_the_graph_or_an_export(told: Registry, tmp_path: Path) -> None:
    """Codes are in the entries of what was given, and nowhere else."""
    entries = list(told.ledger.entries())
    assert {entry.kind for entry in entries if CODE.search(str(entry.details))} == {"administration"}
    records = [told.ledger.record(entry.record).ntriples for entry in entries if entry.record]
    files = [told.ledger.file(digest)[1] for digest in {digest for entry in entries for digest in entry.files}]
    assert not [each for each in (*records, *files) if CODE.search(each.decode("utf-8", "replace"))]
    every = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(REGEX(STR(?o), '%s') || REGEX(STR(?s), '%s')) }"
    for pattern in ("R-2[0-9][0-9]$", "/(administration|outcome)/"):
        body = told.queries.query(every % (pattern, pattern), "text/csv", by=person("analyst")).body
        assert body == b"s,p,o\r\n"


def test_an_analyst_gets_bands_of_eight_and_no_single_administration(told: Registry) -> None:
    """No lot is named, no count is under eight; nor is the clinic's table a file for everybody."""
    analyst, clinic = person("analyst"), person("clinician")
    answer = told.outcomes.relation("CD105", "FSH", 4, analyst)
    assert (answer.by_lot, answer.made_up) == (False, True)
    assert all((group.name, group.recipients >= 8) == ("", True) for group in answer.groups)
    assert len(told.outcomes.relation("CD105", "FSH", 4, clinic).groups) >= 8
    happened = told.outcomes.relation("CD105", "menses", None, analyst).groups
    assert all(group.happened is None or group.happened in {0, group.recipients} or
               8 <= group.happened <= group.recipients - 8 for group in happened)  # fmt: skip
    assert told.outcomes.relation("CD105", "FSH", 11, analyst).recipients is None
    (table,) = {digest for entry in told.ledger.entries(kind="recipient-outcome") for digest in entry.files}
    assert KEY.search(told.submissions.file(table, clinic)[1].decode())
    for viewer in (analyst, person("submitter"), None):
        with pytest.raises(NotAllowed):
            told.submissions.file(table, viewer)


def test_a_trace_leads_from_the_line_to_a_container_and_from_an_administration_back(told: Registry) -> None:
    """Both ways, in one question."""
    clinic = person("clinician")
    forward = told.administrations.trace("hESC-line-X", clinic)
    assert len(forward.given) == 28
    given = next(each for each in forward.given if each.recipient == "R-203")
    back = told.administrations.trace(given.administration, LOCAL)
    assert [thing.id for thing in back.things] == ["hESC-line-X", "MCB-1", "WCB-3", "T-26"]
    assert [(each.containers, each.recipient) for each in back.given] == [((1,), None)]
    assert told.administrations.trace_any("R-203", clinic).given == (given,)


def test_containers_add_up_for_every_lot(told: Registry) -> None:
    """Made is what is in all states together."""
    for lot in told.reader.lots_of("hESC-M-ovary"):
        assert told.administrations.balance(lot).adds_up, lot
