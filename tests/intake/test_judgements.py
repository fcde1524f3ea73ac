"""A bare ``pass`` says what somebody concluded and not what was seen: it is refused of every test alike."""

from __future__ import annotations

import pytest

from registry import vocabulary
from registry.domain import Intake
from registry.intake import read

TERMS = vocabulary.load()
IN_WORDS = sorted(each.symbol for each in TERMS.characteristics.values() if each.outcomes and each.kind == "test")
WORDS = ("pass", "Passed", "complies", "satisfactory", "bestanden", "conforme", "合格")


def told(name: str, word: str) -> Intake:
    """A table of one result."""
    return read("panel.csv", f'lot,characteristic,value,unit\nP-01,"{name}",{word},\n'.encode(), TERMS)


@pytest.mark.parametrize("name", IN_WORDS)
def test_a_bare_judgement_is_refused_of_every_test(name: str) -> None:
    """Sterility, trilineage, STR identity: one rule."""
    for word in WORDS:
        file = told(name, word)
        assert [(error.row, error.column, error.found) for error in file.errors] == [(2, "value", word)], word
        assert file.results == ()


def test_no_outcome_of_the_vocabulary_is_called_a_pass() -> None:
    """Whatever reads a word, a table or RDF or a specification's limit, finds no such outcome."""
    names = {name.casefold() for each in TERMS.characteristics.values() for outcome in each.outcomes
             for name in outcome.names}  # fmt: skip
    assert names.isdisjoint(word.casefold() for word in WORDS)
