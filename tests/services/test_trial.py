"""What a specification would change, over every lot: the same as the gate says of each, and nothing is kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from registry.errors import Corrupt, WrongUsage
from registry.judgement import independent
from registry.services import Registry
from registry.services.lot_index import columns
from registry.services.specifications.trial import Changed, CriterionChange
from tests.services.conftest import House
from tests.services.test_drafting import TABLE

STRICTER = TABLE.replace("cd105,CD105,>=,95", "cd105,CD105,>=,97")


def lots(house: House) -> None:
    house.lot("P-01")
    house.submit("P-01")
    house.decide("P-01", "release")
    house.lot("P-02")
    house.submit("P-02", CD105="96.2")
    house.lot("P-03")
    house.submit("P-03", CD34="2.5")
    house.lot("P-04")
    house.lot("P-05")


def test_only_what_would_be_judged_otherwise_is_listed(house: House) -> None:
    """P-02 would fail, P-03 would pass; what is released and passes, and what has no result, stays as it is."""
    lots(house)
    draft = house.registry.specifications.compiled(
        "ours.csv", STRICTER.replace("cd34,CD34,<=,2", "cd34,CD34,<=,3").encode()
    )
    trial = house.registry.specifications.try_out(draft)
    assert (trial.lots, trial.ledger_size) == (5, house.registry.size())
    assert trial.changed == (
        Changed("P-02", "not released", "pass", "fail", (CriterionChange("cd105", "pass", "fail"),)),
        Changed("P-03", "not released", "fail", "pass", (CriterionChange("cd34", "fail", "pass"),)),
    )
    assert ([each.lot for each in trial.no_longer], [each.lot for each in trial.newly]) == ([], ["P-03"])


def test_a_released_lot_that_would_no_longer_conform_is_named(house: House) -> None:
    lots(house)
    draft = house.registry.specifications.compiled("ours.csv", STRICTER.replace("97", "98").encode())
    trial = house.registry.specifications.try_out(draft)
    assert [(each.lot, each.state) for each in trial.no_longer] == [("P-01", "released")]
    assert house.registry.lots.get("P-01").answer.state == "released"
    assert trial.by_criterion[0] == (CriterionChange("cd105", "pass", "fail"), 2)


def test_a_limit_that_somebody_types_is_tried_as_a_draft_with_it_would_be(house: House) -> None:
    lots(house)
    shelf = house.registry.specifications
    now, stricter = shelf.named("msc-identity"), shelf.compiled("ours.csv", STRICTER.encode())
    typed = shelf.try_limit(now, "cd105", "97")
    assert typed is not None
    assert typed.changed == shelf.try_out(stricter).changed
    assert [each.lot for each in typed.changed] == ["P-02"]
    for criterion, limit in (("cd105", "97 %"), ("cd105", "1e9"), ("cd105", ""), ("no-such", "97")):
        with pytest.raises(WrongUsage):
            shelf.try_limit(now, criterion, limit)


def test_a_page_does_not_wait_while_many_lots_are_to_be_judged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    lots(house)
    shelf = house.registry.specifications
    monkeypatch.setattr(columns, "stale_lines", lambda _ledger: 201)
    assert shelf.quick_trial(shelf.named("isct-2006")) is None


def test_what_the_comparison_judges_otherwise_is_an_error(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    lots(house)
    draft = house.registry.specifications.compiled("ours.csv", STRICTER.encode())
    monkeypatch.setattr(independent, "compare", lambda _criterion, _evidence: "pass")
    with pytest.raises(Corrupt, match="do not agree"):
        house.registry.specifications.try_out(draft)


def test_it_is_what_the_gate_says_of_every_lot_of_the_demonstration(demonstration: Path, tmp_path: Path) -> None:
    """Every shipped specification of other limits: ``from`` and ``to`` are what each lot is judged by all three."""
    folder = tmp_path / "demo"
    shutil.copytree(demonstration, folder)
    registry = Registry.open(folder)
    names = [entry.lots[0] for entry in registry.ledger.entries(kind="lot")]
    states = [state for state in map(registry.states.one, names) if state.facts.lot.kind == "product lot"]
    for wanted in ("msc-identity", "isct-2006", "c17-chahal-2019-bone-marrow"):
        draft = registry.specifications.named(wanted)
        trial = registry.specifications.try_out(draft)
        changed = {each.lot: (each.state, each.before, each.after) for each in trial.changed}
        asked = [(state.facts, draft, state.facts.results) for state in states]
        expected = {}
        for state, after in zip(states, registry.states.judged(asked, states[0].at, compare=True), strict=True):
            before = state.verdict.verdict if state.verdict else None
            if before != after.verdict:
                expected[state.facts.lot.id] = (state.status.state, before, after.verdict)
        assert (trial.lots, changed) == (len(states), expected)
        document = json.loads(json.dumps(trial.as_dict()))
        assert set(document) == {"specification", "lots", "changed", "ledger_size"}
        assert all(set(each) == {"lot", "state", "from", "to", "criteria"} for each in document["changed"])
    registry.close()
