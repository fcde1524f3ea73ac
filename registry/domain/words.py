"""The controlled words: each a closed choice."""

from __future__ import annotations

from typing import Literal

Standing = Literal["gating", "reference", "informative"]
CriterionOutcome = Literal["pass", "fail", "undetermined", "missing"]
LotOutcome = Literal["pass", "fail", "incomplete"]
State = Literal["not evaluable", "not tested"]
Relation = Literal["replicate", "retest", "correction"]
Operator = Literal[">=", ">", "<=", "<", "range", "one of"]
Due = Literal["before release", "after release"]
Rounding = Literal["none", "round to limit"]
