"""What intake says about a file, as the exact JSON that stands beside each example."""

from __future__ import annotations

from pathlib import Path

from registry import intake
from registry.domain import Interval, Result
from registry.errors import RegistryError
from registry.vocabulary import Terms


def report(path: Path, terms: Terms) -> dict[str, object]:
    """The results, errors and notices of a file; or its refusal as a whole."""
    try:
        found = intake.read(path.name, path.read_bytes(), terms)
    except RegistryError as refusal:
        return {"refused": refusal.as_dict()}
    return {
        "results": [said(result, terms) for result in found.results],
        "errors": [error.as_dict() for error in found.errors],
        "notices": [notice.as_dict() for notice in found.notices],
    }


def said(result: Result, terms: Terms) -> dict[str, object]:
    """A result in one line, without what is empty."""
    reading = result.reading
    every = {
        "lot": result.lot,
        "label": result.label,
        "characteristic": terms.curie(result.characteristic),
        "printed": result.printed,
        "interval": interval(reading.interval) if reading.interval else None,
        "outcome": terms.label(reading.outcome) if reading.outcome else None,
        "state": reading.state,
        "finding": reading.text,
        "unit": terms.label(result.unit) if result.unit else None,
        "stage": terms.label(result.stage) if result.stage else None,
        "members": [terms.label(member) for member in result.members],
        "gate": result.gate,
        "relation": result.relation,
        "supersedes": result.supersedes,
        "reason": result.reason,
        "details": dict(result.details),
        "row": result.source.row,
        "column": result.source.column,
    }
    return {name: value for name, value in every.items() if value}


def interval(bounds: Interval) -> str:
    """``[98.5, 98.5]``, ``[0, 0.5)``, ``[2, ∞)``."""
    low = "-∞" if bounds.low is None else f"{bounds.low}"
    high = "∞" if bounds.high is None else f"{bounds.high}"
    left = "(" if bounds.low_open or bounds.low is None else "["
    right = ")" if bounds.high_open or bounds.high is None else "]"
    return f"{left}{low}, {high}{right}"
