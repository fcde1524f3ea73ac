"""Specifications: read from SHACL, compiled to SHACL, and those that come with the registry."""

from __future__ import annotations

from registry.specification.check import problems
from registry.specification.compile import build, canonical, property_shapes
from registry.specification.departures import departures, unjustified
from registry.specification.diff import Difference, compared, differences
from registry.specification.lint import Finding, lint
from registry.specification.read import read
from registry.specification.shelf import LISTED, load, names, nearest, shipped
from registry.specification.turtle import turtle
from registry.specification.vocabulary import criterion_iri, decimal_text, specification_iri

__all__ = [
    "LISTED",
    "Difference",
    "Finding",
    "build",
    "canonical",
    "compared",
    "criterion_iri",
    "decimal_text",
    "departures",
    "differences",
    "lint",
    "load",
    "names",
    "nearest",
    "problems",
    "property_shapes",
    "read",
    "shipped",
    "specification_iri",
    "turtle",
    "unjustified",
]
