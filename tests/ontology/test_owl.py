"""A release is looked at before it is sliced: what must never change has not changed."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from registry import vocabulary
from registry.errors import Unreadable
from registry.ontology_releases.reasoning import reasoner

TERMS = vocabulary.load()
RELEASES = "data/ontologies"


def test_our_slice_passes_the_sentinels() -> None:
    assert reasoner.sentinels(reasoner.shipped()) == []


def test_the_slices_hierarchy_agrees_with_what_the_axioms_tell() -> None:
    world = reasoner.shipped()
    for iri in TERMS.descendants("CL:0000134"):
        told = {ancestor for ancestor in reasoner.ancestors(world[iri]) if ancestor in TERMS.descendants("CL:0000000")}
        assert [ancestor for ancestor in sorted(told) if not TERMS.is_a(iri, ancestor)] == []
        assert reasoner.MSC in told


@pytest.mark.parametrize("release", ["cl-2026-08-19-logical.nt.gz", "cl-2020-01-06-logical.nt.gz"])
def test_a_sound_release_passes_the_sentinels(shared: Path, release: str) -> None:
    assert reasoner.sentinels(reasoner.read(gzip.decompress((shared / RELEASES / release).read_bytes()))) == []


def test_the_release_that_made_every_human_cell_a_mesenchymal_one_does_not_pass(shared: Path) -> None:
    poisoned = reasoner.read(gzip.decompress((shared / RELEASES / "cl-2020-10-02-logical.nt.gz").read_bytes()))
    findings = reasoner.sentinels(poisoned)
    assert len(findings) == 1
    assert findings[0].startswith(
        "Said of everything of one kind of organism: obo.RO_0002162.some(obo.NCBITaxon_9606) is a "
    )


def test_a_release_without_the_cell_type_or_with_it_in_the_blood_does_not_pass() -> None:
    obo, sub = "http://purl.obolibrary.org/obo/", "http://www.w3.org/2000/01/rdf-schema#subClassOf"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Class>"
    lines = [f"<{obo}{child}> {kind} ." for child, _, _ in reasoner.SENTINELS if child != "CL_0002570"]
    lines += [f"<{obo}CL_0002540> <{sub}> <{obo}CL_0000134> .", f"<{obo}CL_0002568> <{sub}> <{obo}CL_0000134> ."]
    lines += [f"<{obo}CL_0000084> <{sub}> <{obo}CL_0000134> ."]
    findings = reasoner.sentinels(reasoner.read("\n".join(lines).encode()))
    assert findings == ["CL:0002570 is gone.", "CL:0000084 stands under CL:0000134."]


def test_what_is_no_ontology_is_refused() -> None:
    with pytest.raises(Unreadable):
        reasoner.read(b"lot,characteristic,value,unit\n")


@pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")
def test_hermit_infers_no_more_of_a_human_cell_than_that_it_is_a_cell() -> None:
    inferred = reasoner.reason(reasoner.shipped())
    assert inferred == {"http://purl.obolibrary.org/obo/CL_0000000", "http://www.w3.org/2002/07/owl#Thing"}
