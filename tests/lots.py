"""Lots for tests: results written as a laboratory prints them, read by the registry's own reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from registry import vocabulary
from registry.domain import Evidence, LotVerdict, Reading, Result, Source, Specification
from registry.identifiers import CPR
from registry.intake import values as measurement
from registry.judgement import evidence, judge

TERMS = vocabulary.load()
LOT = "P-07"
SIX = {"CD73": "98.5", "CD90": "99.1", "CD105": "97.0", "CD45": "0.4", "CD34": "0.6", "HLA-DR": "1.1"}
"""A panel that shows the six identity criteria."""


def result(name: str, printed: str, *, row: int = 2, unit: str = "%", lot: str = LOT, file: str = "panel.csv",
           **more: Any) -> Result:  # fmt: skip
    """One row of a panel table: ``result("CD73", "98.5")``."""
    characteristic = TERMS.characteristic(name)
    known = TERMS.unit(unit, characteristic) if unit else None
    return Result(
        lot=lot, characteristic=characteristic.iri, label=characteristic.symbol, printed=printed,
        reading=measurement.read(printed, characteristic, known), source=Source(file, row, "value"),
        unit=known.iri if known else None, unit_printed=unit, **more,
    )  # fmt: skip


def stated(name: str, state: str, **more: Any) -> Result:
    """A row whose value is ``not evaluable`` or ``not tested``."""
    characteristic = TERMS.characteristic(name)
    row = more.pop("row", 2)
    return Result(
        lot=LOT, characteristic=characteristic.iri, label=characteristic.symbol, printed=state,
        reading=Reading(state=state), source=Source("panel.csv", row, "value"), **more,
    )  # type: ignore[arg-type]  # fmt: skip


def cocktail(names: str, printed: str, *, row: int = 2, **more: Any) -> Result:
    """One figure for several markers: ``cocktail("CD34|CD45|HLA-DR", "0.9")``."""
    members = tuple(TERMS.characteristic(name).iri for name in names.split("|"))
    one = result(names.split("|", maxsplit=1)[0], printed, row=row)
    return Result(
        lot=LOT, characteristic=CPR + "Cocktail", label=names, printed=printed, reading=one.reading, members=members,
        source=one.source, unit=one.unit, unit_printed="%", **more,
    )  # fmt: skip


def panel(values: dict[str, str] | None = None, **changed: str | None) -> list[Result]:
    """The six as rows 2 to 7; ``panel(CD34=None)`` leaves one out, ``panel(CD34="2.1")`` changes one."""
    rows = dict(SIX if values is None else values) | {name.replace("_", "-"): value for name, value in changed.items()}
    kept = [(name, value) for name, value in rows.items() if value is not None]
    return [result(name, value, row=row) for row, (name, value) in enumerate(kept, start=2)]


def derive(specification: Specification, results: Sequence[Result], criterion: str, **how: Any) -> list[Evidence]:
    """The evidence for one criterion."""
    found = evidence.derive(specification, LOT, results, TERMS, **how)
    return [one for one in found if one.criterion == criterion]


def judged(specification: Specification, results: Sequence[Result], **how: Any) -> LotVerdict:
    """One lot judged as a release judges it: by SHACL and by the plain comparison, which must agree."""
    return judge.judge_lots(specification, {LOT: results}, TERMS, compare=True, **how)[0]


def verdicts(specification: Specification, results: Sequence[Result], **how: Any) -> dict[str, str]:
    """The verdict of each criterion by its id."""
    return {verdict.id: verdict.verdict for verdict in judged(specification, results, **how).criteria}
