"""Panels as plain JSON: the model that programs send, and the only module that knows pydantic.

    {"panels": [{"lot": "P-07", "stage": "after thaw",
                 "results": [{"characteristic": "CD73", "value": 98.50, "unit": "%"}]}]}

A result has the fields of a long table's columns, and is read by the same rules. A number keeps the text that was sent:
98.50 stays 98.50 and never passes through a float. A field that nobody knows is refused, never ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, WithJsonSchema

from registry.domain import Notice
from registry.errors import TooLarge, Unreadable
from registry.intake.checks.patient_data import find_patient_data, refuse_patient_data
from registry.intake.rows import RawResult, shown
from registry.intake.tabular.columns import OPTIONAL, nearly
from registry.intake.tabular.grid import MAX_CELL, MAX_ROWS
from registry.intake.tabular.tables import Table

MAX_BYTES = 5_000_000
MAX_PANELS = 10_000


class Number(str):
    """The text of a JSON number, to the letter."""

    __slots__ = ()


def _text(value: object) -> object:
    if isinstance(value, Number):
        raise ValueError("a number; put it in quotation marks")
    return value


def _printed(value: object) -> object:
    """A text, or a number as it was sent. Inside pydantic a plain int or float comes from Python alone."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text), Field(max_length=MAX_CELL)]
Printed = Annotated[
    str,
    BeforeValidator(_printed),
    Field(max_length=MAX_CELL),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": MAX_CELL}, {"type": "number"}]}),
]


class ResultIn(BaseModel):
    """One result as printed: value, unit and what else is known of it."""

    model_config = ConfigDict(extra="forbid", title="Result")

    characteristic: Text = Field(description="A marker or test by any printed name: CD73, viability, CD45-/CD105+.")
    value: Printed = Field(description='As printed: 98.5, "<0.5", "negative", "not tested". Numbers keep their text.')
    unit: Text = Field("", description="As printed: %, EU/mL. Never guessed; empty for words.")
    comparator: Text = Field("", description="One of <, ≤, =, ≥, > where it does not stand with the value.")
    status: Text = Field("", description="ok, not evaluable or not tested.")
    relation: Text = Field("", description="replicate, retest or correction.")
    supersedes: Printed = Field("", description="What a retest or correction supersedes: an address, a panel, row N.")
    reason: Text = Field("", description="Why a retest or correction was made.")
    method: Text = ""
    tested_at: Text = ""
    analyst: Text = ""
    instrument: Text = ""
    clone: Text = ""
    fluorochrome: Text = ""
    reagent_lot: Text = ""
    events: Printed = ""
    parent_population: Text = ""
    passage: Printed = ""
    duration: Text = Field("", description="With its unit: 14 days.")
    species: Text = Field("", description="The product's, if it is said at all; another one is refused.")
    note: Text = ""


class PanelIn(BaseModel):
    """The results of one lot at one stage."""

    model_config = ConfigDict(extra="forbid", title="Panel")

    lot: Text = Field(description="The lot's identifier.")
    stage: Text = Field("", description="Where in the lot's life: at freezing, after thaw, before infusion.")
    results: list[ResultIn] = Field(min_length=1)


class PanelsIn(BaseModel):
    """The body of ``POST /api/v1/panels`` as application/json, and a ``.json`` file for ``check`` and ``submit``."""

    model_config = ConfigDict(extra="forbid", title="Panels")

    panels: list[PanelIn] = Field(min_length=1, max_length=MAX_PANELS)


def schema() -> dict[str, Any]:
    """The model as JSON Schema 2020-12, its parts under ``#/components/schemas``, for an OpenAPI document."""
    made = PanelsIn.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = made.pop("$defs")
    return {**parts, "PanelsIn": made}


def document(data: bytes) -> Any | None:
    """The JSON document, its numbers as text, when it is plain panels; None when it is not (JSON-LD is not).

    Raises ``Unreadable`` for a field that stands twice in one object.
    """
    twice: list[str] = []
    try:
        parsed = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=lambda pairs: _once(pairs, twice),
            parse_float=Number,
            parse_int=Number,
            parse_constant=Number,
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(parsed, dict) or any(key.startswith("@") for key in parsed):
        return None
    if twice:
        raise Unreadable(
            "The JSON says a field twice in one object: which of them is meant?",
            expected="every field once",
            found=shown(twice[0]),
        )
    return parsed


def read_json(document: Any, data: bytes, file: str) -> Table:
    """The raw results of plain JSON. A result's row is its ordinal number in the file, from 1.

    Raises ``Unreadable`` naming every field that does not fit, ``TooLarge``, or ``PatientData``.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"{file} is larger than panels are.", expected=f"at most {MAX_BYTES:,} bytes", found=f"{len(data):,} bytes"
        )
    refuse_patient_data(find_patient_data(_answers(document)), file)
    try:
        panels = PanelsIn.model_validate(document).panels
    except ValidationError as error:
        raise _misfit(error, file) from None
    raws: list[RawResult] = []
    for panel in panels:
        for result in panel.results:
            raws.append(_raw(len(raws) + 1, panel, result))
    if len(raws) > MAX_ROWS:
        raise TooLarge(f"{file} holds too many results.", expected=f"at most {MAX_ROWS:,}", found=f"{len(raws):,}")
    return Table(tuple(raws), (), tuple[Notice, ...]())


def _raw(number: int, panel: PanelIn, result: ResultIn) -> RawResult:
    details = {name: getattr(result, name).strip() for name in OPTIONAL if name != "stage"}
    others = {name: text for name, text in {**details, "stage": panel.stage.strip()}.items() if text}
    lot, subject, value, unit = (text.strip() for text in (panel.lot, result.characteristic, result.value, result.unit))
    return RawResult(number, lot, subject, value, unit, others=others)


def _once(pairs: Iterable[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key, value in pairs:
        twice += [key] if key in members else []
        members[key] = value
    return members


def _answers(document: Any) -> Iterator[tuple[str, str]]:
    """Every field with its text, wherever it stands, and ``name: answer`` inside a text."""
    stack = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            for key, value in node.items():
                texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
                yield from ((key, text) for text in texts)
                yield from ((name, rest) for name, mark, rest in (text.partition(":") for text in texts) if mark)
                stack.append(value)


def _misfit(error: ValidationError, file: str) -> Unreadable:
    details = [_said(problem) for problem in error.errors(include_url=False, include_input=False)[:50]]
    return Unreadable(
        f"{file} is not JSON that can be read as panels: {details[0]}.",
        expected='{"panels": [{"lot", "stage", "results": [{"characteristic", "value", "unit", …}]}]}',
        found=f"{error.error_count()} {'misfit' if error.error_count() == 1 else 'misfits'}",
        where=file,
        todo="Mend the fields named and send it again; /api/v1/openapi.json describes each.",
        details=details,
    )


def _said(problem: Any) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{shown(str(part))}" for part in problem["loc"]).lstrip(
        "."
    )
    last = str(problem["loc"][-1]) if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        meant = nearly(last)
        return f"{place} is not a known field" + (f": is it meant as {meant}" if meant else "")
    if problem["type"] == "missing":
        return f"{place} is missing"
    return f"{place or 'the document'}: {shown(str(problem['msg']))}"


def schema_of(answers: Mapping[str, type]) -> dict[str, Any]:
    """The JSON Schemas of dataclasses as they are answered: decimals as text, times in ISO 8601, ``for_`` as ``for``.

    The classes stand under the names given, what they are made of under its own.
    """
    parts: dict[str, Any] = {}
    for name, answer in answers.items():
        made = TypeAdapter(answer).json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        parts |= {part: _as_answered(shape) for part, shape in made.pop("$defs", {}).items()}
        parts[name] = _as_answered(made)
    return parts


def _as_answered(part_shape: Any) -> Any:
    """Every field is always there, and a name that Python could not take loses its final underscore."""
    named = {name.rstrip("_"): shape for name, shape in part_shape.get("properties", {}).items()}
    return {**part_shape, "properties": named, "required": sorted(named)}
