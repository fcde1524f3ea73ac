"""Publications as records: a DOI, what is known of it, and what cites it.

The same publication may be entered again with more that cites it: what its records say adds up, for nothing is edited.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry.domain import CitedPublication, Recorded
from registry.identifiers import Names
from registry.records import Description, Record, describe, write
from registry.records.rdf_terms import IRI
from registry.records.writer import RDFS_LABEL, Key, RecordWriter, links, needed, of_kind, text, whole

PUBLICATION = "publication"


def write_publication(publication: CitedPublication, names: Names) -> Record:
    """The publication's record."""
    writer = RecordWriter(names.publication(publication.doi), "publication").say("doi", publication.doi)
    writer.say(RDFS_LABEL, publication.title).say("year", publication.year)
    writer.link("citedForProduct", *(names.product(product) for product in publication.products))
    writer.link("citedForIndication", *publication.indications).link("citedForCriterion", *publication.criteria)
    return write(writer.triples)


def read_publication(record: Record, entry: Recorded, names: Names) -> CitedPublication:
    """What this record says of a publication."""
    (about,) = of_kind(describe(record), "publication")
    products = (names.id_of(iri, "product") for iri in links(about, "citedForProduct"))
    return CitedPublication(
        doi=needed(about, "doi"),
        title=text(about, RDFS_LABEL),
        year=whole(about, "year"),
        products=tuple(sorted(product for product in products if product)),
        indications=tuple(sorted(links(about, "citedForIndication"))),
        criteria=tuple(sorted(links(about, "citedForCriterion"))),
        entry=entry,
    )


def publication_keys(descriptions: dict[IRI, Description], _names: Names) -> Iterator[Key]:
    """A publication, by its DOI."""
    (about,) = of_kind(descriptions, "publication")
    yield PUBLICATION, needed(about, "doi")
