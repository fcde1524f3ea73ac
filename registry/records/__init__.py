"""Records: a named graph ⇄ canonical bytes ⇄ a digest, and what each kind of entry means.

Example: ``write([(lot, RDF_TYPE, IRI(CPR + "Lot"))]).digest`` is ``"sha256:…"``.

Of any record:

``rdf_terms``    RDF terms as plain values, and the one written form of each literal
``canonical``    triples ⇄ canonical N-Triples bytes, and their SHA-256
``parser``       foreign N-Triples and Turtle into a record
``description``  a record read by subject
``serialiser``   triples as Turtle, JSON-LD or N-Triples, for readers

Of each kind:

``kinds``        the table: shape, codec, keys, signed or not, whom it concerns
``writer``       what the codecs share
``lot``          products and lots
``panel``        panels and submissions
``decision``     decisions, approvals, acceptances and withdrawals
``mapping``      what a laboratory's instruments call things
``clinic``       moves of containers, and administrations
``study``        studies
``literature``   publications, claims and their withdrawals
``ontology``     loads of ontologies, and replacements of obsolete terms
``index_keys``   under what each kind is found again
``keys``         the same of one entry, as its row has it
"""

from __future__ import annotations

from registry.records.canonical import MAX_BYTES, MAX_TRIPLES, Record, digest_of, triples, verified, write
from registry.records.description import Description, describe
from registry.records.parser import read_ntriples, read_turtle
from registry.records.rdf_terms import (
    IRI,
    RDF_LANG_STRING,
    RDF_TYPE,
    XSD_BOOLEAN,
    XSD_DATE,
    XSD_DATETIME,
    XSD_DECIMAL,
    XSD_INTEGER,
    XSD_STRING,
    Literal,
    Object,
    Triple,
    canonical,
    iri,
    literal,
)
from registry.records.serialiser import serialise

__all__ = [
    "IRI", "MAX_BYTES", "MAX_TRIPLES", "RDF_LANG_STRING", "RDF_TYPE", "XSD_BOOLEAN", "XSD_DATE", "XSD_DATETIME",
    "XSD_DECIMAL", "XSD_INTEGER", "XSD_STRING", "Description", "Literal", "Object", "Record", "Triple", "canonical",
    "describe", "digest_of", "iri", "literal", "read_ntriples", "read_turtle", "serialise", "triples", "verified",
    "write",
]  # fmt: skip
