"""A table to fill in for one specification: a row for everything it asks for, and nothing else.

    lot,stage,characteristic,value,unit,method,duration
    ,after thaw,viability,,%,trypan blue,
    ,,sterility,,,BacT/ALERT,14 d

Unit, stage, method and duration stand where the specification asks for them; change a method or duration that was not
the one used, for it is what the result claims. Left unfilled, every row is refused for want of its lot and value.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry import workbook
from registry.csv_text import csv_text
from registry.domain import Criterion, Specification
from registry.errors import WrongUsage
from registry.vocabulary import Terms
from registry.vocabulary.durations import printed
from registry.vocabulary.populations import populations

FORMS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a grid in which each lot has a row: what a result in it is of.

    ``asks`` are those of ``method``, ``duration``, ``parent_population`` and ``events`` without which the specification
    is not shown, each with what it asks for. They are for whoever types a result to say: they are what it claims.
    """

    characteristic: str
    unit: str
    stage: str
    asks: tuple[tuple[str, str], ...]


def columns(specification: Specification, terms: Terms) -> tuple[Column, ...]:
    """A column for everything that the specification asks for; criteria that one result answers share one."""
    return tuple(dict.fromkeys(_column(criterion, terms) for criterion in specification.criteria))


def _column(criterion: Criterion, terms: Terms) -> Column:
    stage, name, unit, _method, duration = _row(criterion, terms)
    known = populations().get(criterion.population or "")
    asks = {
        "method": (criterion.method or "").replace("|", "or"),
        "duration": duration,
        "parent_population": known.label if known is not None else criterion.population or "",
        "events": f"{criterion.least_events or ''}" or (f"{criterion.confidence}" if criterion.confidence else ""),
    }
    return Column(name, unit, stage, tuple((field, asked) for field, asked in asks.items() if asked))


def template(specification: Specification, terms: Terms, form: str) -> bytes:
    """The table as CSV (UTF-8 with a byte order mark) or XLSX (text cells). ``WrongUsage`` for another form."""
    if form not in FORMS:
        raise WrongUsage("There is no template of this form.", expected=" or ".join(FORMS), found=form)
    rows = table(specification, terms)
    if form == "xlsx":
        return workbook.write([(specification.id, rows)])
    return csv_text(rows).encode("utf-8-sig")


def table(specification: Specification, terms: Terms) -> list[list[str]]:
    """Header and rows. Criteria that one result answers (two limits, two standings) share a row."""
    asked = list(dict.fromkeys(_row(criterion, terms) for criterion in specification.criteria))
    columns = ("stage", "characteristic", "unit", "method", "duration")
    header = ["lot", "stage", "characteristic", "value", "unit", "method", "duration"]
    used = [name for name in header if name in ("lot", "characteristic", "value", "unit")
            or any(row[columns.index(name)] for row in asked)]  # fmt: skip
    filled = [dict(zip(columns, row, strict=True)) for row in asked]
    return [used, *([row.get(name, "") for name in used] for row in filled)]


def _row(criterion: Criterion, terms: Terms) -> tuple[str, ...]:
    stage = terms.stages.get(criterion.stage, "") if criterion.stage else ""
    unit = terms.units[criterion.unit].label if criterion.unit else ""
    methods = [method.strip() for method in (criterion.method or "").split("|")]
    return (
        stage,
        _name(criterion, terms),
        unit,
        methods[0] if len(methods) == 1 else "",
        printed(criterion.duration) if criterion.duration is not None else "",
    )


def _name(criterion: Criterion, terms: Terms) -> str:
    """The name that intake reads as this characteristic: a cocktail by its markers."""
    for cocktail in terms.cocktails:
        if cocktail.iri == criterion.characteristic:
            return "|".join(sorted(terms.characteristics[iri].symbol for iri in cocktail.members))
    return terms.characteristics[criterion.characteristic].symbol
