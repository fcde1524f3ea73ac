r"""A record: canonical N-Triples bytes and their SHA-256.

Example (one line, then a line feed)::

    <https://registry.example/lot/P-07> <http://purl.org/dc/terms/identifier> "P-07" .

Byte for byte: one triple a line, ``subject predicate object .`` with single spaces, each line ended by one line feed,
lines sorted by Unicode code point, none twice, UTF-8 without mark. IRIs stand as they are; in texts only ``\t`` ``\n``
``\"`` and ``\\`` are escaped; ``^^<…#string>`` is not written; literals are canonical (``terms.canonical``). Without
blank nodes this is exactly what RDFC-1.0 gives (W3C Recommendation "RDF Dataset Canonicalization", 2024, section 4),
without its cost on hostile graphs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from registry.errors import TooLarge, Unreadable
from registry.namespaces import escaped, unescaped
from registry.records.rdf_terms import IRI, RDF_LANG_STRING, XSD_STRING, Literal, Object, Triple, canonical, iri

MAX_BYTES = 5_000_000
MAX_TRIPLES = 100_000
SHORT, NEWEST = 200, 32_768
"""Signs of a predicate and its object that are kept as they were read, and how many are: records say much alike."""

_IRI = r'<([^<>"{}|^`\\\x00-\x20]+)>'
_TEXT = r'"((?:[^"\\\x00-\x1f\x7f-\x9f]|\\[tn"\\])*)"'
_SUBJECT = re.compile(_IRI)
_REST = re.compile(rf"{_IRI} (?:{_IRI}|{_TEXT}(?:@([a-z0-9-]+)|\^\^{_IRI})?) \.")


@dataclass(frozen=True, slots=True)
class Record:
    """Canonical bytes and ``sha256:<hex>`` of them. Made by ``write``, ``read_…`` and ``verified`` only."""

    ntriples: bytes = field(repr=False)
    digest: str

    @property
    def hex(self) -> str:
        """The digest without ``sha256:``, as it stands at the end of the record's IRI."""
        return self.digest.removeprefix("sha256:")


def digest_of(data: bytes) -> str:
    """``sha256:<64 hex digits>`` of ``data``."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def write(triples: Iterable[tuple[str, str, Object]]) -> Record:
    """The record of ``triples``, in any order, literals in any admitted form.

    Raises Unreadable for a relative IRI, a blank node, a plain ``str`` as object, an inadmissible literal or an empty
    record; TooLarge beyond 5 MB or 100,000 triples.
    """
    lines: set[str] = set()
    for subject, predicate, object_ in triples:
        lines.add(f"<{iri(subject)}> <{iri(predicate)}> {_written(object_)} .\n")
        if len(lines) > MAX_TRIPLES:
            raise TooLarge("A record holds too many triples.", expected=f"at most {MAX_TRIPLES:,}", found="more")
    return _sealed("".join(sorted(lines)).encode())


def verified(ntriples: bytes) -> Record:
    """The record whose canonical bytes these are; raises Unreadable naming the first line that is not canonical."""
    for _triple in _parsed(ntriples):
        pass
    return _sealed(ntriples)


def triples(record: Record) -> list[Triple]:
    """The triples of ``record`` in its own order; raises Unreadable when its bytes are not canonical."""
    return list(_parsed(record.ntriples))


def _sealed(ntriples: bytes) -> Record:
    if not ntriples:
        raise Unreadable("A record says nothing.", expected="at least one triple", found="none")
    if len(ntriples) > MAX_BYTES:
        raise TooLarge(
            "A record is too large.", expected=f"at most {MAX_BYTES:,} bytes", found=f"{len(ntriples):,} bytes"
        )
    return Record(ntriples, digest_of(ntriples))


def _written(term: Object) -> str:
    if isinstance(term, IRI):
        return f"<{iri(term)}>"
    if not isinstance(term, Literal):
        raise Unreadable(
            "An object must say whether it is a link or a text.",
            expected="IRI(…) or Literal(…)",
            found=repr(term)[:200],
        )
    term = canonical(term)
    text = f'"{escaped(term.value)}"'
    if term.language:
        return f"{text}@{term.language}"
    return text if term.datatype == XSD_STRING else f"{text}^^<{term.datatype}>"


def _parsed(ntriples: bytes) -> Iterator[Triple]:
    """The lines read strictly: anything that ``write`` would have written otherwise is refused."""
    try:
        text = ntriples.decode()
    except UnicodeDecodeError as error:
        raise _not_canonical(0, "UTF-8", f"byte {error.start}: {error.reason}") from error
    if not text.endswith("\n"):
        raise _not_canonical(0, "a line feed at the end", repr(text[-20:]))
    before, first, subject = "", "", IRI()
    for number, line in enumerate(text[:-1].split("\n"), start=1):
        # An IRI holds no space: the first one ends the subject.
        named, _, rest = line.partition(" ")
        if named != first:
            match = _SUBJECT.fullmatch(named)
            if match is None:
                raise _not_canonical(number, "<subject> <predicate> object .", repr(line[:200]))
            first, subject = named, iri(match.group(1))
        told = _kept(rest) if len(rest) <= SHORT else _told(rest)
        if isinstance(told, str):
            raise _not_canonical(number, told, repr(line[:200]))
        # With the terminator: a line is sorted as it is written.
        ended = line + "\n"
        if before >= ended:
            raise _not_canonical(number, "lines sorted by code point, none twice", repr(line[:200]))
        before = ended
        yield subject, *told


def _told(rest: str) -> tuple[IRI, Object] | str:
    """Predicate and object of a line; what was expected where it is not canonical."""
    match = _REST.fullmatch(rest)
    if match is None:
        return "<subject> <predicate> object ."
    predicate, link, text, language, datatype = match.groups()
    if link is not None:
        return iri(predicate), iri(link)
    term = Literal(unescaped(text), RDF_LANG_STRING if language else datatype or XSD_STRING, language or "")
    written = canonical(term)
    if datatype == XSD_STRING or (written is not term and written != term):
        return _written(term)
    return iri(predicate), term


_kept = lru_cache(maxsize=NEWEST)(_told)


def _not_canonical(number: int, expected: str, found: str) -> Unreadable:
    where = f"line {number}" if number else ""
    return Unreadable("These are not the bytes of a record.", expected=expected, found=found, where=where)
