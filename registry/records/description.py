"""A record read by subject: what it says of each thing.

Example: ``describe(record)[lot].text(CPR_PASSAGE)`` is ``"4"``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from registry.errors import Unreadable
from registry.records.canonical import Record, triples
from registry.records.rdf_terms import IRI, RDF_TYPE, Literal, Object, Triple


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
    """``{subject: Description}`` of a record, or of triples, in order of first mention."""
    descriptions: dict[IRI, Description] = {}
    for subject, predicate, object_ in triples(record) if isinstance(record, Record) else record:
        description = descriptions.setdefault(subject, Description(subject))
        description.objects.setdefault(predicate, []).append(object_)
    return descriptions
