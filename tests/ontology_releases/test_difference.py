"""What changed between two releases, and what became of an obsolete term."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.ontology_releases.difference import difference
from registry.ontology_releases.names import curie_of, iri_of
from registry.ontology_releases.parser import read
from registry.ontology_releases.slices import slices
from registry.ontology_releases.successor import resolve
from tests.ontology_releases.conftest import Opened
from tests.ontology_releases.synthetic import doid


def test_the_disease_ontology_from_2023_to_2026_changed_as_was_found_by_hand(
    opened: Callable[[str], Opened], releases: Path
) -> None:
    found = difference(opened("doid-2023-02-03.obo.gz")[2], opened("doid-2026-07-31.obo.gz")[2])
    with (releases / "do_upgrade_2023-02-03_to_2026-07-31.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))

    def expected(change: str) -> set[tuple[str, str, str]]:
        return {(row["id"], row["old"] or "", row["new"] or "") for row in rows if row["change"] == change}

    def curies(iris: tuple[str, ...]) -> str:
        return " ".join(map(curie_of, iris))

    new, old = found.new.classes, found.old.classes
    assert {(curie_of(iri), "", new[iri].label) for iri in found.added} == expected("added")
    assert {(curie_of(one.iri), old[one.iri].label, "") for one in found.obsolete} == expected("removed")
    assert {(curie_of(one.iri), one.before[0], one.after[0]) for one in found.relabelled} == expected("relabelled")
    assert {(curie_of(one.iri), curies(one.before), curies(one.after)) for one in found.moved} == expected("reparented")
    assert (len(found.added), len(found.obsolete), len(found.relabelled), len(found.moved)) == (1086, 46, 248, 160)


def test_numbers_that_were_used_again_are_named(opened: Callable[[str], Opened]) -> None:
    found = difference(opened("doid-2023-02-03.obo.gz")[2], opened("doid-2026-07-31.obo.gz")[2])
    reissued = {"DOID:0080002", "DOID:0080003", "DOID:0080004", "DOID:0080035"}
    assert reissued <= set(map(curie_of, found.reused))


@pytest.mark.parametrize(("curie", "outcome", "to", "chain", "consider"), [
    ("CL:0002452", "replaced", "CL:0000134", [], []),
    ("CL:0000003", "replaced", "CL:0000000", [], []),
    ("CL:0000073", "dead end", None, ["CL:0000215"], []),
    ("CL:0000274", "elsewhere", "PO:0000079", ["CL:0000009"], []),
    ("CL:0000055", "consider", None, [], ["CL:0011026"]),
    ("CL:0000004", "consider", None, [], ["CL:0000000", "CL:0000003", "CL:0001034"]),
    ("CL:0000491", "nothing", None, [], []),
    ("CL:0000134", "current", "CL:0000134", [], []),
    ("CL:9999999", "unknown", None, [], []),
])  # fmt: skip
def test_what_became_of_a_cell_type(
    opened: Callable[[str], Opened], curie: str, outcome: str, to: str | None, chain: list[str], consider: list[str]
) -> None:
    found = resolve(opened("cl-2026-08-19-logical.nt.gz")[2].classes, iri_of(curie))
    assert (found.outcome, found.to and curie_of(found.to)) == (outcome, to)
    assert (list(map(curie_of, found.chain)), list(map(curie_of, found.consider))) == (chain, consider)


@pytest.mark.parametrize(("curie", "outcome", "to", "reissued"), [
    ("DOID:0080546", "replaced", "DOID:0080208", False),
    ("DOID:2751", "replaced", "DOID:0050594", False),
    ("DOID:625", "consider", None, False),
    ("DOID:12223", "nothing", None, False),
    ("DOID:0080002", "replaced", "DOID:0081373", True),
    ("DOID:0080003", "replaced", "DOID:0081374", True),
    ("DOID:0080004", "replaced", "DOID:0081375", True),
    ("DOID:0080025", "dead end", None, False),
    ("DOID:0080035", "replaced", "DOID:0081377", True),
])  # fmt: skip
def test_what_became_of_a_disease(
    opened: Callable[[str], Opened], curie: str, outcome: str, to: str | None, reissued: bool
) -> None:
    found = resolve(opened("doid-2026-07-31.obo.gz")[2].classes, iri_of(curie))
    assert (found.outcome, found.to and curie_of(found.to), found.reissued) == (outcome, to, reissued)


def test_terms_that_replace_each_other_in_a_ring_lead_nowhere() -> None:
    more = "".join(
        f"[Term]\nid: DOID:{a}\nname: obsolete {a}\nis_obsolete: true\nreplaced_by: DOID:{b}\n"
        for a, b in ((7, 8), (8, 7))
    )
    found = resolve(slices.cut(read("x", doid(more=more))).classes, iri_of("DOID:7"))
    assert (found.outcome, found.to) == ("ring", None)


@pytest.mark.parametrize(("curie", "sentence"), [
    ("CL:0002452", "CL:0002452 was replaced by CL:0000134."),
    ("CL:0000073", "CL:0000073 was replaced by CL:0000215, which is no current term itself."),
    ("CL:0000274", "CL:0000274 was replaced by PO:0000079, in another ontology (by way of CL:0000009)."),
    ("CL:0000055", "CL:0000055 is obsolete; its authors say to consider CL:0011026."),
    ("CL:0000491", "CL:0000491 is obsolete, and nothing replaces it."),
])  # fmt: skip
def test_what_a_person_is_told(opened: Callable[[str], Opened], curie: str, sentence: str) -> None:
    assert resolve(opened("cl-2026-08-19-logical.nt.gz")[2].classes, iri_of(curie)).sentence() == sentence
