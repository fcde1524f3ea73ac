"""What files of RDF say, by subject and property: plain strings, as fast as they are parsed.

pyoxigraph parses and a dictionary answers. rdflib, which did both, took 130 milliseconds of every command for the files
of ``ontology/`` where this takes 25.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph

Triple = tuple[str, str, str]
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Facts:
    """Triples of IRIs and texts, indexed. A text is told from an IRI by nothing: the property says which it is."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[str, dict[str, list[str]]] = {}
        for subject, predicate, value in triples:
            self._about.setdefault(subject, {}).setdefault(predicate, []).append(value)

    @property
    def about(self) -> dict[str, dict[str, list[str]]]:
        """Everything: the values by property, by subject. Not to be written to."""
        return self._about

    def values(self, subject: str, predicate: str) -> list[str]:
        """Every value, in the order of the files."""
        return self._about.get(subject, {}).get(predicate, [])

    def text(self, subject: str, predicate: str) -> str:
        """The first value; empty when there is none."""
        return next(iter(self.values(subject, predicate)), "")

    def of_type(self, kind: str) -> list[str]:
        """The subjects of a type, in the order of the files."""
        return [subject for subject, properties in self._about.items() if kind in properties.get(RDF_TYPE, ())]

    def having(self, predicate: str) -> list[str]:
        """The subjects of which something is said with this property."""
        return [subject for subject, properties in self._about.items() if predicate in properties]


def turtle(data: bytes) -> Iterator[Triple]:
    """The triples of Turtle of our own: broken Turtle raises SyntaxError, which is a fault of ours."""
    for triple in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TURTLE):
        yield _plain(triple.subject), triple.predicate.value, _plain(triple.object)


def _plain(term: object) -> str:
    return term.value if isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal) else str(term)
