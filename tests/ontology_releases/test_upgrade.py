"""The story of an upgrade: a registry on the Disease Ontology of 2023 goes to that of 2026; people decide the rest."""

from __future__ import annotations

import gzip
import json
import re
import threading
from pathlib import Path

import pytest

from registry import audit as auditing
from registry.accounts import LocalOperator
from registry.errors import GateRefused, NotAllowed, Refused, WrongUsage
from registry.ontology_releases.slices import slices
from registry.services import LotDraft, ProductDraft, Registry
from registry.services.ontologies.current import KIND
from tests.ontology_releases.synthetic import cl, doid
from tests.people import account_of

PASSWORD = "a few odd words here"
ACTOR = LocalOperator("tests")


def created(folder: Path) -> Registry:
    registry, first = Registry.create(folder)
    registry.accounts.change_password("admin", first, PASSWORD)
    for name, role in (("quality", "quality unit"), ("lab.one", "submitter")):
        once = registry.accounts.create(name, role, f"Dr {name}", by=account_of(registry, "admin"))
        registry.accounts.change_password(name, once, PASSWORD)
    return registry


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return created(tmp_path / "data")


def add_product(registry: Registry, name: str, *indications: str, cell_type: str = "CL:0000134") -> None:
    draft = ProductDraft(name, f"{name} cells", cell_type, "a line", "allogeneic", "NCBITaxon:9606", indications)
    registry.products.register(draft, account_of(registry, "lab.one"))


def entries(registry: Registry) -> list[str]:
    return [entry.kind for entry in registry.ledger.entries() if entry.kind in {KIND, "product", "replacement"}]


def test_the_upgrade_of_the_disease_ontology_on_a_registry_in_use(releases: Path, tmp_path: Path) -> None:
    """Load 2023, make lots for terms that will go, load 2026, see what waits, let a person replace, and audit."""
    registry = created(tmp_path / "data")
    old, new = (releases / f"doid-{date}.obo.gz" for date in ("2023-02-03", "2026-07-31"))
    first = registry.ontologies.load(old.name, old.read_bytes(), by=ACTOR)
    assert (first.outcome, first.status.terms) == ("loaded", 11207)
    add_product(registry, "LIVER", "DOID:0080546")
    add_product(registry, "OTHER", "DOID:625", "DOID:5426")
    registry.lots.register(LotDraft("L-1", product="LIVER", synthetic=True), account_of(registry, "lab.one"))
    second = registry.ontologies.load(new.name, new.read_bytes(), by=ACTOR)
    assert (second.outcome, second.status.terms, second.status.obsolete) == ("loaded", 12247, 53)
    assert second.changes == {
        "new": 1086, "obsolete": 46, "replaced": 12, "relabelled": 248, "moved": 160, "reused": 8
    }  # fmt: skip
    difference, used = registry.ontologies.difference("2023-02-03", "doid")
    assert used["http://purl.obolibrary.org/obo/DOID_0080546"].lots == ("L-1",)
    assert "http://purl.obolibrary.org/obo/DOID_0080546" in difference.touched()
    waiting = {one.old.id: one for one in registry.ontologies.replacements()}
    assert {name: (one.outcome, one.proposed and one.proposed.id) for name, one in waiting.items()} == {
        "DOID:0080546": ("replaced", "DOID:0080208"),
        "DOID:625": ("consider", None),
    }
    assert [choice.id for choice in waiting["DOID:625"].consider] == ["DOID:2583", "DOID:2914", "DOID:624"]
    assert [use.id for use in registry.products.get("LIVER").indications] == ["DOID:0080546"]
    signature = {"name": "quality", "password": PASSWORD}
    registry.ontologies.replace("DOID:0080546", "DOID:0080208", **signature)
    registry.ontologies.replace("DOID:625", "DOID:624", reason="The infants' form is meant.", **signature)
    assert registry.ontologies.replacements() == []
    assert [use.id for use in registry.products.get("LIVER").indications] == ["DOID:0080208"]
    assert sorted(use.id for use in registry.products.get("OTHER").indications) == ["DOID:5426", "DOID:624"]
    assert [
        line.lot for line in registry.lot_index.find("metabolic dysfunction-associated steatotic liver disease")
    ] == ["L-1"]
    assert entries(registry) == [KIND, "product", "product", KIND, "replacement", "product", "replacement", "product"]
    assert auditing.audit(registry.ledger).findings == ()


def test_a_release_that_is_current_already_is_accepted_and_nothing_is_entered(registry: Registry) -> None:
    once = registry.ontologies.load("doid.obo", doid(), by=ACTOR)
    again = registry.ontologies.load("doid.obo.gz", gzip.compress(doid()), by=ACTOR)
    fuller = registry.ontologies.load("f", doid(more="[Term]\nid: DOID:9\nname: n\nis_a: DOID:4\n"), by=ACTOR)
    assert [one.outcome for one in (once, again, fuller)] == ["loaded", "already current", "loaded"]
    assert entries(registry) == [KIND, KIND]


def test_a_refused_release_changes_nothing(registry: Registry) -> None:
    before = (registry.size(), registry.ontologies.status())
    with pytest.raises(GateRefused) as refusal:
        registry.ontologies.load("cl.obo", cl(more="\n[Term]\nid: CL:0000084\nis_a: CL:0000134\n"), by=ACTOR)
    assert refusal.value.exit_code == 1
    assert (registry.size(), registry.ontologies.status()) == before


def test_the_kept_slice_is_the_release_cut_again(registry: Registry) -> None:
    registry.ontologies.load("cl.obo", cl(), by=ACTOR)
    (entry,) = registry.ledger.entries(kind=KIND)
    kept = gzip.decompress(registry.ledger.file(next(iter(entry.files)))[1])
    from registry.ontology_releases.parser import read

    assert kept == slices.cut(read("cl.obo", cl())).ntriples


def test_another_process_that_serves_takes_up_what_was_loaded(tmp_path: Path) -> None:
    """The terms, and the graph."""
    here = created(tmp_path / "data")
    there = Registry.open(tmp_path / "data")
    assert there.ontologies.search("new disease") == []
    here.ontologies.load("doid.obo", doid(more="[Term]\nid: DOID:9\nname: new disease\nis_a: DOID:1100\n"), by=ACTOR)
    seen = threading.Event()
    for _ in range(100):
        if there.ontologies.search("new disease"):
            seen.set()
            break
        threading.Event().wait(0.02)
    assert seen.is_set()
    asked = "ASK { <http://purl.obolibrary.org/obo/DOID_9> <http://www.w3.org/2000/01/rdf-schema#label> 'new disease' }"
    answer = there.queries.query(asked, "application/sparql-results+json", by=ACTOR)
    assert json.loads(answer.body)["boolean"] is True
    gone = "ASK { <http://purl.obolibrary.org/obo/DOID_8398> <http://www.w3.org/2000/01/rdf-schema#label> ?any }"
    assert json.loads(there.queries.query(gone, "application/sparql-results+json", by=ACTOR).body)["boolean"] is False
    here.close()
    there.close()


def test_a_replacement_is_a_quality_units_word_on_an_obsolete_term_in_use(registry: Registry) -> None:
    more = "[Term]\nid: DOID:7\nname: old\nis_a: DOID:4\n"
    registry.ontologies.load("doid.obo", doid(more=more), by=ACTOR)
    add_product(registry, "P", "DOID:7")
    gone = "[Term]\nid: DOID:7\nname: obsolete old\nis_obsolete: true\nreplaced_by: DOID:1100\n"
    registry.ontologies.load("doid.obo", doid("2027-02-01", more=gone), by=ACTOR)
    signature = {"name": "quality", "password": PASSWORD}
    for old, new, kind in (
        ("DOID:5426", "DOID:1100", Refused), ("DOID:7", "CL:0000134", WrongUsage),
    ):  # fmt: skip
        with pytest.raises(kind):
            registry.ontologies.replace(old, new, **signature)
    with pytest.raises(NotAllowed):
        registry.ontologies.replace("DOID:7", "DOID:1100", name="lab.one", password=PASSWORD)
    registry.ontologies.replace("DOID:7", "DOID:1100", **signature)
    with pytest.raises(Refused, match="Nothing here uses"):
        registry.ontologies.replace("DOID:7", "DOID:1100", **signature)
    (entry,) = registry.ledger.entries(kind="replacement")
    assert entry.details["signature"]
    assert registry.upkeep.audit().findings == ()


def test_what_is_current_is_checked(registry: Registry) -> None:
    assert [one.refusals for one in registry.ontologies.check()] == [(), ()]
    assert registry.ontologies.examine("cl.obo", cl(without=("CL:0000134",))).refusals[:2] == (
        "CL:0000134 is gone.", "The permitted cell type CL:0000134 is not in it.",
    )  # fmt: skip


def test_a_renamed_disease_is_held_until_the_quality_unit_signs_for_its_new_name(registry: Registry) -> None:
    """The signed word is for that name and no other; without it nothing has changed."""
    new = doid("2027-03-01").replace(b"name: primary ovarian insufficiency", b"name: ovarian insufficiency syndrome")
    with pytest.raises(GateRefused, match="DOID:5426 was 'primary ovarian insufficiency'"):
        registry.ontologies.load("doid.obo", new, by=ACTOR)
    signature = {"name": "quality", "password": PASSWORD}
    with pytest.raises(NotAllowed):
        registry.ontologies.carry("DOID:5426", "ovarian insufficiency syndrome", reason="Same.", name="lab.one",
                                  password=PASSWORD)  # fmt: skip
    for label, reason in (("", "Same."), ("primary ovarian insufficiency", "Same."), ("another", " ")):
        with pytest.raises(WrongUsage):
            registry.ontologies.carry("DOID:5426", label, reason=reason, **signature)
    registry.ontologies.carry("DOID:5426", "another name", reason="Same disease.", **signature)
    with pytest.raises(GateRefused):
        registry.ontologies.load("doid.obo", new, by=ACTOR)
    registry.ontologies.carry("DOID:5426", "ovarian insufficiency syndrome", reason="Same disease.", **signature)
    answer = registry.ontologies.load("doid.obo", new, by=ACTOR)
    assert answer.outcome == "loaded"
    assert any(notice.startswith("Carried over by a signed word: DOID:5426 was") for notice in answer.notices)
    assert registry.upkeep.audit().findings == ()


def test_what_was_classified_and_by_whom_is_said(registry: Registry) -> None:
    """Of the packaged axioms by ``check``, of a file by ``examine``."""
    (cells, diseases) = registry.ontologies.check(reason=True)
    assert (cells.refusals, diseases.refusals) == ((), ())
    assert re.match(r"(HermiT|The program's own closure) classified \d+ axioms", cells.reasoning[0])
    assert "CL:0002320" in cells.reasoning[1]
    examined = registry.ontologies.examine("doid.obo", doid())
    assert examined.reasoning[0].startswith("owlready2 looked at the hierarchy")
