"""Releases that went wrong, or were made to: each is held back in words that name the term, never taken as in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import vocabulary
from registry.ontology_releases.admission import Findings, examine
from registry.ontology_releases.difference import difference
from registry.ontology_releases.meanings import folded
from registry.ontology_releases.names import iri_of
from registry.ontology_releases.parser import read
from registry.ontology_releases.slices import slices
from registry.ontology_releases.successor import resolve
from tests.ontology_releases.synthetic import doid

TERMS = vocabulary.load()
USED = {iri_of("DOID:5426"): ["product POI-M"], iri_of("DOID:0080208"): ["product LIVER"]}


def examined(data: bytes, used: dict[str, list[str]] | None = None, carried: tuple[str, ...] = ()) -> Findings:
    """What the gate says of a Disease Ontology after the packaged one."""
    release = read("release", data)
    closure = slices.closed(release)
    made = slices.cut(release, closure)
    return examine(
        difference(slices.packaged("doid"), made),
        closure,
        used=USED if used is None else used,
        triples=release.triples,
        ours=TERMS.own_names(),
        carried=carried,
    )


def case(shared: Path, name: str) -> bytes:
    return (shared / "cases/ontologies" / name).read_bytes()


def test_an_id_given_to_another_disease_is_held_back(shared: Path) -> None:
    """d1: DOID:5426 became a carcinoma; lots signed for ovarian insufficiency would be said to be for it."""
    findings = examined(case(shared, "d1.obo"), {iri_of("DOID:5426"): ["product POI-M"]})
    held = (
        "DOID:5426 was 'primary ovarian insufficiency' and is 'ovarian clear cell carcinoma' in this release, and no "
        "name of the one is a name of the other: is it still what product POI-M, the names that are kept here for it "
        "means?"
    )
    assert findings.refusals == (held,)
    carried = examined(case(shared, "d1.obo"), {iri_of("DOID:5426"): ["product POI-M"]}, (iri_of("DOID:5426"),))
    assert carried.refusals == ()
    assert f"Carried over by a signed word: {held}" in carried.notices


def test_it_is_held_back_where_no_product_uses_it_yet(shared: Path) -> None:
    """Our own names lead to the id: POI would find a carcinoma."""
    assert [one for one in examined(case(shared, "d1.obo"), {}).refusals if "DOID:5426 was" in one] != []


@pytest.mark.parametrize("written", ['"1"^^<http://www.w3.org/2001/XMLSchema#boolean>', "1", '"true"', '" 1 "'])
def test_a_boolean_has_more_forms_than_true(shared: Path, written: str) -> None:
    """p13: deprecated "1" is deprecated; whatever is no boolean at all was meant to be."""
    text = case(shared, "p13-bool1.ttl").decode()
    data = text.replace('"1"^^<http://www.w3.org/2001/XMLSchema#boolean>', written).encode()
    made = slices.cut(read("release", data))
    gone = made.classes[iri_of("DOID:0080208")]
    assert (gone.deprecated, gone.replaced_by) == (True, iri_of("DOID:0080999"))
    waiting = "DOID:0080208 was replaced by DOID:0080999 new liver. Used by product LIVER: a person decides"
    assert [notice for notice in examined(data).notices if notice.startswith(waiting)] != []


@pytest.mark.parametrize("written", ['"false"', '"0"^^<http://www.w3.org/2001/XMLSchema#boolean>', "false"])
def test_what_is_not_deprecated_stays_current(shared: Path, written: str) -> None:
    text = case(shared, "p13-bool1.ttl").decode()
    data = text.replace('"1"^^<http://www.w3.org/2001/XMLSchema#boolean>', written).encode()
    assert not slices.cut(read("release", data)).classes[iri_of("DOID:0080208")].deprecated


def test_a_ring_is_named(shared: Path) -> None:
    """p3: two diseases, each above the other; one of them is used and stands under nothing."""
    findings = examined(case(shared, "p3-cycle.obo"))
    ring = "Each of DOID:0080208, DOID:0080547 stands under the other: a ring has no place in the hierarchy."
    assert ring in findings.refusals
    assert any("no longer stands under DOID:4, and is used by product LIVER" in one for one in findings.refusals)


def test_a_term_above_itself_is_named() -> None:
    own = "[Term]\nid: DOID:7\nname: x\nis_a: DOID:7\nis_a: DOID:4\n"
    assert "DOID:7 is said to be a kind of itself." in examined(doid(more=own), {}).refusals


def test_a_ring_of_three_is_named_once() -> None:
    ring = "".join(f"[Term]\nid: DOID:{a}\nname: n{a}\nis_a: DOID:{b}\n" for a, b in ((7, 8), (8, 9), (9, 7)))
    named = [one for one in examined(doid(more=ring), {}).refusals if "stands under the other" in one]
    assert named == ["Each of DOID:7, DOID:8, DOID:9 stands under the other: a ring has no place in the hierarchy."]


def test_a_parent_that_is_not_there_is_named(shared: Path) -> None:
    """p9: the disease stands under an id that the release does not hold."""
    disease = "DOID:0080208 metabolic dysfunction-associated steatotic liver disease"
    assert (
        f"{disease} stands under DOID:99999, which is not in the release."
        in examined(case(shared, "p9-dangling.obo")).refusals
    )


def test_a_parent_that_is_obsolete_is_named() -> None:
    more = "[Term]\nid: DOID:7\nname: x\nis_obsolete: true\n[Term]\nid: DOID:8\nname: y\nis_a: DOID:7\n"
    assert "DOID:8 y stands under DOID:7, which is obsolete." in examined(doid(more=more), {}).refusals


def test_a_thousand_faults_are_five_sentences_and_a_number() -> None:
    more = "".join(f"[Term]\nid: DOID:77{n:04}\nname: n{n}\nis_a: DOID:99999\n" for n in range(1000))
    named = [one for one in examined(doid(more=more), {}).refusals if "not in the release" in one]
    assert len(named) == 5
    assert "And 995 more terms have a parent that is not there." in examined(doid(more=more), {}).refusals


def test_a_merged_id_is_obsolete_and_replaced(shared: Path) -> None:
    """p4: alt_id is the merge of one term into another; a person decides for the product that uses it."""
    data = case(shared, "p4-merged-altid.obo")
    merged = resolve(slices.cut(read("release", data)).classes, iri_of("DOID:0080208"))
    assert (merged.outcome, merged.to) == ("replaced", iri_of("DOID:0080999"))
    findings = examined(data)
    assert [one for one in findings.refusals if "DOID:0080208" in one] == []
    waiting = "DOID:0080208 was replaced by DOID:0080999 metabolic dysfunction-associated steatotic liver disease."
    assert [notice for notice in findings.notices if notice.startswith(waiting)] != []


def test_an_id_merged_into_two_terms_is_a_persons_choice() -> None:
    more = "".join(f"[Term]\nid: DOID:{n}\nname: n{n}\nalt_id: DOID:6\nis_a: DOID:4\n" for n in (7, 8))
    became = resolve(slices.cut(read("release", doid(more=more))).classes, iri_of("DOID:6"))
    assert (became.outcome, became.consider) == ("consider", (iri_of("DOID:7"), iri_of("DOID:8")))


def test_an_id_that_is_current_and_merged_is_named() -> None:
    more = "[Term]\nid: DOID:7\nname: x\nalt_id: DOID:8\nis_a: DOID:4\n[Term]\nid: DOID:8\nname: y\nis_a: DOID:4\n"
    assert "DOID:8 y is current, and said to be merged into DOID:7." in examined(doid(more=more), {}).refusals


def test_the_same_merge_is_read_from_owl() -> None:
    """An OWL release says it with oboInOwl:hasAlternativeId."""
    data = b"""@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix obo: <http://purl.obolibrary.org/obo/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix oboInOwl: <http://www.geneontology.org/formats/oboInOwl#> .
        obo:doid.owl a owl:Ontology ; owl:versionInfo "2027-01-01" .
        obo:DOID_7 a owl:Class ; rdfs:label "x" ; oboInOwl:hasAlternativeId "DOID:6" ."""
    became = resolve(slices.cut(read("release", data)).classes, iri_of("DOID:6"))
    assert (became.outcome, became.to) == ("replaced", iri_of("DOID:7"))


def test_a_new_label_that_was_a_synonym_is_the_same_disease() -> None:
    """Labels move to a synonym's words all the time: that is not another disease."""
    renamed = doid().replace(b"name: primary ovarian insufficiency", b"name: Premature ovarian failure")
    assert [one for one in examined(renamed).refusals if "was 'primary" in one] == []


def test_a_broader_name_is_no_name_of_it() -> None:
    other = b'name: ovarian clear cell carcinoma\nsynonym: "primary ovarian insufficiency" BROAD []'
    data = doid().replace(b"name: primary ovarian insufficiency", other)
    assert [one for one in examined(data).refusals if "was 'primary" in one] != []


@pytest.mark.parametrize(("one", "other"), [
    ("Crohn's disease", "crohn's  Disease"), ("obsolete fatty liver", "fatty liver"), ("COVID-19", "covid 19"),
])  # fmt: skip
def test_names_are_equal_whatever_their_case_and_punctuation(one: str, other: str) -> None:
    assert folded(one) == folded(other)
