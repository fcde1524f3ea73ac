"""What the codecs of all kinds of record share: collecting the triples of one subject, and reading its values.

Example: ``RecordWriter(iri, "lot").say(IDENTIFIER, "P-07").triples``. ``term`` and ``word`` map a controlled word to
its term and back, so that no kind spells an IRI twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from registry.errors import Corrupt
from registry.identifiers import CPR, Names
from registry.namespaces import DCTERMS, PROV, RDFS
from registry.records import IRI, RDF_TYPE, Description, Object, Triple, literal

RDFS_LABEL = RDFS + "label"
IDENTIFIER = DCTERMS + "identifier"
DERIVED_FROM = PROV + "wasDerivedFrom"

Key = tuple[str, str]
"""Under what an entry is found again: the kind of key, and the key."""

Value = str | bool | int | Decimal | date | datetime


def term(word: str) -> str:
    """The term of ours for a controlled word: ``cell bank`` is ``cpr:CellBank``."""
    return CPR + "".join(part.capitalize() for part in word.split())


def word(iri: str, words: Iterable[str]) -> str:
    """The controlled word whose term this is; raises Corrupt for any other."""
    known = {term(name): name for name in words}
    if iri not in known:
        raise Corrupt("A record uses a word that its kind does not know.", expected=", ".join(known), found=iri)
    return known[iri]


class RecordWriter:
    """Triples of one subject. ``None``, an empty text and an empty list write nothing."""

    def __init__(self, subject: str, *kinds: str) -> None:
        self.subject = IRI(subject)
        self.triples: list[Triple] = [(self.subject, RDF_TYPE, IRI(term(kind))) for kind in kinds]

    def say(self, predicate: str, value: Value | None) -> RecordWriter:
        """A literal; ``predicate`` is a term of ours unless it is a whole IRI."""
        if value is not None and value != "":
            self._add(predicate, literal(value))
        return self

    def link(self, predicate: str, *targets: str | None) -> RecordWriter:
        """Links to other things."""
        for target in targets:
            if target:
                self._add(predicate, IRI(target))
        return self

    def _add(self, predicate: str, value: Object) -> None:
        whole = predicate if "://" in predicate else CPR + predicate
        self.triples.append((self.subject, IRI(whole), value))


def of_kind(descriptions: dict[IRI, Description], kind: str) -> list[Description]:
    """The subjects of a record that are of this kind, in the record's order."""
    wanted = term(kind)
    return [description for description in descriptions.values() if wanted in description.types]


def text(description: Description, predicate: str) -> str:
    """The text of one of our terms, or the empty text."""
    return description.text(predicate if "://" in predicate else CPR + predicate) or ""


def needed(description: Description, predicate: str) -> str:
    """The text of a term that every record of this kind has; raises Corrupt without it."""
    value = text(description, predicate)
    if not value:
        raise Corrupt("A record lacks what every record of its kind has.", expected=predicate, where=description.iri)
    return value


def link(description: Description, predicate: str) -> str | None:
    """The one link of one of our terms, or None."""
    return description.link(predicate if "://" in predicate else CPR + predicate)


def links(description: Description, predicate: str) -> tuple[str, ...]:
    """Every link of one of our terms."""
    return tuple(description.links(predicate if "://" in predicate else CPR + predicate))


def number(description: Description, predicate: str) -> Decimal | None:
    """A decimal, or None."""
    digits = text(description, predicate)
    return Decimal(digits) if digits else None


def whole(description: Description, predicate: str) -> int | None:
    """An integer, or None."""
    digits = text(description, predicate)
    return int(digits) if digits else None


def moment(description: Description, predicate: str) -> datetime | None:
    """A time with its zone, or None."""
    stamp = text(description, predicate)
    return datetime.fromisoformat(stamp).astimezone(UTC) if stamp else None


def named(key: str, iris: Iterable[str | None], kind: str, names: Names) -> Iterator[Key]:
    """``(key, identifier)`` of each address of this kind of thing; an address of anything else gives none."""
    for iri in iris:
        identifier = names.id_of(iri, kind) if iri else None
        if identifier is not None:
            yield key, identifier
