"""Foreign N-Triples and Turtle, read into a record.

Example: ``read_turtle(b'<https://registry.example/lot/P-07> <http://purl.org/dc/terms/identifier> "P-07" .')``.

Nothing is fetched: neither syntax has an instruction that could ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph

from registry.errors import TooLarge, Unreadable
from registry.records.canonical import MAX_BYTES, Record, write
from registry.records.rdf_terms import IRI, Literal, Object, Triple


def read_ntriples(data: bytes) -> Record:
    """The record that these N-Triples say, made canonical. Raises as ``read_turtle`` does."""
    return write(_read(data, pyoxigraph.RdfFormat.N_TRIPLES))


def read_turtle(data: bytes) -> Record:
    """The record that this Turtle says, made canonical.

    Raises Unreadable for a syntax error (with its line), a relative IRI, a blank node, a quoted triple or an
    inadmissible literal; TooLarge beyond 5 MB.
    """
    return write(_read(data, pyoxigraph.RdfFormat.TURTLE))


def _read(data: bytes, syntax: pyoxigraph.RdfFormat) -> Iterator[Triple]:
    if len(data) > MAX_BYTES:
        raise TooLarge("A record is too large.", expected=f"at most {MAX_BYTES:,} bytes", found=f"{len(data):,} bytes")
    try:
        for quad in pyoxigraph.parse(data, format=syntax):
            yield _iri(quad.subject), _iri(quad.predicate), _object(quad.object)
    except SyntaxError as error:
        where = f"line {error.lineno}" if error.lineno else ""
        raise Unreadable(
            f"This is not {syntax.name}.", expected=f"valid {syntax.name}", found=str(error.msg), where=where
        ) from error


def _iri(term: object) -> IRI:
    if isinstance(term, pyoxigraph.NamedNode):
        return IRI(term.value)
    kind = "a blank node" if isinstance(term, pyoxigraph.BlankNode) else f"a {type(term).__name__}"
    raise Unreadable(
        "A record names everything it speaks of.", expected="an IRI", found=f"{kind}: {term}"[:200],
        todo="Give the node an IRI.",
    )  # fmt: skip


def _object(term: object) -> Object:
    if not isinstance(term, pyoxigraph.Literal):
        return _iri(term)
    if getattr(term, "direction", None) is not None:
        raise Unreadable("A record holds no text with a direction.", expected="a text", found=str(term)[:200])
    return Literal(term.value, term.datatype.value, term.language or "")
