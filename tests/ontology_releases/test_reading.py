"""Releases in every form say the same; anything else is refused in words, and nothing is fetched unasked."""

from __future__ import annotations

import gzip
import http.server
import threading
from collections.abc import Callable, Iterator

import pytest

from registry.errors import Refused, TooLarge, Unavailable, Unreadable, UnsupportedKind, WrongUsage
from registry.ontology_releases import parser
from registry.ontology_releases.download import fetch
from registry.ontology_releases.slices import slices
from tests.ontology_releases.conftest import Opened
from tests.ontology_releases.synthetic import cl, doid

OBO = "http://purl.obolibrary.org/obo/"
TURTLE = f"""@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix obo: <{OBO}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
obo:doid.owl a owl:Ontology ; owl:versionIRI <{OBO}doid/releases/2027-02-03/doid.owl> .
obo:DOID_4 a owl:Class ; rdfs:label "disease" .
"""
RDF_XML = f"""<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY obo "{OBO}"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
<owl:Ontology rdf:about="&obo;doid.owl"><owl:versionIRI rdf:resource="&obo;doid/releases/2027-02-03/doid.owl"/>
</owl:Ontology>
<owl:Class rdf:about="&obo;DOID_4"><rdfs:label>disease</rdfs:label></owl:Class></rdf:RDF>"""


def test_owl_and_ntriples_of_the_cell_ontology_are_one_slice(opened: Callable[[str], Opened]) -> None:
    ntriples, owl = opened("cl-2026-08-19-logical.nt.gz")[2], opened("cl-2026-08-19-logical.owl.gz")[2]
    assert len(ntriples.classes) == 3311
    assert ntriples.classes == owl.classes
    assert (ntriples.ontology, ntriples.date, ntriples.live) == ("cl", "2026-08-19", 3039)


def test_obo_and_ntriples_of_the_disease_ontology_are_one_slice(opened: Callable[[str], Opened]) -> None:
    obo, ntriples = opened("doid-2026-07-31.obo.gz")[2], opened("doid-2026-07-31.nt.gz")[2]
    assert obo.classes == ntriples.classes
    assert (obo.ontology, obo.date, obo.live, len(obo.classes)) == ("doid", "2026-07-31", 12247, 12300)


def test_a_slice_is_read_back_as_it_was_cut(opened: Callable[[str], Opened]) -> None:
    made = opened("cl-2026-08-19-logical.nt.gz")[2]
    assert slices.read(made.ntriples) == made


def test_the_same_release_gives_the_same_bytes() -> None:
    once, again = (slices.cut(parser.read("cl.obo", cl())) for _ in range(2))
    assert once.ntriples == again.ntriples


@pytest.mark.parametrize("data", [TURTLE.encode(), RDF_XML.encode(), gzip.compress(TURTLE.encode())])
def test_the_ontology_is_known_from_its_header_whatever_the_file_is_called(data: bytes) -> None:
    release = parser.read("anything.bin", data)
    assert (release.ontology, release.date) == ("doid", "2027-02-03")


def test_obo_says_synonyms_definitions_by_genus_and_relations() -> None:
    more = """
[Term]
id: CL:0000789
name: alpha-beta T cell
synonym: "alpha\\"beta" EXACT [GOC:x]
synonym: "ab T" RELATED []
xref: FMA:1 {source="x"} ! words
intersection_of: CL:0000084
intersection_of: has_part_of_surface GO:0042105

[Term]
id: CL:0000003
name: obsolete native cell
is_obsolete: true
replaced_by: CL:0000000
consider: CL:0000034
"""
    made = slices.cut(parser.read("cl.obo", cl(more=more)))
    cell, gone = made.classes[OBO + "CL_0000789"], made.classes[OBO + "CL_0000003"]
    assert [text for _kind, text in cell.synonyms] == ['alpha"beta', "ab T"]
    assert (cell.parents, cell.xrefs) == ((OBO + "CL_0000084",), ("FMA:1",))
    assert (gone.deprecated, gone.replaced_by, gone.consider) == (True, OBO + "CL_0000000", (OBO + "CL_0000034",))
    assert [one.carries for one in made.patterns if one.iri == cell.iri] == [(OBO + "GO_0042105",)]


@pytest.mark.parametrize(("data", "kind", "words"), [
    (b"lot,characteristic,value,unit\n", UnsupportedKind, "This is no ontology that is read here."),
    (b"", UnsupportedKind, "This is no ontology that is read here."),
    (b"<a> <b> .\n@prefix", Unreadable, "The ontology is broken."),
    (TURTLE.replace("doid.owl a", "uberon.owl a").encode(), Refused, "The file does not say that it is an ontology"),
    (TURTLE.replace("owl:versionIRI", "owl:imports").encode(), Refused, "The file does not say which version it is."),
    (gzip.compress(TURTLE.encode())[:-9], Unreadable, "The file ends too early."),
    (b"\x1f\x8bxxxxxxxxxxxx", Unreadable, "The file is not what its packing says."),
    (RDF_XML.replace(f'"{OBO}"', 'SYSTEM "file:///etc/passwd"').encode(), Unreadable, "The file declares an XML"),
    (RDF_XML.replace(f'"{OBO}"', '"&b;&b;&b;"').encode(), Unreadable, "The file declares an XML"),
])  # fmt: skip
def test_anything_else_is_refused_in_words(data: bytes, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind) as refusal:
        parser.read("file", data)
    assert str(refusal.value).startswith(words)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "MAX_BYTES", 100_000)
    with pytest.raises(TooLarge):
        parser.read("bomb.gz", gzip.compress(b" " * 1_000_000))


class Answers(http.server.BaseHTTPRequestHandler):
    """A server on this machine: a release, a redirect elsewhere, an endless one, a slow one."""

    def do_GET(self) -> None:
        if self.path in {"/away", "/local"}:
            self.send_response(302)
            self.send_header("Location", "ftp://127.0.0.1/doid.obo" if self.path == "/away" else "file:///etc/passwd")
            self.end_headers()
        elif self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/doid.obo")
            self.end_headers()
        elif self.path == "/gone":
            self.send_error(404)
        else:
            body = doid()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + (self.path == "/short")))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_release_is_fetched_by_its_address(address: str) -> None:
    assert fetch(f"{address}/doid.obo") == doid()
    assert fetch(f"{address}/round") == doid()


def test_an_address_that_leads_elsewhere_is_too_large_or_short_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="leads elsewhere"):
        fetch(f"{address}/away")
    with pytest.raises(TooLarge):
        fetch(f"{address}/doid.obo", most=100)
    for path in ("/gone", "/short", "/local"):
        with pytest.raises(Unavailable):
            fetch(address + path)
    with pytest.raises(Unavailable):
        fetch(f"{address}/doid.obo", seconds=0.0)
    for other in ("file:///etc/passwd", "ftp://127.0.0.1/doid.obo"):
        with pytest.raises(WrongUsage):
            fetch(other)
