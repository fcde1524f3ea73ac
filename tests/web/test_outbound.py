"""Nothing here calls out: by query, context, entity or ontology, over HTTP or at the command line."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import cli
from registry.errors import RegistryError
from tests.web.conftest import Site


class Listener:
    """A port of this machine that counts who connects."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.heard: list[object] = []
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/x"

    def _listen(self) -> None:
        while True:
            try:
                connection, who = self.socket.accept()
            except OSError:
                return
            self.heard.append(who)
            connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/turtle\r\n\r\n")
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.socket.close()


QUERIES = (
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX x: <URL> SELECT * FROM x: { ?s ?p ?o }",
    "BASE <URL> SELECT * FROM <> { ?s ?p ?o }",
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "LOAD <URL>",
    "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "DESCRIBE <URL>",
)
FILES = {
    "context.jsonld": '{"@context": "URL", "@graph": []}',
    "nested.jsonld": '{"@context": {"a": {"@id": "http://a/", "@context": "URL"}}, "a": {}}',
    "imported.jsonld": '{"@context": {"@version": 1.1, "@import": "URL"}, "@graph": []}',
    "entity.rdf": '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "URL">]><r>&e;</r>',
    "entity.owl": '<?xml version="1.0"?><!DOCTYPE r SYSTEM "URL"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "imports.ttl": "<http://a/> a <http://www.w3.org/2002/07/owl#Ontology>; "
    "<http://www.w3.org/2002/07/owl#imports> <URL> .",
    "imports.obo": "format-version: 1.2\nontology: cl\nimport: URL\n\n[Term]\nid: CL:0000000\nname: cell\n",
    "imports.owl": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:owl="http://www.w3.org/2002/07/owl#"><owl:Ontology rdf:about="http://purl.obolibrary.org/obo/cl.owl">'
    '<owl:imports rdf:resource="URL"/></owl:Ontology></rdf:RDF>',
}


def test_no_request_over_http_reaches_anybody(site: Site, listener: Listener) -> None:
    """Queries by each way of the protocol, data sets named in the request, files submitted."""
    client, headers = site.client(), site.bearer("analyst")
    for query in QUERIES:
        text = query.replace("URL", listener.url)
        client.get("/sparql", query_string={"query": text}, headers=headers)
        client.post("/sparql", data=text, content_type="application/sparql-query", headers=headers)
        client.get("/query", query_string={"query": text}, headers=headers)
    for name in ("default-graph-uri", "named-graph-uri"):
        client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", name: listener.url}, headers=headers)
    client.get("/questions/lots-for-a-disease", query_string={"disease": listener.url}, headers=headers)
    client.get("/questions/specification", query_string={"asked": listener.url}, headers=headers)
    lab = site.bearer("lab.one")
    for name, text in FILES.items():
        data = text.replace("URL", listener.url).encode()
        for kind in ("text/turtle", "application/ld+json"):
            disposition = {"Content-Disposition": f"attachment; filename={name}"}
            client.post("/api/v1/panels", data=data, content_type=kind, headers={**lab, **disposition})
        client.post("/api/v1/panels", data={"file": (BytesIO(data), name)}, headers=lab)
    assert listener.heard == []


def test_no_command_reaches_anybody(site: Site, listener: Listener, tmp_path: Path) -> None:
    """``query``, ``ask``, ``check`` and ``ontology load`` of files that would have something fetched."""
    folder = str(site.registry.directory)
    lines = [["ask", "lots-for-a-disease", "--param", f"disease={listener.url}", "--data", folder]]
    for number, query in enumerate(QUERIES[:6:2]):
        file = tmp_path / f"{number}.rq"
        file.write_text(query.replace("URL", listener.url), encoding="utf-8")
        lines.append(["query", str(file), "--data", folder])
    for name, text in FILES.items():
        file = tmp_path / name
        file.write_text(text.replace("URL", listener.url), encoding="utf-8")
        if name.startswith(("imports", "entity")):
            lines.append(["ontology", "load", str(file), "--data", folder])
        else:
            lines.append(["check", str(file), "--specification", "msc-identity"])
    for line in lines:
        done = CliRunner().invoke(cli, line)
        assert isinstance(done.exception, RegistryError | SystemExit | None), (line, done.exception)
    assert listener.heard == []


def test_the_listener_hears(listener: Listener) -> None:
    """The test itself can fail."""
    port = int(listener.url.rsplit(":", 1)[1].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.recv(100)
    assert len(listener.heard) == 1
