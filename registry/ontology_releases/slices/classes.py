"""What is kept of a release, as values: its classes, what stands above each, what is told of its surface."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registry.judgement.contaminants import Pattern
from registry.ontology_releases.names import (
    CONSIDER,
    DEFINITION,
    DEPRECATED,
    LABEL,
    REASON,
    REPLACED_BY,
    SYNONYMS,
    XREF,
    Triples,
    iri_of,
)

LICENCES = {
    "cl": "https://creativecommons.org/licenses/by/4.0/",
    "doid": "https://creativecommons.org/publicdomain/zero/1.0/",
}
# The identifiers of SNOMED CT and UMLS are here as the Disease Ontology gives them out (CC0), and nothing else of them.
XREFS = re.compile(
    r"(BTO|CALOHA|FMA|MESH|ZFA|GARD|ICD10CM|ICD9CM|ICD11|ICDO|MIM|OMIM|NCI|ORDO|EFO|KEGG|MEDDRA|UMLS_CUI"
    r"|SNOMEDCT_US_[0-9_]+):\S+"
)
# xsd:boolean has four forms. Whatever else stands there, somebody meant to retire the term: it is not current.
NOT_DEPRECATED = frozenset({"false", "0"})


@dataclass(frozen=True, slots=True)
class Class:
    """One class of a slice. ``surface`` holds (property of ours, marker); ``parents`` are direct and inferred."""

    iri: str
    label: str = ""
    synonyms: tuple[tuple[str, str], ...] = ()
    parents: tuple[str, ...] = ()
    surface: tuple[tuple[str, str], ...] = ()
    xrefs: tuple[str, ...] = ()
    definition: str = ""
    deprecated: bool = False
    replaced_by: str | None = None
    consider: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """What is kept of a release."""

    ontology: str
    version: str
    date: str
    source: str
    digest: str
    classes: Mapping[str, Class]
    relations: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[Pattern, ...] = ()
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ntriples: bytes = field(default=b"", repr=False)

    @property
    def live(self) -> int:
        """How many classes are current."""
        return sum(not term.deprecated for term in self.classes.values())


def grouped(triples: Triples) -> dict[str, dict[str, set[str]]]:
    """What is said of each named subject, by property."""
    about: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value in triples:
        if not subject.startswith("_:"):
            about[subject][predicate].add(value)
    return about


def class_of(
    iri: str, about: Mapping[str, set[str]], parents: Iterable[str], surface: Iterable[tuple[str, str]]
) -> Class:
    """The class that these properties describe; an obsolete one stands nowhere and carries nothing."""
    label = min(about.get(LABEL, {""}))
    synonyms = {(kind, text) for kind in SYNONYMS for text in about.get(kind, ()) if text != label}
    deprecated = any(text.strip() not in NOT_DEPRECATED for text in about.get(DEPRECATED, ()))
    replaced = sorted(iri_of(iri) for iri in about.get(REPLACED_BY, ()))
    return Class(
        iri=iri,
        label=label,
        synonyms=tuple(sorted(synonyms)),
        parents=() if deprecated else tuple(sorted(parents)),
        surface=() if deprecated else tuple(sorted(surface)),
        xrefs=tuple(sorted(xref for xref in about.get(XREF, ()) if XREFS.fullmatch(xref))),
        definition=min(about.get(DEFINITION, {""})),
        deprecated=deprecated,
        replaced_by=replaced[0] if replaced else None,
        consider=tuple(sorted({iri_of(iri) for iri in about.get(CONSIDER, ())})),
        reason=min(about.get(REASON, {""})),
    )
