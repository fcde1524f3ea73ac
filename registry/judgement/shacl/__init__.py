"""SHACL at work: evidence against specifications, records against the shapes of their kind. The only pySHACL user."""

from __future__ import annotations

from registry.judgement.shacl.criteria import BATCH, judge, report_turtle
from registry.judgement.shacl.record_form import FormProblem, check_form, form_problems, kinds

__all__ = ["BATCH", "FormProblem", "check_form", "form_problems", "judge", "kinds", "report_turtle"]
