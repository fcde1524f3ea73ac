"""SHACL at work: evidence against specifications, records against the shapes of their kind.

``compiled``       the compiled engine, for whatever is interactive or many; its only user
``engine``         pySHACL, the reference that judges every release; its only user
``criteria``       evidence judged by either, with controls
``record_shapes``  the shapes of the kinds of record
``record_form``    whether a record is well formed, and what is wrong with it
``compiled_form``  whether it is well formed, told by the compiled engine
"""

from __future__ import annotations

from registry.judgement.shacl.compiled import REFERENCE
from registry.judgement.shacl.compiled import name as engine_name
from registry.judgement.shacl.criteria import batch_size, judge, report_turtle
from registry.judgement.shacl.record_form import FormProblem, check_form, form_problems
from registry.judgement.shacl.record_shapes import kinds

__all__ = [
    "REFERENCE", "FormProblem", "batch_size", "check_form", "engine_name", "form_problems", "judge", "kinds",
    "report_turtle",
]  # fmt: skip
