"""The words of a criterion say what its limit says: a specification cannot contradict itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from registry import specifications
from registry.domain import Criterion, Specification
from registry.specifications import table
from registry.specifications.wording import claims, contradictions
from tests.lots import TERMS

IDENTITY = specifications.load("msc-identity")
CD45 = next(one for one in IDENTITY.criteria if one.id == "cd45")


@pytest.mark.parametrize("spec", specifications.shipped(), ids=lambda spec: f"{spec.id}@{spec.version}")
def test_no_shipped_specification_contradicts_itself(spec: Specification) -> None:
    assert [text for criterion in spec.criteria for text in contradictions(criterion)] == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("At least 95 % of the cells", [("low", "95", False)]),
        (">= 95 %", [("low", "95", False)]),
        ("more than 70 %", [("low", "70", True)]),
        ("Fewer than 0.1 % of the cells", [("high", "0.1", True)]),
        ("not more than 5 EU/mL", [("high", "5", False)]),
        ("must not exceed 5 EU/mL", [("high", "5", False)]),
        ("at least 20 million living cells", [("low", "20000000", False)]),
        ("at least 20,000,000 cells", [("low", "20000000", False)]),
        ("at most 2E7 cells", [("high", "2E+7", False)]),
        ("more than 8 and less than 48 h", [("low", "8", True)]),
        ("at least 2 and at most 2.5.", [("low", "2", False), ("high", "2.5", False)]),
        ("cultured for at least 14 days", []),
        ("of at least 50000 events", []),
        ("No bacteria or fungi may grow.", []),
        ("CD45 negative", []),
    ],
)
def test_what_a_sentence_states(text: str, stated: list[tuple[str, str, bool]]) -> None:
    """A time is no limit of a percentage, nor is a number of events."""
    assert [(one.side, str(one.value), one.excluded) for one in claims(text)] == stated


@pytest.mark.parametrize(
    ("changed", "is_sound"),
    [
        ({"message": "At most 2 % of the cells may be CD45 positive."}, True),
        ({"message": "At most 2.0 % of the cells may be CD45 positive."}, True),
        ({"message": "Hardly any cell may carry it."}, True),
        ({"message": "At most 5 % of the cells may be CD45 positive."}, False),
        ({"message": "Fewer than 2 % of the cells may be CD45 positive."}, False),
        ({"message": "At least 2 % of the cells must be CD45 positive."}, False),
        ({"message": "At most 2 %, and never above 1 %."}, False),
        ({"name": "CD45 <= 5 %"}, False),
        ({"name": "CD45 <= 2 %"}, True),
    ],
)
def test_words_that_say_another_limit_are_an_error_of_lint(changed: dict[str, str], is_sound: bool) -> None:
    """And what lint calls an error is not drafted."""
    spec = replace(IDENTITY, criteria=tuple(_with(one, changed) for one in IDENTITY.criteria))
    findings = specifications.lint(spec, TERMS)
    assert {(one.code, one.severity, one.criterion) for one in findings} == (
        set() if is_sound else {("words-contradict-limit", "error", "cd45")}
    )


@pytest.mark.parametrize(("message", "is_read"), [("At most 2 % carry it.", True), ("At most 5 % carry it.", False)])
def test_a_table_whose_words_say_another_limit_is_not_read(message: str, is_read: bool) -> None:
    head = "specification,ours\nversion,1\ntitle,Ours\nsource,a document\n\n"
    rows = f"id,characteristic,operator,limit,unit,message\ncd45,CD45,<=,2,%,{message}\n"
    if is_read:
        assert table.draft("ours.csv", (head + rows).encode(), TERMS).criteria[0].message == message
        return
    with pytest.raises(table.Misread) as refusal:
        table.draft("ours.csv", (head + rows).encode(), TERMS)
    (error,) = refusal.value.errors
    assert (error.row, error.column, error.message) == (
        7, "message", "The message says 'At most 5', and the limit says <= 2."
    )  # fmt: skip


def _with(criterion: Criterion, changed: dict[str, str]) -> Criterion:
    return replace(criterion, **changed) if criterion.id == CD45.id else criterion


def test_a_range_states_both_of_its_limits() -> None:
    ranged = replace(CD45, operator="range", low=Decimal(1), high=Decimal(2), high_open=True)
    assert list(contradictions(replace(ranged, message="at least 1 and less than 2 %"))) == []
    assert list(contradictions(replace(ranged, message="at least 1 and at most 2 %"))) == [
        "the message says 'at most 2', and the limit says >= 1 and < 2"
    ]
