"""What programs send and get, as JSON Schema: made from the model and the answers themselves, so that it cannot lag."""

from __future__ import annotations

from functools import cache
from typing import Any

from registry.intake.rdf import json_model
from registry.services.answers import HistoryLine, LotAnswer, LotLine, ProductAnswer
from registry.services.lots.inherited import InheritedDecision
from registry.services.mappings.approved import MappingAnswer
from registry.services.mappings.drafts import MappingDraft
from registry.services.outcomes.views import OutcomeReceipt
from registry.services.submissions.receipt import SubmissionReceipt

ANSWERS = {
    "Lot": LotAnswer,
    "LotLine": LotLine,
    "Product": ProductAnswer,
    "HistoryLine": HistoryLine,
    "InheritedDecision": InheritedDecision,
    "Receipt": SubmissionReceipt,
    "OutcomeReceipt": OutcomeReceipt,
    "Mapping": MappingAnswer,
    "MappingDraft": MappingDraft,
}


@cache
def components() -> dict[str, Any]:
    """The schemas of an OpenAPI 3.1 document, by name."""
    return json_model.schema() | json_model.schema_of(ANSWERS)
