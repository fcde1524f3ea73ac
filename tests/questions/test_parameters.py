"""Values are bound as RDF terms, and come back from the engine as the very values that were given."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Store

from registry.errors import WrongUsage
from registry.questions import Parameter, bind
from registry.questions.parameters import parsed

QUERY = "SELECT ?value WHERE {\n  #@parameters\n}"
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=80).map(str.strip)


def bound(kind: str, value: str) -> Literal:
    text = bind(QUERY, (Parameter("value", kind, "", "It."),), {"value": value}, {})
    (row,) = Store().query(text)  # type: ignore[union-attr]
    return row[0]  # type: ignore[index,return-value]


@given(TEXTS)
def test_any_text_comes_back_as_it_was(value: str) -> None:
    """Quotes, backslashes, braces, comment signs: letters like any other."""
    assert bound("text", value) == Literal(value)


@given(st.integers(-(10**17), 10**17))
def test_any_integer_comes_back(value: int) -> None:
    """As xsd:integer."""
    assert (int(bound("integer", str(value)).value), bound("integer", "1").datatype.value[-7:]) == (value, "integer")


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False))
def test_any_decimal_comes_back(value: Decimal) -> None:
    """As xsd:decimal, without an exponent."""
    assert Decimal(bound("decimal", str(value)).value) == value


@given(st.dates())
def test_any_date_comes_back(value: date) -> None:
    """As xsd:date."""
    assert bound("date", value.isoformat()).value == value.isoformat()


@given(st.text(max_size=60))
def test_no_iri_breaks_out_of_its_brackets(value: str) -> None:
    """What an IRI may not hold is refused, whatever a resolver answers."""
    try:
        text = bind(QUERY, (Parameter("value", "disease", "", "It."),), {"value": "x"}, {"disease": lambda _: value})
    except WrongUsage:
        return
    assert text.count(">") == 1
    assert json.dumps(value)[1:-1].count(" ") == 0


def test_a_parameter_line_is_read() -> None:
    """A default with spaces stands in quotation marks."""
    assert parsed("day date today The day.") == Parameter("day", "date", "today", "The day.")
    assert parsed('words text "two words" Some words.') == Parameter("words", "text", "two words", "Some words.")
    for line in ("day", "day moment now The day.", "day date"):
        with pytest.raises(WrongUsage):
            parsed(line)
