"""Specifications: read from SHACL, compiled to SHACL, and those that come with the registry.

``vocabulary``  the names a specification is written in
``form``        whether it contradicts itself
``compiler``    criteria to SHACL
``turtle``      the SHACL as text that a person can read
``reader``      SHACL back to the specification: fail closed
``table``       as a table that a quality unit writes
``lint``        what a quality unit would want to be told before it approves
``shipped``     those that come with the registry
``limits``      a limit as text: ``95``, ``8 to 48``
``overlap``     which criteria ask about the same
``strictness``  whether a change lets more lots through
``difference``  two specifications, criterion by criterion
``wording``     whether a criterion's words say what its limit says
``identity``    whether it may be approved: identity is not waived
``departures``  where one falls short of its cell type's identity
"""

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
