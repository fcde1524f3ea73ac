"""Specifications written for a test as a quality unit writes them: rows of a table."""

from __future__ import annotations

from registry import intake, specifications
from registry.domain import Result, Specification
from registry.specifications import table
from tests.lots import TERMS, judged

HEAD = "specification,ours\nversion,1\ntitle,Ours\nsource,a document\n\n"
COLUMNS = (
    "id,characteristic,operator,limit,unit,stage,standing,group,method,duration,due,window,inherited from,source\n"
)


def ours(*rows: str, head: str = HEAD) -> Specification:
    """A specification of these rows of a table; what a row does not say to its end is empty."""
    return table.read("ours.csv", (head + COLUMNS + "\n".join(_row(row) for row in rows)).encode(), TERMS)


def _row(text: str) -> str:
    return text + "," * (COLUMNS.count(",") - text.count(","))


def read(text: str, name: str = "panel.csv") -> list[Result]:
    """Results of one file, as a laboratory hands it in; nothing in it may be wrong."""
    said = intake.read(name, text.encode(), TERMS)
    assert said.errors == ()
    return list(said.results)


def one(spec: Specification, results: list[Result], **how: object) -> tuple[str, str]:
    """(verdict of the lot, of the last criterion)."""
    lot = judged(spec, results, **how)
    return lot.verdict, lot.criteria[-1].verdict


def codes(spec: Specification) -> list[tuple[str, str, str | None]]:
    """(severity, code, criterion) of what lint finds, but for identity markers that the example leaves out."""
    found = [(one.severity, one.code, one.criterion) for one in specifications.lint(spec, TERMS)]
    return [item for item in found if item[1] != "identity-left-out"]
