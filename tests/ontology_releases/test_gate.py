"""A release is let in when every sentinel holds: each thing that may not change is changed once, and refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry import vocabulary
from registry.ontology_releases.admission import Findings, examine
from registry.ontology_releases.difference import difference
from registry.ontology_releases.parser import read
from registry.ontology_releases.slices import slices
from registry.ontology_releases.slices.slices import Slice
from tests.ontology_releases.conftest import Opened
from tests.ontology_releases.synthetic import SURFACE, cl, doid

OBO = "http://purl.obolibrary.org/obo/"
TERMS = vocabulary.load()
NAMES = {one.iri: one.symbol for one in TERMS.characteristics.values()}
HUMAN = (
    "Every human cell is inferred to be one that carries CD105, carries CD73, carries CD90, lacks MHC II / HLA-DR, "
    "lacks CD34, lacks CD45: the release says so of everything human, without naming a kind of cell."
)


def gate(
    new: bytes,
    old: bytes | None = None,
    announced: tuple[str, ...] = (),
    carried: tuple[str, ...] = (),
    **used: list[str],
) -> Findings:
    release = read("new", new)
    closure = slices.closed(release)
    current = slices.cut(read("old", old or (cl() if release.ontology == "cl" else doid())))
    return examine(
        difference(current, slices.cut(release, closure)),
        closure,
        permitted=TERMS.permitted_iris(),
        used={OBO + name: users for name, users in used.items()},
        announced=announced,
        names=NAMES,
        triples=release.triples,
        carried=carried,
    )


def of_files(opened: Callable[[str], Opened], new: str, old: Slice) -> Findings:
    _release, closure, made = opened(new)
    return examine(difference(old, made), closure, permitted=TERMS.permitted_iris(), names=NAMES)


def test_a_release_like_the_current_one_is_let_in() -> None:
    assert gate(cl("2027-02-01")) == Findings((), ())
    assert gate(doid("2027-02-01")) == Findings((), ())


def test_the_full_release_is_let_in_after_the_packaged_slice(opened: Callable[[str], Opened]) -> None:
    assert of_files(opened, "cl-2026-08-19-logical.nt.gz", slices.packaged("cl")) == Findings((), ())


def test_the_poisoned_release_is_refused_with_the_reason_in_words(opened: Callable[[str], Opened]) -> None:
    findings = of_files(opened, "cl-2020-10-02-logical.nt.gz", slices.packaged("cl"))
    assert findings.refusals[0] == HUMAN
    assert findings.refusals[-2:] == (
        "The permitted cell type CL:4040004 is not in it.",
        "The permitted cell type CL:4040005 is not in it.",
    )


def test_from_january_to_october_2020_the_gate_says_what_was_lost(opened: Callable[[str], Opened]) -> None:
    findings = of_files(opened, "cl-2020-10-02-logical.nt.gz", opened("cl-2020-01-06-logical.nt.gz")[2])
    assert HUMAN in findings.refusals
    lost = "is no longer defined by its surface: carries CD105, CD73, CD90; lacks MHC II / HLA-DR, CD34, CD45."
    assert findings.notices == (
        "Terms of the current release that are not in this one at all: 1, such as CL:0000337.",
        f"CL:0000134 mesenchymal stem cell {lost}",
    )


def test_the_release_of_january_2020_explains_what_changed_since(opened: Callable[[str], Opened]) -> None:
    findings = of_files(opened, "cl-2020-01-06-logical.nt.gz", slices.packaged("cl"))
    older = "which our data is made with, is no longer used. It uses the older"
    assert findings.refusals == (
        f"The relation RO:0015015, {older} cl#has_high_plasma_membrane_amount instead.",
        f"The relation RO:0015016, {older} cl#has_low_plasma_membrane_amount instead.",
        f"The relation CL:4030046, {older} cl#lacks_plasma_membrane_part instead.",
        "The permitted cell type CL:4040004 is not in it.",
        "The permitted cell type CL:4040005 is not in it.",
    )
    assert findings.notices == (
        "This release, of 2020-01-06, is older than the current one, of 2026-08-19.",
        "Terms of the current release that are not in this one at all: 10, such as CL:0008034.",
        "CL:0000134 mesenchymal stem cell is defined by its surface: carries CD105, CD73, CD90; lacks MHC II / HLA-DR, "
        "CD34, CD45.",
    )


def test_from_2020_to_2026_the_new_iris_are_the_same_relations(opened: Callable[[str], Opened]) -> None:
    findings = of_files(opened, "cl-2026-08-19-logical.nt.gz", opened("cl-2020-01-06-logical.nt.gz")[2])
    assert [notice for notice in findings.notices if "new IRI" in notice] == [
        "cl#lacks_plasma_membrane_part is now CL:4030046: the same relation under a new IRI.",
        "cl#has_high_plasma_membrane_amount is now RO:0015015: the same relation under a new IRI.",
        "cl#has_low_plasma_membrane_amount is now RO:0015016: the same relation under a new IRI.",
    ]
    assert not [refusal for refusal in findings.refusals if "relation" in refusal or "human" in refusal]


@pytest.mark.parametrize(("more", "words"), [
    ("\n[Term]\nid: CL:0000084\nis_a: CL:0000134\n",
     "CL:0000084 name of CL:0000084 stands under CL:0000134 name of CL:0000134."),
    ("\n[Term]\nid: CL:0000134\nis_a: CL:0000988\n",
     "CL:0000134 name of CL:0000134 stands under CL:0000988 name of CL:0000988."),
    ("\n[Term]\nid: CL:0000037\nis_a: CL:0000115\ndisjoint_from: CL:0000115\n",
     "CL:0000037 name of CL:0000037 can have no instance: what is said of it contradicts itself."),
    ("\n[Term]\nid: CL:0002540\nis_obsolete: true\n", "CL:0002540 is obsolete."),
])  # fmt: skip
def test_a_sentinel_that_falls_silent_is_named(more: str, words: str) -> None:
    assert words in gate(cl(more=more)).refusals


def test_a_permitted_cell_type_that_is_gone_is_named() -> None:
    assert gate(cl("2027-02-01", without=("CL:2000061",))).refusals == (
        "The permitted cell type CL:2000061 is not in it.",
    )


def test_a_flipped_marker_is_refused_unless_somebody_announced_it() -> None:
    flipped = cl(surface=SURFACE.replace("has_part_of_surface PR:000001020", "lacks PR:000001020"))
    findings = gate(flipped)
    cell = "CL:0000084 name of CL:0000084"
    assert findings.refusals == (f"{cell} carries CD3e until now, and lacks it in this release, unannounced.",)
    announced = gate(flipped, announced=(OBO + "CL_0000084",))
    assert announced == Findings((), (f"Announced: {cell} carries CD3e until now, and lacks it from now on.",))


def test_a_used_term_that_vanished_is_refused_and_an_obsolete_one_waits_for_a_person() -> None:
    more = "[Term]\nid: DOID:7\nname: old disease\nis_a: DOID:4\n"
    gone = "[Term]\nid: DOID:7\nname: obsolete old disease\nis_obsolete: true\nreplaced_by: DOID:1100\n"
    vanished = gate(doid("2027-02-01"), doid(more=more), DOID_7=["product P1"])
    assert vanished.refusals == ("DOID:7 is not in it, and is used by product P1.",)
    waits = "DOID:7 was replaced by DOID:1100 ovarian disease. Used by product P1: a person decides what replaces it."
    assert gate(doid(more=gone), doid(more=more), DOID_7=["product P1"]) == Findings((), (waits,))
    assert gate(doid(more=gone), doid(more=more)) == Findings((), ())


def test_a_number_that_means_something_else_now_is_said_to_whom_it_concerns() -> None:
    old = doid(more="[Term]\nid: DOID:7\nname: x\nis_a: DOID:4\n[Term]\nid: DOID:8\nname: y\nis_a: DOID:4\n")
    new = doid(more="[Term]\nid: DOID:7\nname: z\nis_a: DOID:4\n[Term]\nid: DOID:8\nname: x\nis_a: DOID:4\n")
    findings = gate(new, old, DOID_7=["product P1"])
    assert findings.notices == ("DOID:7 z is a number that means something else than it did; used by product P1.",)
    held = (
        "DOID:7 was 'x' and is 'z' in this release, and no name of the one is a name of the other: is it still what "
        "product P1 means?"
    )
    assert findings.refusals == (held,)
    carried = gate(new, old, carried=(OBO + "DOID_7",), DOID_7=["product P1"])
    assert (carried.refusals, carried.notices[-1]) == ((), f"Carried over by a signed word: {held}")


def test_an_empty_release_or_a_part_of_the_current_one_is_no_release() -> None:
    empty = b"format-version: 1.2\ndata-version: doid/2027-02-01\nontology: doid\n"
    assert gate(empty).refusals[0] == "The release holds no current term of its own: it is no full release."
    part = gate(doid(), doid(more="[Term]\nid: DOID:7\nname: x\nis_a: DOID:4\n"))
    assert part.refusals == (
        "The file is a part of the current release of 2027-01-01: it lacks 1 of its terms, such as DOID:7.",
    )
