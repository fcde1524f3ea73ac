"""Verdicts are kept by what they hold: many small ones or a few large ones, and those asked for last."""

from __future__ import annotations

import pytest

from registry.domain import CriterionVerdict, Evidence, LotVerdict
from registry.services import verdict_cache
from registry.services.lots import kept_answers
from registry.services.verdict_cache import VerdictCache, VerdictKey, weight
from tests.services.conftest import House


def verdict(results: int) -> LotVerdict:
    """One criterion that so many results bear on."""
    evidence = tuple(Evidence("P-01", "cd73", present=True) for _result in range(results))
    criterion = CriterionVerdict("cd73", "CD73", "gating", "pass", ">= 95 %", "98 %", None, evidence=evidence)
    return LotVerdict("P-01", "pass", (criterion,))


def key(number: int, places: int = 1) -> VerdictKey:
    """A lot whose evidence changed at so many places."""
    return (((f"p-{number}", tuple(range(places))),), "sha256:00")


def test_a_verdict_weighs_its_criteria_its_evidence_and_the_places_it_is_kept_under() -> None:
    assert [weight(key(1, places), verdict(results)) for places, results in ((1, 0), (1, 7), (5, 7))] == [3, 10, 14]


def test_the_verdicts_asked_for_longest_ago_are_forgotten_while_all_weigh_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three of ten fit into thirty; one of twenty takes the place of two; one over thirty is not kept at all."""
    monkeypatch.setattr(verdict_cache, "MOST", 30)
    known, kept = VerdictCache(), []
    for number in (1, 2, 3):
        known.keep(key(number), verdict(7))
    known.get(key(1))
    for number, results in ((4, 17), (4, 17), (5, 7), (6, 40)):
        known.keep(key(number), verdict(results))
        kept.append([number for number in range(1, 7) if (key(number) in known._verdicts)])
    assert kept == [[1, 4], [1, 4], [4, 5], []]
    known.keep(key(1), verdict(7))
    known.clear()
    known.keep(key(2), verdict(27))
    assert len(known) == 1


def test_answers_are_kept_by_their_letters(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as fit, the one that was made longest ago forgotten first."""
    for lot in ("P-01", "P-02", "P-03"):
        house.lot(lot)
        house.registry.lots.kept(lot)
    kept = house.registry.lots._kept
    assert (len(kept._answers), kept._letters) == (3, sum(each.letters for each in kept._answers.values()))
    monkeypatch.setattr(kept_answers, "MOST", kept._letters - 1)
    house.submit("P-03")
    house.registry.lots.kept("P-03")
    assert [lot for lot, _role in kept._answers] == ["p-02", "p-03"]
    assert kept._letters == sum(each.letters for each in kept._answers.values())
