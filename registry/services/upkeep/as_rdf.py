"""A registry's things as RDF: what was entered about a lot, product, study, publication or claim; records, terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import quote

from registry import specifications
from registry.errors import Unknown
from registry.graph.store.projection import facts, shown
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.namespaces import prefixes
from registry.records import IRI, RDF_TYPE, Record, Triple, serialise, triples, verified
from registry.records.kinds import in_graph
from registry.records.literature.claim import CLAIM
from registry.records.literature.publication import PUBLICATION
from registry.services.claims.book import ClaimBook
from registry.services.studies.study_terms import SCHEMA, beside_the_record

_PREFIXES = prefixes("cpr", "obo", "dcterms", "prov", "rdfs", "sh", "xsd")


class AsRdf:
    """One registry's things as RDF. ``term`` gives a term's triples, ``derive`` what follows for lots."""

    def __init__(
        self,
        ledger: Ledger,
        reader: LotReader,
        names: Names,
        term: Callable[[str], list[Triple]],
        derive: Callable[[Sequence[str]], Mapping[str, bytes]],
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._names = names
        self._term = term
        self._derive = derive

    def write(self, subject: str, identifier: str, media_type: str) -> bytes:
        """A lot, product, study, publication, claim, record, entry or term in one media type; raises Unknown."""
        base = self._names.base
        places = {
            place: f"{base}{place}/"
            for place in ("lot", "product", "study", "publication", "claim", "panel", "record", "file")
        }
        return serialise(self._triples(subject, identifier), media_type, {**_PREFIXES, "schema": SCHEMA, **places})

    def _triples(self, subject: str, identifier: str) -> Iterator[Triple]:
        if subject == "term":
            yield from self._term(identifier)
        elif subject == "record":
            yield from triples(self._shown(identifier))
        elif subject == "specification":
            name, _, version = identifier.partition("/")
            yield from triples(verified(specifications.load(name, version or None).ntriples))
        elif subject == "lot":
            lot = self._reader.lot(identifier).id
            yield from self._entered("lot", lot)
            for ntriples in self._derive([lot]).values():
                yield from triples(verified(ntriples))
        elif subject == "product":
            yield from self._entered("product", self._reader.product(identifier).id)
        elif subject == "study":
            study = self._reader.study(identifier)
            yield from self._entered("study", study.id)
            yield from beside_the_record(study, self._names)
        elif subject == "entry":
            told = facts(self._ledger.entry(int(identifier)), self._names.base)
            yield from triples(verified(b"".join(sorted(told.splitlines(keepends=True)))))
        elif subject in (PUBLICATION, CLAIM):
            yield from self._cited(subject, identifier)
        else:
            raise Unknown(
                "There is no such kind of thing.",
                expected="lot, product, study, publication, claim, record or specification",
                found=subject,
            )

    def _cited(self, subject: str, identifier: str) -> Iterator[Triple]:
        """What was entered of a publication or claim; the withdrawal of a claim too."""
        book = ClaimBook(self._ledger, self._names)
        if subject == CLAIM:
            yield from self._entered(CLAIM, book.claim(identifier).id)
            return
        known = book.publication(identifier)
        yield from self._entered(PUBLICATION, known.doi)
        iri = IRI(self._names.publication(known.doi))
        yield iri, RDF_TYPE, IRI(SCHEMA + "ScholarlyArticle")
        yield iri, IRI(SCHEMA + "sameAs"), IRI(f"https://doi.org/{quote(known.doi, safe='/().:;-_')}")

    def _shown(self, digest: str) -> Record:
        """A record that anybody may read; what was given is read as an administration, by whoever may see it."""
        record = self._ledger.record(digest)
        if not in_graph(record.ntriples):
            raise Unknown("This record is about what was given to somebody.", expected="a record of the graph",
                          found=digest, todo="Look at the administration.")  # fmt: skip
        return record

    def _entered(self, subject: str, key: str) -> Iterator[Triple]:
        for entry in self._ledger.entries(key=(subject, key)):
            if entry.record is not None and shown(entry):
                yield from triples(self._ledger.record(entry.record))
