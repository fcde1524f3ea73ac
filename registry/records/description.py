"""A record read by subject: what it says of each thing.

Example: ``describe(record)[lot].text(CPR_PASSAGE)`` is ``"4"``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from registry.errors import Unreadable
from registry.records.canonical import Record, triples
from registry.records.rdf_terms import IRI, RDF_TYPE, Literal, Object, Triple

SHORT, NEWEST = 65_536, 512
"""Bytes of a record whose description is kept at most, and how many are."""


@dataclass(frozen=True, slots=True)
class Description:
    """Everything that a record says of one subject: predicate → objects, in the record's order."""

    iri: IRI
    objects: dict[str, list[Object]] = field(default_factory=dict)

    @property
    def types(self) -> tuple[str, ...]:
        """The IRIs of its classes."""
        return tuple(str(kind) for kind in self.all(RDF_TYPE) if isinstance(kind, IRI))

    def all(self, predicate: str) -> tuple[Object, ...]:
        """Every object of ``predicate``."""
        return tuple(self.objects.get(predicate, ()))

    def one(self, predicate: str) -> Object | None:
        """The object of ``predicate``, or None; raises Unreadable when there are several."""
        values = self.objects.get(predicate)
        if not values:
            return None
        if len(values) > 1:
            raise Unreadable(
                f"There are several values of <{predicate}>.",
                expected="one",
                found=", ".join(map(str, values))[:300],
                where=self.iri,
            )
        return values[0]

    def text(self, predicate: str) -> str | None:
        """The one literal of ``predicate`` as written, or None; raises Unreadable for several, or for a link."""
        term = self.one(predicate)
        if isinstance(term, IRI):
            raise Unreadable(f"The value of <{predicate}> is a link.", expected="a literal", found=term, where=self.iri)
        return term.value if isinstance(term, Literal) else None

    def link(self, predicate: str) -> IRI | None:
        """The one IRI of ``predicate``, or None; raises Unreadable for several, or for a literal."""
        term = self.one(predicate)
        if isinstance(term, Literal):
            raise Unreadable(
                f"The value of <{predicate}> is a text.", expected="an IRI", found=term.value[:200], where=self.iri
            )
        return term

    def links(self, predicate: str) -> tuple[IRI, ...]:
        """Every IRI that ``predicate`` links to; literals are left out."""
        return tuple(term for term in self.all(predicate) if isinstance(term, IRI))


def describe(record: Record | Iterable[Triple]) -> dict[IRI, Description]:
    """``{subject: Description}`` of a record, or of triples, in order of first mention. To be read, never changed.

    A record that was described just now, such as one that was entered and is followed by lists and graph, is not read
    again: the same bytes say the same.
    """
    if not isinstance(record, Record):
        return _described(record)
    return _known(record) if len(record.ntriples) <= SHORT else _described(triples(record))


@lru_cache(maxsize=NEWEST)
def _known(record: Record) -> dict[IRI, Description]:
    return _described(triples(record))


def _described(triples: Iterable[Triple]) -> dict[IRI, Description]:
    descriptions: dict[IRI, Description] = {}
    for subject, predicate, object_ in triples:
        description = descriptions.get(subject)
        if description is None:
            description = descriptions[subject] = Description(subject)
        objects = description.objects.get(predicate)
        if objects is None:
            description.objects[predicate] = [object_]
        else:
            objects.append(object_)
    return descriptions
