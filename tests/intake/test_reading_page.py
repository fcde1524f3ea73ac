"""What the page ``docs/reference/reading.md`` says of names, values and units is what intake does."""

from __future__ import annotations

import re

import pytest

from registry import vocabulary
from registry.intake import read
from tests.conftest import ROOT

TERMS = vocabulary.load()
PAGE = (ROOT / "docs" / "reference" / "reading.md").read_text("utf-8")
# What an example of the page stands beside: (characteristic, unit), a value's; (characteristic, value), a unit's.
VALUES = {
    "24,000,000": ("viable cell number", "cells"), "24.000.000": ("viable cell number", "cells"),
    "n.d.": ("CD45", "%"), "-": ("CD45", "%"), "< LOD": ("CD45", "%"), "BLQ": ("CD45", "%"),
    "detected, < LOQ": ("CD45", "%"), "> LOQ": ("CD45", "%"),
    "<10 CFU/mL": ("mycoplasma", ""), "0 CFU/mL": ("mycoplasma", ""),
    "pending": ("sterility", ""), "inconclusive": ("sterility", ""), "ausstehend": ("sterility", ""),
    "pass": ("trilineage", ""), "complies": ("sterility", ""), "bestanden": ("mycoplasma", ""),
    "合格": ("sterility", ""), "5E6": ("viable cell concentration", "10*6/mL"), "negativ": ("sterility", ""),
    "kein Wachstum": ("sterility", ""), "négatif": ("mycoplasma", ""), "阴性": ("mycoplasma", ""),
    "positiv": ("sterility", ""), "阳性": ("mycoplasma", ""),
}  # fmt: skip
UNITS = {
    "10*6/mL": ("viable cell concentration", "1.2"), "[EU]/mL": ("endotoxin", "0.2"), "{CFU}/mL": ("mycoplasma", "12"),
    "‰": ("CD73", "985"), "fraction": ("CD73", "0.985"), "1": ("CD73", "0.985"), "mEU/mL": ("endotoxin", "200"),
    "% of live cells": ("CD73", "98.5"), "10e6 cells/mL": ("viable cell concentration", "1.2"),
    "M/mL": ("viable cell concentration", "1.2"),
}  # fmt: skip


def rows(section: str) -> list[tuple[list[str], str]]:
    """(examples, what happens) of each row of a section's table that gives examples."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")][1:]
    return [(examples, happens.strip()) for first, happens in lines if (examples := re.findall(r"`([^`]+)`", first))]


def fate(characteristic: str, value: str, unit: str) -> str:
    """What intake does with one row: read, kept (judged by nothing), or refused."""
    cells = ",".join(f'"{cell}"' for cell in ("P-01", characteristic, value, unit))
    file = read("panel.csv", f"lot,characteristic,value,unit\n{cells}\n".encode(), TERMS)
    if file.errors:
        return "refused"
    judged = [result for result in file.results if result.gate is None and result.reading.state is None]
    return "read" if judged else "kept"


def told(happens: str) -> set[str]:
    """The fates that the page gives an example without a mapping."""
    if "where an approved mapping" in happens:
        return {"refused"} if "else refused" in happens else {"read"}
    first = re.split(r"[\s,:;]", happens, maxsplit=1)[0]
    return {{"converted": "read"}.get(first, first)}


VALUE_ROWS = [(example, happens) for examples, happens in rows("Values") for example in examples]
UNIT_ROWS = [(example, happens) for examples, happens in rows("Units") for example in examples]
NAME_ROWS = [(example, happens) for examples, happens in rows("Names") for example in examples]


def test_every_example_of_the_page_is_tried() -> None:
    """A further row of the page needs what its examples stand beside."""
    assert {example for example, _happens in VALUE_ROWS} == set(VALUES)
    assert {example for example, _happens in UNIT_ROWS} == set(UNITS)
    assert len(NAME_ROWS) >= 14


@pytest.mark.parametrize(("example", "happens"), VALUE_ROWS)
def test_a_value_has_the_fate_that_the_page_says(example: str, happens: str) -> None:
    """Without a mapping."""
    characteristic, unit = VALUES[example]
    assert fate(characteristic, example, unit) in told(happens)


@pytest.mark.parametrize(("example", "happens"), UNIT_ROWS)
def test_a_unit_has_the_fate_that_the_page_says(example: str, happens: str) -> None:
    """Read, converted, or refused."""
    characteristic, value = UNITS[example]
    assert fate(characteristic, value, example) in told(happens)


@pytest.mark.parametrize(("example", "happens"), NAME_ROWS)
def test_a_name_has_the_fate_that_the_page_says(example: str, happens: str) -> None:
    """A marker's value of half the cells, a test's of one."""
    assert fate(example, "50", "%") in told(happens)
