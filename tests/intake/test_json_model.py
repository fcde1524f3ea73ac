"""Plain JSON: the same results as a table, numbers to the letter, unknown fields refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import intake
from registry.domain import Intake
from registry.errors import PatientData, RegistryError, Unreadable
from registry.intake.rdf.json_model import PanelIn, ResultIn, schema
from registry.intake.tabular.columns import OPTIONAL, REQUIRED
from tests.intake.inputs import TERMS, places, read_values, table


def said(text: str) -> Intake:
    return intake.read("panel.json", text.encode(), TERMS)


def panels(*results: dict[str, Any], lot: str = "P-07", **more: Any) -> Intake:
    return said(json.dumps({"panels": [{"lot": lot, "results": list(results), **more}]}))


def one(**more: Any) -> dict[str, Any]:
    return {"panels": [{"lot": "P", "results": [{**CD73, **more}]}]}


ONE = "List should have at least 1 item after validation, not 0"
STRING = "Input should be a valid string"
CD73 = {"characteristic": "CD73", "value": 98.5, "unit": "%"}


def test_a_panel_says_what_the_same_table_says() -> None:
    """Only the place differs: a result's row is its number in the file."""
    read = panels(CD73, {"characteristic": "CD45", "value": "<0.5", "unit": "%", "method": "flow"}, stage="after thaw")
    rows = ("P-07,CD73,98.5,%,after thaw,", "P-07,CD45,<0.5,%,after thaw,flow")
    same = table(*rows, header="lot,characteristic,value,unit,stage,method")
    assert [(r.lot, r.characteristic, r.reading, r.stage, r.details) for r in read.results] == [
        (r.lot, r.characteristic, r.reading, r.stage, r.details) for r in same.results
    ]
    assert [(r.source.file, r.source.row, r.source.column) for r in read.results] == [
        ("panel.json", 1, "value"),
        ("panel.json", 2, "value"),
    ]


@pytest.mark.parametrize("number", ["98.50", "1.07E+06", "0.30000000000000004", "1e-7", "98.4567890123456789012345"])
def test_a_number_keeps_the_text_that_was_sent(number: str) -> None:
    """It never passes through a float."""
    unit = "cells/mL"
    text = '{"panels":[{"lot":"P","results":[{"characteristic":"viable cell concentration","value":%s,"unit":"%s"}]}]}'
    assert [result.printed for result in said(text % (number, unit)).results] == [number]


def test_rows_in_error_are_named_and_other_lots_read() -> None:
    """No unit, out of range, and what JSON alone can say: NaN."""
    text = json.dumps({"panels": [
        {"lot": "P-1", "results": [{"characteristic": "CD73", "value": 0.97}]},
        {"lot": "P-2", "results": [{"characteristic": "CD73", "value": 101, "unit": "%"}]},
        {"lot": "P-3", "results": [{"characteristic": "CD73", "value": float("nan"), "unit": "%"}]},
        {"lot": "P-4", "results": [CD73]},
    ]})  # fmt: skip
    read = said(text)
    assert places(read) == [("P-1", 1, "value"), ("P-2", 2, "value"), ("P-3", 3, "value")]
    assert read_values(read) == [("P-4", "CD73", "98.5", 4)]


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ({}, "panels is missing"),
        ({"panels": []}, f"panels: {ONE}"),
        ({"panels": [{"lot": "P", "results": []}]}, f"panels[0].results: {ONE}"),
        (one(comparater="<"), "panels[0].results[0].comparater is not a known field: is it meant as comparator"),
        (one(verdict="pass"), "panels[0].results[0].verdict is not a known field"),
        (one(value=None), f"panels[0].results[0].value: {STRING}"),
        (one(value=True), f"panels[0].results[0].value: {STRING}"),
        (
            {"panels": [{"lot": 7, "results": [CD73]}]},
            "panels[0].lot: Value error, a number; put it in quotation marks",
        ),
    ],
)
def test_what_does_not_fit_the_model_is_refused_by_name(document: Any, detail: str) -> None:
    """Every misfit with its place."""
    with pytest.raises(Unreadable) as caught:
        said(json.dumps(document))
    assert caught.value.details == (detail,)


def test_a_field_said_twice_is_refused() -> None:
    """Which of them is meant?"""
    with pytest.raises(Unreadable) as caught:
        said('{"panels":[{"lot":"P","results":[{"characteristic":"CD73","value":98,"value":88,"unit":"%"}]}]}')
    assert caught.value.found == "value"


def test_a_patients_name_is_refused_before_the_model_is_asked() -> None:
    """In a field of its own, or inside a text."""
    for result in ({**CD73, "patient_name": "Jo Doe"}, {**CD73, "note": "Patient name: Jo Doe"}):
        with pytest.raises(PatientData):
            panels(result)


def test_json_ld_under_the_same_ending_is_still_json_ld() -> None:
    """What begins with @ is RDF."""
    document = {
        "@context": "https://w3id.org/cell-product-registry/context.jsonld",
        "type": "Panel",
        "lot": "P-07",
        "result": [{"type": "Result", "characteristic": "CD73", "valueAsPrinted": 98.5, "unitAsPrinted": "%"}],
    }
    assert read_values(said(json.dumps(document))) == [("P-07", "CD73", "98.5", 1)]


def test_the_model_has_a_tables_columns() -> None:
    """A column that is added to tables is missed here until the model has it."""
    assert set(ResultIn.model_fields) | set(PanelIn.model_fields) - {"results"} == {*REQUIRED, *OPTIONAL}
    assert sorted(schema()) == ["PanelIn", "PanelsIn", "ResultIn"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8), lambda v: st.lists(v, max_size=3)
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*ResultIn.model_fields, "x"]), VALUES), VALUES)
def test_no_document_makes_the_reader_fail_other_than_by_its_own_error(result: dict[str, Any], lot: Any) -> None:
    """Anything in any field."""
    try:
        said(json.dumps({"panels": [{"lot": lot, "results": [{**CD73, **result}]}]}))
    except RegistryError:
        return


def test_broken_json_is_told_as_json() -> None:
    """Whoever writes panels has never heard of JSON-LD."""
    with pytest.raises(Unreadable) as caught:
        intake.read("b.json", b'{"panels": [', TERMS)
    assert (caught.value.message, caught.value.expected) == (
        "b.json is not JSON: it breaks off, or is misspelt.",
        'JSON: {"panels": [{"lot": …, "results": [{"characteristic": …, "value": …}]}]}, or JSON-LD',
    )
