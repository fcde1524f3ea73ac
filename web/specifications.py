"""Specifications, read as a table in words, with the source of every limit and every departure said openly."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from flask import Blueprint, Response, render_template

from registry.model import Criterion, Specification
from web import answers
from web.access import ROLES, allow, registry

pages = Blueprint("specifications", __name__)


@pages.get("/specifications")
@pages.get("/specifications.<any(json,html):suffix>")
@allow(*ROLES)
def specifications(suffix: str = "") -> Response:
    """Every specification, as ``cell-registry specification list`` has it."""
    known = listed()
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"specifications": known},
        page=lambda: render_template("specifications.html", specifications=known),
    )


@pages.get("/specifications/<name>")
@pages.get("/specifications/<name>/<path:version>")
@allow(*ROLES)
def specification(name: str, version: str = "") -> Response:
    """One version, the newest when none is named."""
    last, suffix = answers.split(version or name)
    form = answers.form_for(suffix)
    found = registry().specification(name if version else last, last if version else None)
    return answers.answer(
        form,
        data=lambda: as_dict(found),
        page=lambda: _page(found),
        rdf=("specification", f"{found.id}/{found.version}"),
    )


def listed(product: str | None = None) -> list[dict[str, object]]:
    """Every specification with its departures: from the identity of the product's cell type, else of the human MSC."""
    return [
        {
            **{name: getattr(one, name) for name in ("id", "version", "title", "digest", "source")},
            "departures": [departure.as_dict() for departure in registry().departures(one, product)],
        }
        for one in registry().specifications()
    ]


def _page(found: Specification) -> str:
    terms = registry().terms
    limits, stages = {}, {}
    for item in found.criteria:
        known = terms.characteristics.get(item.characteristic)
        labels = {outcome.iri: outcome.label for outcome in known.outcomes} if known else {}
        unit = terms.units[item.unit].label if item.unit else ""
        limits[item.id] = limit(item, unit, [labels.get(outcome, outcome) for outcome in item.outcomes])
        stages[item.id] = terms.stages.get(item.stage, item.stage) if item.stage else ""
    return render_template(
        "specification.html", specification=found, limits=limits, stages=stages, departures=registry().departures(found)
    )


def as_dict(found: Specification) -> dict[str, object]:
    """The specification and its criteria as JSON; limits are strings, because JSON's numbers are not decimal."""
    names = ("id", "version", "iri", "title", "description", "source", "digest", "illustrative")
    answer: dict[str, object] = {name: getattr(found, name) for name in names}
    answer["departures"] = [departure.as_dict() for departure in registry().departures(found)]
    answer["criteria"] = [_criterion(criterion) for criterion in found.criteria]
    return answer


def _criterion(criterion: Criterion) -> dict[str, object]:
    values = {field.name: getattr(criterion, field.name) for field in fields(criterion)}
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def limit(criterion: Criterion, unit: str, outcomes: list[str]) -> str:
    """The acceptance limit in words: ``at least 95 %``, ``more than 0``, ``one of: no growth``."""
    tail = f" {unit}" if unit else ""
    match criterion.operator:
        case ">=":
            return f"at least {criterion.low}{tail}"
        case ">":
            return f"more than {criterion.low}{tail}"
        case "<=":
            return f"at most {criterion.high}{tail}"
        case "<":
            return f"less than {criterion.high}{tail}"
        case "range":
            ends = "exclusive" if criterion.low_open or criterion.high_open else "inclusive"
            return f"from {criterion.low} to {criterion.high}{tail}, {ends}"
        case _:
            return f"one of: {', '.join(outcomes)}"
