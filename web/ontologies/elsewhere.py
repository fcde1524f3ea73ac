"""Ready questions about a term, to other services: a person opens them there, and nothing is asked from here.

of("DOID:5426", "http://purl.obolibrary.org/obo/DOID_5426", ())   (Elsewhere("Ontology Lookup Service", "https://…"), …)

Services: EBI's Ontology Lookup Service; Wikidata's Query Service (properties P699 Disease Ontology ID, P7963 Cell
Ontology ID, P3289 Cellosaurus ID); UniProt's and Cellosaurus' SPARQL endpoints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

_WIKIDATA = {"DOID": "P699", "CL": "P7963"}
_OLS = {"CL": "cl", "DOID": "doid", "UBERON": "uberon", "CLO": "clo", "PR": "pr"}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One question: to whom, where a person opens it, and its SPARQL (empty where the address is a page)."""

    service: str
    address: str
    query: str = ""


def of(curie: str, iri: str, xrefs: Sequence[str]) -> tuple[Elsewhere, ...]:
    """The questions about a term; none for a term of ours, which nobody else knows."""
    prefix, _, local = curie.partition(":")
    asked = []
    if prefix in _OLS:
        # The service's own addresses escape the IRI twice.
        page = f"https://www.ebi.ac.uk/ols4/ontologies/{_OLS[prefix]}/classes/{quote(quote(iri, safe=''), safe='')}"
        asked.append(Elsewhere("Ontology Lookup Service", page))
    if prefix in _WIKIDATA:
        identifier = curie if prefix == "DOID" else f"{prefix}_{local}"
        asked.append(_wikidata(_WIKIDATA[prefix], identifier))
    proteins = [f"<http://purl.uniprot.org/uniprot/{xref.removeprefix('UniProtKB:')}>" for xref in xrefs
                if xref.startswith("UniProtKB:")]  # fmt: skip
    if proteins:
        query = f"""PREFIX up: <http://purl.uniprot.org/core/>
SELECT ?protein ?name ?gene WHERE {{
  VALUES ?protein {{ {" ".join(proteins)} }}
  ?protein up:recommendedName/up:fullName ?name .
  OPTIONAL {{ ?protein up:encodedBy/<http://www.w3.org/2004/02/skos/core#prefLabel> ?gene }}
}}"""
        asked.append(Elsewhere("UniProt", f"https://sparql.uniprot.org/sparql?query={quote(query, safe='')}", query))
    return tuple(asked)


def of_line(accession: str) -> tuple[Elsewhere, ...]:
    """The questions about a cell line, by its Cellosaurus accession (``CVCL_9771``); none without one."""
    if not accession:
        return ()
    query = f"""PREFIX cello: <https://purl.expasy.org/cellosaurus/rdf/ontology/>
SELECT ?line ?name ?other WHERE {{
  VALUES ?accession {{ "{accession}" }}
  ?line cello:primaryAccession ?accession ; cello:recommendedName ?name .
  OPTIONAL {{ ?line cello:alternativeName ?other }}
}}"""
    address = f"https://sparql.cellosaurus.org/sparql?query={quote(query, safe='')}"
    return Elsewhere("Cellosaurus", address, query), _wikidata("P3289", accession)


def _wikidata(number: str, identifier: str) -> Elsewhere:
    query = f"""SELECT ?item ?itemLabel WHERE {{
  VALUES ?id {{ "{identifier}" }}
  ?item wdt:{number} ?id .
  SERVICE wikibase:label {{ bd:serviceParam wikibase:language "en" }}
}}"""
    return Elsewhere("Wikidata", f"https://query.wikidata.org/#{quote(query, safe='')}", query)
