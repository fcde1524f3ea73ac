"""The registry's words as plain values: frozen, comparable, free of IO.

Everything here is one noun of the vocabulary in ``docs/index.md``. Behaviour lives in the rooms that
use these values; the only behaviour here is what keeps a value from contradicting itself.
"""

from __future__ import annotations

from registry.model.intervals import Interval
from registry.model.panels import Intake, Notice, OpenName, Panel, Reading, Result, RowError, Source, with_unit
from registry.model.specifications import Criterion, Departure, Specification
from registry.model.verdicts import CriterionVerdict, Evidence, GroupVerdict, LotVerdict
from registry.model.words import CriterionOutcome, Due, LotOutcome, Operator, Relation, Rounding, Standing, State

__all__ = [
    "Criterion",
    "CriterionOutcome",
    "CriterionVerdict",
    "Departure",
    "Due",
    "Evidence",
    "GroupVerdict",
    "Intake",
    "Interval",
    "LotOutcome",
    "LotVerdict",
    "Notice",
    "OpenName",
    "Operator",
    "Panel",
    "Reading",
    "Relation",
    "Result",
    "Rounding",
    "RowError",
    "Source",
    "Specification",
    "Standing",
    "State",
    "with_unit",
]
