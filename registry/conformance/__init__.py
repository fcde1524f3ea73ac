"""SHACL at work: evidence against specifications, records against the shapes of their kind. The only pySHACL user."""

from __future__ import annotations

from registry.conformance.criteria import BATCH, judge, report_turtle

__all__ = ["BATCH", "judge", "report_turtle"]
