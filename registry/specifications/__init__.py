"""Specifications: read from SHACL, compiled to SHACL, and those that come with the registry."""

from __future__ import annotations

from registry.specifications.compiler import build, canonical, property_shapes
from registry.specifications.departures import departures, departures_of
from registry.specifications.difference import Difference, compared, differences
from registry.specifications.form import problems
from registry.specifications.identity import (
    cites,
    gaps_at_release,
    lack_of_substance,
    needs_second_member,
    refusals,
    unjustified,
    waived,
    weaker,
)
from registry.specifications.lint import Finding, lint
from registry.specifications.reader import read
from registry.specifications.shipped import LISTED, load, names, nearest, shipped
from registry.specifications.turtle import turtle
from registry.specifications.vocabulary import criterion_iri, decimal_text, specification_iri

__all__ = [
    "LISTED",
    "Difference",
    "Finding",
    "build",
    "canonical",
    "cites",
    "compared",
    "criterion_iri",
    "decimal_text",
    "departures",
    "departures_of",
    "differences",
    "gaps_at_release",
    "lack_of_substance",
    "lint",
    "load",
    "names",
    "nearest",
    "needs_second_member",
    "problems",
    "property_shapes",
    "read",
    "refusals",
    "shipped",
    "specification_iri",
    "turtle",
    "unjustified",
    "waived",
    "weaker",
]
