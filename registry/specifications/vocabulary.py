"""The names a specification is written in: ours, SHACL Core's, and how a specification's IRIs are made."""

from __future__ import annotations

from decimal import Decimal

from rdflib import Namespace
from rdflib.namespace import SH

from registry import identifiers
from registry.domain import Standing
from registry.namespaces import prefixes

CPR = Namespace(identifiers.CPR)

PREFIXES = tuple(prefixes("cpr", "dcterms", "obo", "rdf", "rdfs", "sh", "xsd").items())

STANDINGS: dict[Standing, tuple[str, str]] = {
    "gating": (str(CPR.Gating), str(SH.Violation)),
    "reference": (str(CPR.Reference), str(SH.Warning)),
    "informative": (str(CPR.Informative), str(SH.Info)),
}

_CORE = """
    NodeShape PropertyShape Shape Violation Warning Info IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral
    IRIOrLiteral alternativePath and class closed datatype deactivated defaultValue description disjoint equals flags
    group hasValue ignoredProperties in inversePath languageIn lessThan lessThanOrEquals maxCount maxExclusive
    maxInclusive maxLength message minCount minExclusive minInclusive minLength name node nodeKind not oneOrMorePath
    or order path pattern property PropertyGroup qualifiedMaxCount qualifiedMinCount qualifiedValueShape
    qualifiedValueShapesDisjoint severity targetClass targetNode targetObjectsOf targetSubjectsOf uniqueLang xone
    zeroOrMorePath zeroOrOnePath
"""
SHACL_CORE = frozenset(_CORE.split())
"""SHACL Core, W3C Recommendation 20 July 2017, sections 2 to 4: the vocabulary of shapes graphs."""


def specification_iri(identifier: str, version: str | None = None) -> str:
    """``…/specification/<id>``, or ``…/specification/<id>/<version>``."""
    return f"{identifiers.SPECIFICATIONS}{identifier}" + (f"/{version}" if version is not None else "")


def criterion_iri(identifier: str, version: str | None, criterion: str) -> str:
    """``…/<id>/<version>#<criterion>``; without a version, the criterion that every version is a version of."""
    return f"{specification_iri(identifier, version)}#{criterion}"


def decimal_text(value: Decimal) -> str:
    """The canonical form of an xsd:decimal (XSD 1.1 part 2, 3.3.3.2): ``95``, ``0.5``, ``-1.25``; never an exponent."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
