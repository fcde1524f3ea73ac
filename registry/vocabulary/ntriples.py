"""N-Triples without blank nodes, line by line: what slices are kept in. Fast, and strict about its own form."""

from __future__ import annotations

import re

from registry.errors import Unreadable
from registry.namespaces import escaped, unescaped

_LINE = re.compile(
    r'<([^<>"\s]*)> <([^<>"\s]*)> (?:<([^<>"\s]*)>|"((?:[^"\\\n]|\\.)*)"(?:\^\^<[^<>"\s]*>|@[\w-]+)?) \.'
)


class Text(str):
    """A literal, told from an IRI by its type."""

    __slots__ = ()


def line(subject: str, predicate: str, value: str, datatype: str = "") -> str:
    """One statement; ``value`` is an IRI unless it is a ``Text``."""
    if not isinstance(value, Text):
        return f"<{subject}> <{predicate}> <{value}> .\n"
    typed = f"^^<{datatype}>" if datatype else ""
    return f'<{subject}> <{predicate}> "{escaped(value)}"{typed} .\n'


def read(ntriples: bytes) -> list[tuple[str, str, str]]:
    """Every statement, in order. Raises Unreadable for a line of any other form."""
    triples: list[tuple[str, str, str]] = []
    for number, text in enumerate(ntriples.decode().split("\n"), start=1):
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            raise Unreadable(
                "This is no line of a slice.",
                expected="<subject> <predicate> <IRI> or a literal, and a full stop",
                found=text[:200],
                where=f"line {number}",
            )
        subject, predicate, iri, literal = match.groups()
        triples.append((subject, predicate, iri if iri is not None else Text(unescaped(literal))))
    return triples
