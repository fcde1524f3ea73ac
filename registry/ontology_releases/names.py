"""The few names of RDF, OWL and OBO that releases are read by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from registry.identifiers import CPR, OBO
from registry.namespaces import OWL, RDF, RDFS

OIO = "http://www.geneontology.org/formats/oboInOwl#"
RDF_TYPE = RDF + "type"
LABEL = RDFS + "label"
SUB_CLASS, SUB_PROPERTY = RDFS + "subClassOf", RDFS + "subPropertyOf"
DEPRECATED, REPLACED_BY, CONSIDER = OWL + "deprecated", OBO + "IAO_0100001", OIO + "consider"
REASON, XREF = OBO + "IAO_0000231", OIO + "hasDbXref"
DEFINITION = OBO + "IAO_0000115"
# An id that was merged into a term's own; and the reason for obsolescence that says so.
ALTERNATIVE_ID, TERMS_MERGED = OIO + "hasAlternativeId", OBO + "IAO_0000227"
SYNONYMS = tuple(OIO + kind for kind in ("hasExactSynonym", "hasNarrowSynonym", "hasBroadSynonym", "hasRelatedSynonym"))

HUMAN, IN_TAXON = OBO + "NCBITaxon_9606", OBO + "RO_0002162"
CARRIES, HIGH, LOW, LACKS = OBO + "RO_0002104", OBO + "RO_0015015", OBO + "RO_0015016", OBO + "CL_4030046"
# What the Cell Ontology states of a class's surface, and the property of ours that a slice says it with.
MARKER_FACTS = {CARRIES: CPR + "carries", HIGH: CPR + "carriesHigh", LOW: CPR + "carriesLow", LACKS: CPR + "lacks"}
# Older IRIs of the same relations: high and low until 2022, lacks until 2023 (facts of the Cell Ontology's history).
FORMER = {
    OBO + "cl#lacks_plasma_membrane_part": LACKS,
    OBO + "cl#has_high_plasma_membrane_amount": HIGH,
    OBO + "cl#has_low_plasma_membrane_amount": LOW,
}


Triples: TypeAlias = Sequence[tuple[str, str, str]]

_CURIE = re.compile(r"(?:obo:)?([A-Za-z]+)[:_](\d+)")


def iri_of(text: str) -> str:
    """The IRI of a term however a release writes it: IRI, ``CL:0000134``, ``obo:CL_0000134``; else the text itself."""
    match = _CURIE.fullmatch(text.strip())
    return f"{OBO}{match[1]}_{match[2]}" if match else text.strip()


def curie_of(iri: str) -> str:
    """``CL:0000134`` of an OBO IRI; any other IRI as it is."""
    local = iri.removeprefix(OBO)
    return local.replace("_", ":", 1) if local != iri and "#" not in local else local
