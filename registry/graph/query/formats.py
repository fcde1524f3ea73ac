"""The formats an answer is written in, and which one an ``Accept`` header asks for.

Example: ``negotiate("text/csv;q=0.5, application/sparql-results+xml", "select").name`` is ``"xml"``.

SELECT and ASK: SPARQL 1.1 Query Results JSON, XML, CSV and TSV Formats. CONSTRUCT and DESCRIBE: Turtle, N-Triples,
RDF/XML, JSON-LD. Negotiation is RFC 9110, section 12.5.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import pyoxigraph

from registry.errors import NotAcceptable, WrongUsage
from registry.graph.query.guard import Form

Yields = Literal["rows", "triples"]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an answer: ``name`` as on the command line, the media type sent, and those accepted for it."""

    name: str
    yields: Yields
    media_type: str
    accepted: tuple[str, ...]


FORMATS = (
    Format("json", "rows", "application/sparql-results+json", ("application/sparql-results+json", "application/json")),
    Format("xml", "rows", "application/sparql-results+xml", ("application/sparql-results+xml", "application/xml")),
    Format("csv", "rows", "text/csv; charset=utf-8", ("text/csv",)),
    Format("tsv", "rows", "text/tab-separated-values; charset=utf-8", ("text/tab-separated-values",)),
    Format("turtle", "triples", "text/turtle; charset=utf-8", ("text/turtle", "application/x-turtle")),
    Format("ntriples", "triples", "application/n-triples", ("application/n-triples", "text/plain")),
    Format("rdfxml", "triples", "application/rdf+xml", ("application/rdf+xml", "application/xml")),
    Format("jsonld", "triples", "application/ld+json", ("application/ld+json", "application/json")),
)
ROWS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
_QUALITY = re.compile(r"[01](?:\.[0-9]{0,3})?")


def table(names: Sequence[str], rows: Iterable[Sequence[str]], form: Format) -> bytes:
    """Rows of texts as a SELECT with these variables would answer them."""
    heads = " ".join(f"?{name}" for name in names)
    values = "\n".join(f"({' '.join(str(pyoxigraph.Literal(text)) for text in row)})" for row in rows)
    query = f"SELECT {heads} {{ VALUES ({heads}) {{\n{values}\n}} }}"
    answer = cast("pyoxigraph.QuerySolutions", pyoxigraph.Store().query(query))
    return answer.serialize(format=ROWS[form.name]) or b""


def yields(form: Form) -> Yields:
    """Rows for SELECT and ASK, triples for CONSTRUCT and DESCRIBE."""
    return "rows" if form in ("select", "ask") else "triples"


def offered(form: Form) -> tuple[Format, ...]:
    """The formats an answer to ``form`` can be written in, the default first."""
    return tuple(format_ for format_ in FORMATS if format_.yields == yields(form))


def named(name: str, form: Form) -> Format:
    """The format called ``name``; raises WrongUsage when ``form`` is not answered in it."""
    for format_ in offered(form):
        if format_.name == name:
            return format_
    names = ", ".join(format_.name for format_ in offered(form))
    raise WrongUsage(f"A {form.upper()} query is not answered in this format.", expected=names, found=name)


def negotiate(accept: str | None, form: Form) -> Format:
    """The format that ``accept`` likes best; ours decides between equals, and when nothing is said.

    Raises NotAcceptable naming every media type that is offered.
    """
    choices = offered(form)
    if accept is None or not accept.strip():
        return choices[0]
    ranges = _ranges(accept)
    best = max(choices, key=lambda format_: (_quality(format_, ranges), -choices.index(format_)))
    if _quality(best, ranges) > 0:
        return best
    raise NotAcceptable(
        f"A {form.upper()} query is not answered in any format that was asked for.",
        expected=", ".join(format_.accepted[0] for format_ in choices),
        found=accept[:200],
        where="Accept",
    )


def _ranges(accept: str) -> dict[str, float]:
    """Media range → quality; a malformed quality counts as 0, so that nobody is sent what they did not ask for."""
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        media, *parameters = [piece.strip().lower() for piece in part.split(";")]
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                quality = min(float(value), 1.0) if _QUALITY.fullmatch(value.strip()) else 0.0
        if media:
            ranges[media] = max(quality, ranges.get(media, 0.0))
    return ranges


def _quality(format_: Format, ranges: dict[str, float]) -> float:
    """The best that is said of any of its media types, the most specific range deciding for each."""
    qualities = []
    for media in format_.accepted:
        for media_range in (media, media.split("/")[0] + "/*", "*/*"):
            if media_range in ranges:
                qualities.append(ranges[media_range])
                break
    # The first name stands for the format: "text/csv;q=0" refuses it whatever */* says.
    return ranges[format_.accepted[0]] if format_.accepted[0] in ranges else max(qualities, default=0.0)
