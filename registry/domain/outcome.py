"""What was seen of somebody to whom a lot was given, on one day or at one visit: results without a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.domain.panel import Result
from registry.domain.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcomes of one administration on one day, or at one visit of its study's schedule, read from one file.

    ``administration`` is its key, which leads to no recipient, and stands where the lot of a panel's result does. At
    least one of ``day`` and ``visit`` (from 1; 0 is before anything was given) is set. ``file`` is the digest of the
    kept copy, in which keys stand in the place of codes.
    """

    id: str
    administration: str
    results: tuple[Result, ...]
    day: date | None = None
    visit: int | None = None
    file: str = ""
    file_name: str = ""
    synthetic: bool = False
    entry: Recorded | None = None


def detail(result: Result, column: str) -> str:
    """An optional column of a result as printed: ``assay``, ``laboratory``, ``site``, ``grade``; empty without it."""
    return next((text for name, text in result.details if name == column), "")
