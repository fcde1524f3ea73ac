"""The borrowed slices are the ones that SOURCES.ttl describes, and are cut alike every time."""

from __future__ import annotations

import csv
import hashlib
import re
from importlib.resources import files
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, URIRef

from ontology import slices
from ontology.diffable import CPR, OBO
from registry import vocabulary

ONTOLOGY = Path(str(files("ontology")))
DERIVED = ("cl", "cl-axioms", "doid", "terms")
# What the ontologies say in words, from their own repositories.
WORDS = ("cl-definitions", "doid-definitions")
TERMS = vocabulary.load()


def sources() -> Graph:
    return Graph().parse(ONTOLOGY / "SOURCES.ttl")


def test_every_slice_has_the_digest_that_its_source_states() -> None:
    graph = sources()
    stated = {str(name): str(graph.value(s, CPR.sha256)) for s, name in graph.subject_objects(CPR.fileName)}
    found = {
        f"borrowed/{p.name}": hashlib.sha256(p.read_bytes()).hexdigest() for p in (ONTOLOGY / "borrowed").iterdir()
    }
    assert found == stated


def test_the_same_releases_give_the_same_slices(shared: Path, tmp_path: Path) -> None:
    data = shared / "data/ontologies"
    cl, inferred = data / "cl-2026-08-19-logical.nt.gz", data / "cl-2026-08-19-inferred.nt.gz"
    slices.write(slices.cut(cl, inferred, data / "doid-2026-07-31.nt.gz", data / "batch_terms.tsv"), tmp_path)
    written = {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.rglob("*.ttl")}
    assert written == {name: (ONTOLOGY / name).read_bytes() for name in written}
    assert sorted(written) == sorted(["SOURCES.ttl", *(f"borrowed/{name}.ttl" for name in DERIVED)])
    files = {path.stem for path in (ONTOLOGY / "borrowed").iterdir()}
    assert files == {*DERIVED, *WORDS}


def test_the_digests_of_the_releases_are_those_of_the_files(shared: Path) -> None:
    graph = sources()
    for stated in {str(value) for part in DERIVED for value in graph.objects(CPR[f"slice-{part}"], CPR.sourceFile)}:
        name, _, digest = stated.partition(" sha256:")
        assert hashlib.sha256((shared / "data/ontologies" / name).read_bytes()).hexdigest() == digest


def test_every_indication_that_the_disease_ontology_has_is_found_under_its_ancestors(shared: Path) -> None:
    text = (shared / "data/ontologies/do_indications.tsv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        for line in filter(None, [row["DOID"]]):
            assert TERMS.term(line).label == row["label"]
            ancestors = re.findall(r"DOID:\d+", row["ancestors (asserted, first parent) to DOID:4"])
            assert [a for a in ancestors if not TERMS.is_a(line, a)] == []


def test_the_whole_ovarian_branch_is_there(shared: Path) -> None:
    release = slices.read(shared / "data/ontologies/doid-2026-07-31.nt.gz")
    below = {str(iri) for iri in slices.downwards(release, OBO.DOID_1100)}
    assert TERMS.descendants("DOID:1100") == below


def test_only_the_files_of_words_hold_definitions_and_none_holds_a_comment() -> None:
    definition, comment = OBO.IAO_0000115, RDFS.comment
    for path in (ONTOLOGY / "borrowed").iterdir():
        graph = Graph().parse(path)
        assert list(graph.subjects(comment)) == []
        assert bool(list(graph.subjects(definition))) == (path.stem in WORDS)


def test_a_class_in_words_is_a_class_of_its_slice_and_says_its_licence() -> None:
    """The Cell Ontology's words are CC BY 4.0, the Disease Ontology's CC0."""
    sources = Graph().parse(ONTOLOGY / "SOURCES.ttl")
    for name, licence in (("cl", "licenses/by/4.0"), ("doid", "publicdomain/zero/1.0")):
        words = Graph().parse(ONTOLOGY / "borrowed" / f"{name}-definitions.ttl")
        classes = set(Graph().parse(ONTOLOGY / "borrowed" / f"{name}.ttl").subjects(RDF.type, OWL.Class))
        assert set(words.subjects()) <= classes
        said = sources.value(CPR[f"slice-{name}-definitions"], URIRef("http://purl.org/dc/terms/license"))
        assert licence in str(said)


def test_the_disease_and_the_cell_are_defined_in_their_ontologies_words() -> None:
    assert TERMS.term("DOID:5426").definition.startswith("An ovarian disease where ovaries do not produce estrogen")
    cell = TERMS.term("CL:0000134")
    assert "CD73-positive, CD90-positive, CD105-positive, CD45-negative, CD34-negative" in cell.definition
    defined = [term for term in TERMS.everything() if not term.obsolete and term.definition]
    assert len(defined) > 200


def test_the_identifiers_of_other_terminologies_are_there() -> None:
    """UMLS, SNOMED CT and MeSH of primary ovarian insufficiency, as the Disease Ontology gives them out."""
    xrefs = set(TERMS.term("DOID:5426").xrefs)
    assert {"UMLS_CUI:C0085215", "SNOMEDCT_US_2025_09_01:237788002", "MESH:D016649", "ORDO:619"} <= xrefs


def test_every_usual_name_finds_primary_ovarian_insufficiency() -> None:
    for name in ("POF", "POI", "premature ovarian failure", "premature ovarian insufficiency"):
        assert TERMS.diseases(name)[0].curie == "DOID:5426", name


def test_the_slice_says_what_the_release_infers_of_each_cell(shared: Path) -> None:
    inferred = slices.read(shared / "data/ontologies/cl-2026-08-19-inferred.nt.gz")
    graph = Graph().parse(ONTOLOGY / "borrowed/cl.ttl")
    cells = {c for c in graph.subjects(RDF.type, OWL.Class) if (c, OWL.deprecated, None) not in graph}
    for cell in cells:
        parents = {p for p in inferred.objects(cell, RDFS.subClassOf) if isinstance(p, URIRef) and "/CL_" in str(p)}
        assert set(graph.objects(cell, RDFS.subClassOf)) == parents
