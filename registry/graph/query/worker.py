"""One query in a process of its own: confined, on a snapshot that stands still, the answer held back until it is whole.

Called by ``supervisor`` in a fresh fork, and by nothing else: it never gives these limits back.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import socket
from dataclasses import asdict
from pathlib import Path

import pyoxigraph

from registry.graph.query.formats import ROWS
from registry.graph.query.limits import Limits, confine
from registry.graph.query.protocol import Question, Reply, receive_question, send_reply
from registry.graph.query.syntax_hint import misread
from registry.graph.store.snapshots import Snapshot, lease
from registry.namespaces import prefixes

_TRIPLES = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}
_PREFIXES = prefixes("cpr", "obo", "dcterms", "prov", "rdfs", "xsd")


def answer(connection: socket.socket, folder: Path, limits: Limits, deadline: float) -> None:
    """Read one question, answer it from the newest snapshot in ``folder``, within ``limits``."""
    confine(limits)
    # What the engine prints when it runs out of memory says nothing to anybody.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    question = receive_question(connection, deadline)
    held = lease(folder)
    connection.settimeout(None)
    send_reply(connection, Reply("no graph") if held is None else _reply(question, held.snapshot, limits))


def _reply(question: Question, snapshot: Snapshot, limits: Limits) -> Reply:
    size = snapshot.size
    try:
        store = pyoxigraph.Store.read_only(str(snapshot.path))
        rows, body = _result(store, question, limits)
    except SyntaxError:
        return Reply("syntax", json.dumps(asdict(misread(question.query, question.base))), size)
    except _TooLarge as error:
        return Reply("too large", str(error), size)
    except MemoryError:
        return Reply("memory", "", size)
    except (OSError, RuntimeError, ValueError) as error:
        return Reply("failed", str(error), size)
    return Reply("answered", "", size, rows, body)


class _TooLarge(Exception):
    """More rows or bytes than the limit; says which."""


class _Bounded(io.BytesIO):
    """Bytes up to a limit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.over = False

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the engine writes bytes
        self.over = self.over or self.tell() + len(data) > self.most
        if self.over:
            raise OSError("over the limit")
        return super().write(data)


def _result(store: pyoxigraph.Store, question: Question, limits: Limits) -> tuple[int, bytes]:
    """How many rows or triples, and the bytes; raises _TooLarge."""
    result = _run(store, question)
    output = _Bounded(limits.body)
    try:
        if isinstance(result, pyoxigraph.QueryTriples):
            triples = list(itertools.islice(result, limits.rows + 1))
            rows = len(triples)
            if rows <= limits.rows:
                pyoxigraph.serialize(triples, output, _TRIPLES[question.format], prefixes=_PREFIXES)
        else:
            result.serialize(output, ROWS[question.format])
            rows = _count(output.getvalue(), question.format) if question.form == "select" else 1
    except OSError as error:
        if output.over:
            raise _TooLarge(f"more than {limits.body:,} bytes") from error
        raise
    if rows > limits.rows:
        raise _TooLarge(f"more than {limits.rows:,} {'triples' if question.format in _TRIPLES else 'rows'}")
    return rows, output.getvalue()


def _run(
    store: pyoxigraph.Store, question: Question
) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
    """A dataset that the request names replaces that of the query (SPARQL 1.1 Protocol 2.1.4)."""
    if question.default_graphs is None:
        return store.query(question.query, base_iri=question.base)
    return store.query(
        question.query,
        base_iri=question.base,
        default_graph=[pyoxigraph.NamedNode(graph) for graph in question.default_graphs],
        named_graphs=[pyoxigraph.NamedNode(graph) for graph in question.named_graphs],
    )


def _count(body: bytes, format_: str) -> int:
    """The rows of a serialised SELECT: the engine writes them in one go and does not say how many."""
    if format_ == "json":
        return len(json.loads(body)["results"]["bindings"])
    if format_ == "xml":
        return body.count(b"<result>")  # in texts < is written &lt;
    if format_ == "tsv":
        return body.count(b"\n") - 1  # in texts a line feed is written \n
    csv.field_size_limit(len(body) + 1)
    return sum(1 for _row in csv.reader(io.StringIO(body.decode(), newline=""))) - 1
