"""Mechanisms, the types of evidence that a claim of one may name, and the potency assays by which lots show them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from registry.identifiers import CPR
from registry.vocabulary.term_files import LABEL, named_alone, own


@cache
def mechanisms() -> Mapping[str, str]:
    """IRI → name of each biological process that may be claimed (Gene Ontology)."""
    return _named("Mechanism")


@cache
def evidence_types() -> Mapping[str, str]:
    """IRI → name of each type of evidence that a claim may name (Evidence and Conclusion Ontology)."""
    return _named("EvidenceType")


@cache
def potency_assays() -> frozenset[str]:
    """The IRIs of the characteristics that are potency assays."""
    return frozenset(own().of_type(CPR + "PotencyAssay"))


def _named(kind: str) -> Mapping[str, str]:
    facts = named_alone()
    return {iri: facts.text(iri, LABEL) for iri in sorted(facts.of_type(CPR + kind))}
