"""A reasoner decides whether a release is let in: with Java HermiT, without it our closure, and both say which."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from registry import vocabulary
from registry.errors import TooLarge, Unreadable
from registry.ontology_releases.admission import examine
from registry.ontology_releases.difference import difference
from registry.ontology_releases.names import curie_of, iri_of
from registry.ontology_releases.parser import read
from registry.ontology_releases.reasoning import hermit, reasoner
from registry.ontology_releases.reasoning.classification import Classification, classify, refusals
from registry.ontology_releases.reasoning.module import module, statements
from registry.ontology_releases.slices import slices
from tests.ontology_releases.conftest import Opened
from tests.ontology_releases.synthetic import cl

TERMS = vocabulary.load()
needs_java = pytest.mark.skipif(not hermit.is_here(), reason="HermiT needs Java (Debian: default-jre-headless)")
WAYS = [pytest.param(True, marks=needs_java, id="HermiT"), pytest.param(False, id="closure")]


def name(iri: str) -> str:
    return f"{curie_of(iri)} {TERMS.name(iri)}".strip()


def classified(data: bytes, *, java: bool) -> tuple[Classification, list[str]]:
    release = read("release", data)
    classification = classify(release.ontology, release.triples, TERMS.permitted_iris(), java=java)
    return classification, list(refusals(classification, name))


@pytest.mark.parametrize("java", WAYS)
def test_the_current_release_is_in_order(opened: Callable[[str], Opened], java: bool) -> None:
    release = opened("cl-2026-08-19-logical.nt.gz")[0]
    classification = classify("cl", release.triples, TERMS.permitted_iris(), java=java)
    assert list(refusals(classification, name)) == []
    (first, *rest) = classification.sentences()
    assert first.startswith("HermiT classified " if java else "The program's own closure classified ")
    assert rest[0].startswith("CL:0000134 stands under CL:0000000, ")
    assert bool(rest[1:]) != java


@pytest.mark.parametrize("java", WAYS)
def test_the_poisoned_release_is_refused_with_the_axiom_that_did_it(
    opened: Callable[[str], Opened], java: bool
) -> None:
    release = opened("cl-2020-10-02-logical.nt.gz")[0]
    first, *_ = refusals(classify("cl", release.triples, TERMS.permitted_iris(), java=java), name)
    assert first.startswith("Every human cell carries PR:000001345 CD105, carries PR:000001800 CD73, carries ")
    assert "from: what is of NCBITaxon:9606 Homo sapiens is what lacks GO:0042613" in first


@pytest.mark.parametrize("java", WAYS)
def test_a_class_without_instances_is_named_with_its_axioms(java: bool) -> None:
    more = "\n[Term]\nid: CL:0000037\nis_a: CL:0000115\ndisjoint_from: CL:0000115\n"
    found = classified(cl(more=more), java=java)[1]
    by = "as HermiT infers" if java else "as it follows"
    stem, vessel = "CL:0000037 hematopoietic stem cell", "CL:0000115 endothelial cell"
    assert found[0].startswith(f"{stem} can have no instance, {by} from: ")
    assert f"{stem} is a {vessel}" in found[0]
    assert f"{stem} and {vessel} have no instance in common" in found[0]


@pytest.mark.parametrize("java", WAYS)
def test_a_sentinel_is_refused_with_its_axioms_and_nothing_else(java: bool) -> None:
    """By way of a third class: both axioms are named, and no other."""
    more = "\n[Term]\nid: CL:0000084\nis_a: CL:7\n[Term]\nid: CL:7\nname: seven\nis_a: CL:0000134\n"
    found = classified(cl(more=more), java=java)[1]
    by = "as HermiT infers" if java else "as it follows"
    assert found[0] == (
        f"CL:0000084 T cell stands under CL:0000134 mesenchymal stem cell, {by} from: CL:0000084 T cell is a CL:7; "
        "CL:7 is a CL:0000134 mesenchymal stem cell."
    )


@needs_java
def test_hermit_sees_what_the_closure_cannot() -> None:
    """A complement: whatever is no cell of the blood is a mesenchymal cell, so an endothelial cell that is none is."""
    release = read("release", cl())
    complement = [
        ("_:no", "http://www.w3.org/2002/07/owl#complementOf", iri_of("CL:0000988")),
        ("_:no", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2002/07/owl#Class"),
        ("_:no", "http://www.w3.org/2000/01/rdf-schema#subClassOf", iri_of("CL:0000134")),
        (iri_of("CL:0000115"), "http://www.w3.org/2000/01/rdf-schema#subClassOf", "_:no"),
    ]
    triples = [*release.triples, *complement]
    wrong = "CL:0000115 endothelial cell stands under CL:0000134 mesenchymal stem cell, as HermiT infers"
    assert any(one.startswith(wrong) for one in refusals(classify("cl", triples, java=True), name))


def test_what_the_reasoner_says_stands_in_the_place_of_the_plain_refusal() -> None:
    release = read("release", cl(more="\n[Term]\nid: CL:0000084\nis_a: CL:0000134\n"))
    closure = slices.closed(release)
    changed = difference(slices.cut(read("old", cl())), slices.cut(release, closure))
    classification = classify("cl", release.triples, java=False)
    with_axioms = examine(changed, closure, classification=classification).refusals
    assert [one for one in with_axioms if "stands under" in one] == [
        "CL:0000084 name of CL:0000084 stands under CL:0000134 name of CL:0000134, as it follows from: "
        "CL:0000084 name of CL:0000084 is a CL:0000134 name of CL:0000134.",
        "owlready2 reads: CL:0000084 stands under CL:0000134.",
    ]


def test_no_import_is_followed_and_no_address_opened() -> None:
    """The import is not even written to what owlready2 loads."""
    triples = [
        ("http://purl.obolibrary.org/obo/cl.owl", "http://www.w3.org/2002/07/owl#imports", "http://127.0.0.1:9/x.owl"),
        ("http://purl.obolibrary.org/obo/CL_1", "http://www.w3.org/2000/01/rdf-schema#subClassOf", iri_of("CL:2")),
    ]
    assert b"imports" not in reasoner.ntriples(triples)
    assert hermit.ask(triples, (), (), (), java=False).told == ()
    followed = reasoner.read(
        b"<http://purl.obolibrary.org/obo/cl.owl> <http://www.w3.org/2002/07/owl#imports> <file:///etc/passwd> .\n"
    )
    assert followed is not None


@pytest.mark.parametrize("iri", ["not an iri", "http://x/ y", "<>", "http://x/<script>"])
def test_what_is_no_iri_is_refused(iri: str) -> None:
    with pytest.raises(Unreadable, match="no IRI"):
        reasoner.ntriples([(iri_of("CL:1"), "http://www.w3.org/2000/01/rdf-schema#subClassOf", iri)])


@needs_java
def test_a_release_that_takes_too_long_is_refused_and_nothing_is_left_running(
    opened: Callable[[str], Opened],
) -> None:
    release = opened("cl-2026-08-19-logical.nt.gz")[0]
    begun = time.monotonic()
    with pytest.raises(TooLarge, match="more time or memory"):
        hermit.ask(release.triples, release.triples, (), (), java=True, seconds=1)
    assert time.monotonic() - begun < 30


def test_a_module_says_of_its_seed_what_the_whole_says(opened: Callable[[str], Opened]) -> None:
    """A tenth of the release, and the same superclasses."""
    from registry.ontology_releases.reasoning.closure import Closure, axioms

    release, closure, _made = opened("cl-2026-08-19-logical.nt.gz")
    whole = statements(release.triples)
    seed = iri_of("CL:0002540")
    part = module(whole, [seed])
    assert len(part) < len(whole) / 10
    small = Closure(axioms([triple for statement in part for triple in statement.triples]), [seed])
    prefix = iri_of("CL:0000000")[:-7]
    assert small.above(seed, prefix) == closure.above(seed, prefix)
