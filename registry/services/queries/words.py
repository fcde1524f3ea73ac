"""The words of the vocabulary, each with its sentence: what a page says of a word that a reader asks about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from registry import vocabulary
from registry.identifiers import CPR
from registry.namespaces import DCTERMS, RDFS, SKOS
from registry.records import describe, read_turtle


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its name as a term of ours (``Verdict``), how it is called, what it means, an example, its source."""

    name: str
    label: str
    definition: str
    example: str
    source: str


@cache
def words() -> dict[str, Word]:
    """``{name: Word}`` of every term of ours that has a sentence, by what it is called (ontology/product.ttl)."""
    product = next(data for name, data in vocabulary.graph_files() if name == "product.ttl")
    listed = [
        Word(
            str(iri).removeprefix(CPR),
            told.text(RDFS + "label") or "",
            told.text(SKOS + "definition") or "",
            told.text(SKOS + "example") or "",
            told.text(DCTERMS + "source") or "",
        )
        for iri, told in describe(read_turtle(product)).items()
        if iri.startswith(CPR)
    ]
    known = [word for word in listed if word.label and word.definition]
    return {word.name: word for word in sorted(known, key=lambda word: (word.label.casefold(), word.name))}
