"""What takes two persons: nobody releases on results of their own, or alone on what is left of a failure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.domain import Result, Withdrawal
from registry.errors import Refused
from registry.release import second_person
from tests.lots import result
from tests.release.test_release import facts, panel

FIRST = replace(result("CD73", "91"), iri="urn:first")
RETEST = replace(result("CD73", "98"), iri="urn:second", relation="retest", supersedes="urn:first")
TAKEN_BACK = replace(
    panel(),
    withdrawn=Withdrawal("p1", "the wrong tube", replace(panel("lab.berg").entry, position=6)),
)
FAILS = "lab.berg withdrew the panel p1 (the wrong tube), which fails: CD73 is 91 %."


def test_whoever_submitted_a_lots_results_does_not_release_it() -> None:
    """EU GMP Part IV; 21 CFR 11.10(g). A panel that was withdrawn bars nobody."""
    assert second_person.submitted_here(facts(), "lab.li") == [
        "lab.li submitted results of this lot (panel p1): another member signs."
    ]
    assert second_person.submitted_here(facts(), "q.one") == []
    assert second_person.submitted_here(facts(panels=(TAKEN_BACK,)), "lab.li") == []


@pytest.mark.parametrize(
    ("signer", "members", "refused", "to_know"),
    [
        ("lab.berg", {"lab.berg", "q.one"}, [f"{FAILS} Another member of the quality unit signs."], []),
        ("q.one", {"lab.berg", "q.one"}, [], [f"{FAILS} Read why before you sign."]),
        ("lab.berg", {"lab.berg"}, [], [
            f"{FAILS} You set it aside yourself, and no other member of the quality unit can sign: read again why."
        ]),
    ],
)  # fmt: skip
def test_whoever_set_a_failure_aside_does_not_release_on_what_is_left(
    signer: str, members: set[str], refused: list[str], to_know: list[str]
) -> None:
    """Unless nobody else can; and whoever signs reads of it before (EU GMP 6.35)."""
    lot = facts(panels=(TAKEN_BACK,))
    failures = list(second_person.panels_set_aside(lot, lambda _results: ["CD73 is 91 %."]))
    assert second_person.refused_alone(lot, failures, signer, members) == refused
    assert second_person.to_know(lot, failures, signer, members) == to_know


def test_whoever_submitted_a_retest_does_not_accept_it() -> None:
    """Another member does."""
    lot = facts(panels=(replace(panel(), results=(FIRST, RETEST)),))
    with pytest.raises(Refused) as refusal:
        second_person.check_another_accepts(lot, "urn:second", "lab.li")
    assert refusal.value.message == "lab.li submitted this retest: another member accepts it."
    assert (refusal.value.expected, refusal.value.found) == ("another signer", "lab.li")
    second_person.check_another_accepts(lot, "urn:second", "q.one")


@pytest.mark.parametrize(
    ("results", "apart"),
    [
        ([FIRST, RETEST], [FIRST, RETEST]),
        ([RETEST], [replace(RETEST, relation=None, supersedes=None)]),
    ],
)
def test_a_retest_of_a_result_that_stands_elsewhere_is_held_to_its_own_value(
    results: list[Result], apart: list[Result]
) -> None:
    """A panel by itself hides behind no other."""
    assert second_person.apart(results) == apart
